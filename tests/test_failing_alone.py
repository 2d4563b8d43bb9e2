"""What the grader itself fails on is one student's; the class gets its gradebook and pages."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from autograder import parts
from autograder.batch import publish, rescore
from autograder.batch.store import Store
from autograder.errors import AnswersError
from autograder.judging import scoring
from autograder.judging.scoring import Judge
from autograder.outputs import Outputs
from autograder.results import Result

PART = parts.get("gan_pytorch")
pytestmark = pytest.mark.usefixtures("warm")
EMPTY_NOISE = "\ndef sample_noise(batch_size, dim, seed=None):\n    return torch.Tensor()\n"
# Says what it likes on the channel that it finds open, and ends the worker.
FORGED = """
import json, os, stat, struct
def _send(header, body=b""):
    text = json.dumps(header).encode()
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.write(number, struct.pack("<IQ", len(text), len(body)) + text + body)
        except OSError:
            pass
_send({{"event": "loaded", "notes": []}})
for _probe, _arrays, _body in {replies!r}:
    _send({{"event": "start", "probe": _probe}})
    _send({{"event": "done", "probe": _probe, "status": "ok", "arrays": _arrays}}, _body)
_send({{"event": "end"}})
os._exit(0)
"""
REPLIES = [
    (
        "sample_noise",
        [["sample", "|b1", [500, 40]], ["small", "|b1", [3, 5]], ["repeats", "|b1", []]],
        bytes([0, 1] * 10_000) + bytes(16),
    ),
    (
        "discriminator",
        [["weight_shapes", "<f4", [1, 4]], ["parameters", "<i8", []]],
        np.full(4, np.inf, np.float32).tobytes() + bytes(8),
    ),
]


@pytest.fixture
def handed_in(tmp_path: Path, solution_text: str) -> Path:
    stub = PART.stub.read_text()
    texts = {
        "alice": solution_text,
        "mallory": solution_text + FORGED.format(replies=REPLIES),
        "oscar": stub + EMPTY_NOISE,
        "zoe": solution_text,
    }
    for name, text in texts.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "gan_pytorch.py").write_text(text)
    return tmp_path / "class"


def scores(folder: Path) -> dict[str, str]:
    with (folder / "gradebook.csv").open(newline="", encoding="utf-8") as file:
        return {row["folder"]: row["score"] for row in csv.DictReader(file)}


def grade_class(autograder, handed_in: Path, output: Path):
    return autograder("grade-class", handed_in, "--output", output, "--workers", 2, "--no-search")


def fails_on(student, monkeypatch, what: str) -> None:
    """Let naming a mistake raise for one student, whose `bce_loss` is lost."""
    really = scoring.diagnose

    def diagnose(found, *more):
        if student(found):
            raise ZeroDivisionError(what)
        return really(found, *more)

    monkeypatch.setattr(scoring, "diagnose", diagnose)


def test_a_placeholder_and_forged_frames_stop_no_class(autograder, handed_in, tmp_path):
    output = tmp_path / "out"
    done = grade_class(autograder, handed_in, output)
    assert done.exit_code == 0, done.output
    told = scores(output)
    assert (told["alice"], told["zoe"]) == ("100", "100")
    assert float(told["oscar"]) == 0
    assert float(told["mallory"]) < 10
    pages = {name: (output / "results" / name / "feedback.html").read_text() for name in told}
    assert "too few random numbers" in pages["oscar"] or "shape" in pages["oscar"]
    assert "discriminator: the shapes of its weights" in pages["mallory"]
    assert "oscar" in (output / "index.html").read_text()


def test_one_submission_with_an_empty_tensor_is_graded(autograder, handed_in, tmp_path):
    done = autograder("grade", handed_in / "oscar", "--output", tmp_path / "one")
    assert done.exit_code == 0, done.output


def test_what_raises_for_one_student_costs_no_other_one(
    autograder, handed_in, tmp_path, monkeypatch
):
    def oscar(found: Outputs) -> bool:
        return found.of("sample_noise").get("sample", np.ones(1)).size == 0

    fails_on(oscar, monkeypatch, "nobody thought of it")
    output = tmp_path / "out"
    done = grade_class(autograder, handed_in, output)
    assert done.exit_code == 1
    line = next(line for line in done.output.splitlines() if line.startswith("oscar: not graded"))
    assert "noise_" in line and "ZeroDivisionError: nobody thought of it" in line
    assert [n for n, score in scores(output).items() if not score] == ["oscar"]
    assert scores(output)["zoe"] == "100"
    page = (output / "index.html").read_text()
    assert "Without a result" in page and "alice" in page

    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    done = grade_class(autograder, handed_in, output)
    assert done.exit_code == 0, done.output
    assert scores(output)["oscar"] == "0"


def test_one_submission_that_our_code_raises_on_ends_with_one_line(
    autograder, handed_in, tmp_path, monkeypatch
):
    fails_on(lambda found: True, monkeypatch, "nobody thought of it")
    done = autograder("grade", handed_in / "oscar", "--output", tmp_path / "one")
    assert done.exit_code == 1
    [line] = [line for line in done.output.splitlines() if "ZeroDivisionError" in line]
    assert "noise_" in line


# --- stored results that are damaged -----------------------------------------------------------

DAMAGED = {
    "not JSON": b"half of",
    "not UTF-8": b"\xff\xfe{}",
    "another version, a key more": None,
    "another version, a key less": None,
    "a number as text": None,
    "NaN": None,
    "a list": b"[]",
    "nested deeply": b"[" * 100_000,
    "empty": b"",
}


def damaged(kind: str, text: str) -> bytes:
    """Return a result.json with a damage."""
    data = DAMAGED[kind]
    if data is not None:
        return data
    about = json.loads(text)
    if kind == "another version, a key more":
        about["mood"] = "good"
    elif kind == "another version, a key less":
        del about["checks"][0]["status"]
    elif kind == "a number as text":
        about["checks"][0]["score"] = "3"
    else:
        about["score"] = float("nan")
    return json.dumps(about).encode()


@pytest.fixture
def graded(autograder, handed_in, tmp_path) -> Path:
    output = tmp_path / "out"
    assert grade_class(autograder, handed_in, output).exit_code == 0
    return output


@pytest.mark.exhaustive(reason="8 s; the quick run rescores damaged results")
def test_a_damaged_result_is_one_line_and_graded_anew(autograder, handed_in, graded):
    path = graded / "results" / "oscar" / "result.json"
    whole, book = path.read_bytes(), (graded / "gradebook.csv").read_bytes()
    for kind in DAMAGED:
        path.write_bytes(damaged(kind, whole.decode()))
        with pytest.raises(AnswersError):
            Result.from_json(path.read_bytes())
        done = autograder("rescore", graded)
        assert done.exit_code == 1, kind
        lines = [line for line in done.output.splitlines() if line.startswith("oscar: ")]
        assert len(lines) == 1 and "result.json" in lines[0], (kind, done.output)
        told = scores(graded)
        assert (told["oscar"], told["zoe"]) == ("", "100")
        publish.publish(Store(graded))
        done = grade_class(autograder, handed_in, graded)
        assert done.exit_code == 0, done.output
        assert (graded / "gradebook.csv").read_bytes() == book
        assert path.read_bytes() == whole


def test_damaged_outputs_are_one_line_and_the_others_are_judged(autograder, graded, monkeypatch):
    (graded / "results" / "oscar" / "outputs.npz").write_bytes(b"PK half")

    def generous(self, found, really=Judge.score):
        checks = really(self, found)
        return tuple(dataclasses.replace(c, score=c.max_score, status="passed") for c in checks)

    monkeypatch.setattr(Judge, "score", generous)
    done = autograder("rescore", graded)
    assert done.exit_code == 1
    lines = [line for line in done.output.splitlines() if line.startswith("oscar: ")]
    assert len(lines) == 1 and "outputs.npz" in lines[0]
    assert scores(graded)["mallory"] == "100"
    assert scores(graded)["oscar"] == "0"


def test_rescoring_from_python_raises_unless_failures_are_asked_for(graded):
    (graded / "results" / "oscar" / "result.json").write_bytes(b"{}")
    with pytest.raises(AnswersError, match="oscar"):
        rescore.rescore(graded)
    failures = {}
    changes = rescore.rescore(
        graded, failed=lambda folder, why: failures.update({folder.name: why})
    )
    assert [*failures] == ["oscar"]
    assert {change.folder.name for change in changes} == {"alice", "mallory", "zoe"}
