"""The Gradescope bundle: unpacked as Gradescope does it, and its own scripts run."""

from __future__ import annotations

import base64
import json
import re
import stat
import subprocess
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import jsonschema
import pytest

from autograder import parts
from autograder.errors import SourceError
from autograder.mistake import apply, load_mistakes
from autograder.parts import PARTS
from autograder.platforms import hosted
from autograder.reports import gradescope
from autograder.staff import bundle
from tests.hosts import SCHEMA, Host

LATE = "\nimport filecmp, wave\nimport PIL.ImageFile\n"  # what nobody has imported before
METADATA = {
    "id": 7,
    "created_at": "2026-03-02T01:30:00.365935-08:00",
    "assignment": {"due_date": "2026-03-01T23:00:00.000000-08:00", "late_due_date": None},
    "users": [{"email": "a@example.edu", "id": 1, "name": "Ada"}],
    "previous_submissions": [],
}


@pytest.fixture(scope="module")
def zipped(part, tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "autograder.zip"
    bundle.gradescope([part], path, "after_published")
    return path


@pytest.fixture(scope="module")
def told(part, solution_text, zipped, tmp_path_factory):
    """Grade four kinds of submissions, two at once; return what was written for each."""
    mistake = next(m for m in load_mistakes(part) if m.function == "generator_loss")
    hosts = {}
    for name, data in {
        "right": solution_text.encode() + LATE.encode(),
        "wrong": apply(mistake, solution_text).encode(),
        "stub": part.stub.read_bytes(),
        "unreadable": b"\x00\x01\x02",
    }.items():
        root = tmp_path_factory.mktemp(name)
        hosts[name] = Host.build(root, zipped, {"gan_pytorch.py": data})
    path = hosts["right"].root / "submission_metadata.json"
    path.write_text(json.dumps(METADATA))
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(hosts, pool.map(Host.run, hosts.values())))


def test_the_scripts_lie_at_the_top_and_no_solution_anywhere(part, zipped):
    with zipfile.ZipFile(zipped) as archive:
        names = archive.namelist()
        assert {"setup.sh", "run_autograder", "requirements.txt"} <= set(names)
        for name in ("setup.sh", "run_autograder"):
            assert archive.getinfo(name).external_attr >> 16 & stat.S_IXUSR
        assert not [name for name in names if "solutions/" in name]
        solution = part.solution.read_bytes()
        assert all(archive.read(name) != solution for name in names)
    assert zipped.stat().st_size < 100 << 20


def test_the_bundle_is_the_same_to_the_byte_each_time(part, zipped, tmp_path):
    bundle.gradescope([part], tmp_path / "again.zip", "after_published")
    assert (tmp_path / "again.zip").read_bytes() == zipped.read_bytes()


def test_a_right_submission_earns_all_points(told):
    right = told["right"]
    assert right["score"] == 100 == sum(test["max_score"] for test in right["tests"])
    assert {test["status"] for test in right["tests"]} == {"passed"}
    assert right["execution_time"] > 0
    assert "stops with an error" not in right["output"]
    assert "leaderboard" not in right


def test_tests_are_numbered_and_hidden_checks_wait_until_published(told):
    tests = told["right"]["tests"]
    assert [test["number"] for test in tests] == [f"1.{n}" for n in range(1, len(tests) + 1)]
    seen = {test["extra_data"]["check"]: test["visibility"] for test in tests}
    assert seen["noise_range"] == "visible" and seen["discriminator_gradients"] == "after_published"
    assert tests[0]["tags"] == ["sample_noise"]


def test_lateness_is_told_and_costs_nothing(told):
    assert "Handed in 2 hours and 30 minutes after the due date" in told["right"]["output"]
    assert "due date" not in told["stub"]["output"]


def test_a_wrong_submission_loses_its_checks_and_is_told_why(part, told):
    wrong = told["wrong"]
    lost = [test for test in wrong["tests"] if test["status"] == "failed"]
    assert lost and {test["tags"][0] for test in lost} == {"generator_loss"}
    assert all(test["output"].startswith("<p>") for test in lost)
    assert wrong["score"] == 100 - sum(test["max_score"] for test in lost)


def test_a_stub_earns_nothing_and_is_told_what_is_to_do(told):
    assert told["stub"]["score"] == 0
    assert all("still to do" in test["output"] for test in told["stub"]["tests"])


def test_what_cannot_be_read_is_told_in_every_test_without_paths_of_the_machine(told):
    unreadable = told["unreadable"]
    assert unreadable["score"] == 0 and len(unreadable["tests"]) == len(told["right"]["tests"])
    assert "gan_pytorch.py" in unreadable["output"] and "/submission" not in unreadable["output"]


def test_the_answers_are_roots_alone_once_it_ran(zipped, tmp_path):
    host = Host.build(tmp_path / "host", zipped, {"notes.txt": b"nothing"})
    assert host.run()["score"] == 0
    for name in ("source", "submission", "results"):
        assert stat.S_IMODE((host.root / name).stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(host.results.stat().st_mode) & 0o077 == 0


def break_config(host):
    (host.root / "source" / "autograder" / "data" / "bundle.json").write_text("{")


def change_an_answer(host):
    path = host.root / "source" / "autograder" / "data" / "checks" / "gan_pytorch.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def break_the_package(host):
    (host.root / "source" / "autograder" / "platforms" / "hosted.py").write_text(
        "import nothing_of_this_name\n"
    )


def lose_python(host):
    (host.root / "home" / "venv").unlink()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (break_config, "JSONDecodeError"),
        (change_an_answer, "gan_pytorch.npz: is not as it was recorded"),
        (break_the_package, "ended before it could tell why"),
        (lose_python, "ended before it could tell why"),
    ],
)
def test_a_failure_of_the_grader_still_gives_a_valid_file(zipped, tmp_path, damage, words):
    host = Host.build(tmp_path / "host", zipped, {"notes.txt": b"nothing"})
    host.results.parent.mkdir()
    host.results.write_text('{"score": 99}')  # of an earlier run
    damage(host)
    told = host.run()
    assert told["score"] == 0 and told["tests"] == []
    assert "The autograder itself failed" in told["output"] and words in told["output"]
    assert "Tell the staff" in told["output"]


def test_without_a_single_wall_nothing_is_graded(part, warm, monkeypatch, tmp_path):
    from autograder.errors import SandboxError
    from autograder.outputs import Outputs
    from autograder.running import runner

    (tmp_path / "gan_pytorch.py").write_bytes(part.stub.read_bytes())
    monkeypatch.setattr(runner, "run", lambda *a: Outputs(part.name, layers=("resource limits",)))
    with pytest.raises(SandboxError, match="keeps answers from student code"):
        hosted.grade(tmp_path, [part])


def test_every_part_can_be_in_one_bundle(tmp_path):
    bundle.gradescope(PARTS, tmp_path / "all.zip", "hidden", cpu=False)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        about = json.loads(archive.read("autograder/data/bundle.json"))
        setup = archive.read("setup.sh").decode()
    assert about == {"parts": [part.name for part in PARTS], "hidden": "hidden"}
    assert "--index-url" not in setup


# --- with training ----------------------------------------------------------------------------

LEARNING = parts.get("gan_learning")
GRADESCOPE = 600.0  # seconds, unless staff allow more
AROUND = 90.0  # seconds for starting, judging, and ending what hangs, on a slow machine
ENDLESS = (
    "\ndef sample_noise(*anything):\n    import time\n    while True:\n        time.sleep(1)\n"
)


@pytest.fixture
def with_training(autograder, tmp_path):
    """Return the bundle that the command line writes."""
    told = autograder("bundle", "gradescope", "--part", "gan_pytorch", "--train")
    assert told.exit_code == 0, told.output
    return tmp_path / "autograder.zip"


@pytest.mark.exhaustive(reason="5 s; the quick run has the bundle without training")
def test_a_bundle_with_training_grades_both_parts_from_one_file(
    with_training, solution_text, tmp_path
):
    """Three iterations in place of 600: what is drawn then is no digit yet, and has a distance."""
    host = Host.build(tmp_path / "host", with_training, {"gan_pytorch.py": solution_text.encode()})
    probes = host.root / "source" / "autograder" / "probes" / "gan_learning.py"
    text = probes.read_text()
    assert "ITERATIONS = 600" in text
    probes.write_text(text.replace("ITERATIONS = 600", "ITERATIONS = 3"))
    told = host.run()
    assert sum(test["max_score"] for test in told["tests"]) == 120
    assert 100 <= told["score"] < 120
    pictures = re.findall(
        r'<img alt="[^"<>]+" src="data:image/png;base64,([^"]+)">', told["output"]
    )
    assert len(pictures) == 2
    assert all(base64.b64decode(text).startswith(b"\x89PNG") for text in pictures)
    trained = [test for test in told["tests"] if "gan_learning" in test["tags"]]
    assert [test["number"] for test in trained] == ["2.1", "2.2", "2.3", "2.4"]
    assert all(test["extra_data"]["status"] in ("passed", "failed") for test in trained)
    places = told["leaderboard"]
    assert [one["name"] for one in places] == ["Vanilla GAN: distance", "LSGAN: distance"]
    assert all(0 < one["value"] < gradescope.LAST and one["order"] == "asc" for one in places)


def test_what_training_needs_is_installed_there(with_training):
    with zipfile.ZipFile(with_training) as archive:
        lines = archive.read("requirements.txt").decode().splitlines()
        about = json.loads(archive.read("autograder/data/bundle.json"))
    assert any(line.startswith("scikit-learn==") for line in lines)
    assert about["parts"] == ["gan_pytorch", "gan_learning"]


def test_no_bundle_without_the_data_that_training_needs(monkeypatch, tmp_path):
    monkeypatch.setattr(bundle.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SourceError, match="gan_learning: needs scikit-learn"):
        bundle.gradescope([LEARNING], tmp_path / "autograder.zip", "visible")


def test_training_what_cannot_be_trained_is_wrong_usage(autograder):
    told = autograder("bundle", "gradescope", "--part", "dcgan", "--train")
    assert told.exit_code == 2 and "dcgan cannot be trained" in told.output


@pytest.mark.parametrize("trained", [False, True])
@pytest.mark.parametrize("chosen", [PARTS[:1], PARTS], ids=len)
def test_whatever_hangs_ends_before_gradescope_ends_the_grader(chosen, trained):
    limits = hosted.limits_of([*chosen, LEARNING] if trained else chosen)
    forgiven = sum(one.total_seconds for one in limits.values())  # at most, for waiting
    assert sum(one.total_seconds for one in limits.values()) + forgiven + AROUND <= GRADESCOPE
    for name, one in limits.items():
        assert max(one.load_seconds, one.probe_seconds) <= one.total_seconds / 2
        assert one.probe_seconds >= (45 if name == LEARNING.name else 10)  # 20 and 1 are needed


@pytest.mark.exhaustive(reason="7 s: a time limit")
def test_a_file_that_never_ends_comes_last_and_in_time(part, solution_text, tmp_path, monkeypatch):
    monkeypatch.setattr(hosted, "SECONDS", 6.0)
    (tmp_path / "gan_pytorch.py").write_text(solution_text + ENDLESS)
    started = time.monotonic()
    results = [one.result for one in hosted.grade(tmp_path, [part, LEARNING])]
    assert time.monotonic() - started < 2 * hosted.SECONDS + AROUND
    told = json.loads(gradescope.render(results))
    jsonschema.validate(told, SCHEMA)
    assert all(check.status == "error" for check in results[1].checks)
    assert [one["value"] for one in told["leaderboard"]] == [gradescope.LAST] * 2


# --- setup.sh ---------------------------------------------------------------------------------

RECORDER = """#!/bin/sh
echo "$(basename "$0") $*" >> "$LOG"
{extra}
"""
MAKES_A_VENV = """for home; do true; done  # the last argument
mkdir -p "$home/bin"
cp "$COMMANDS/apt-get" "$home/bin/pip"
cp "$COMMANDS/apt-get" "$home/bin/python"
cp "$COMMANDS/python3" "$home/bin/uv\""""


def run_setup(tmp_path, zipped, has_python):
    host = Host.build(tmp_path / "host", zipped, {})
    (host.root / "home" / "venv").unlink()
    commands = tmp_path / "commands"
    commands.mkdir()
    version = f"python{bundle.platform.python_version().rpartition('.')[0]}"
    for name, extra in {
        "apt-get": "",
        "chown": "",
        "python3": MAKES_A_VENV,
        version: MAKES_A_VENV if has_python else "exit 1",
    }.items():
        (commands / name).write_text(RECORDER.format(extra=extra))
        (commands / name).chmod(0o755)
    done = subprocess.run(
        ["bash", str(host.root / "source" / "setup.sh")],
        env={
            "PATH": f"{commands}:/usr/bin:/bin",
            "LOG": str(tmp_path / "log"),
            "COMMANDS": str(commands),
            "AUTOGRADER_ROOT": str(host.root),
            "AUTOGRADER_HOME": str(host.root / "home"),
        },
        capture_output=True,
        text=True,
    )
    return host, done, (tmp_path / "log").read_text().splitlines()


def test_setup_installs_pinned_versions_and_shuts_the_source(zipped, tmp_path):
    host, done, log = run_setup(tmp_path, zipped, has_python=True)
    assert done.returncode == 0, done.stderr
    pip = [line for line in log if line.startswith("pip ")]
    assert pip == [
        f"pip install --no-cache-dir -r {host.root}/source/requirements.txt",
        f"pip install --no-cache-dir {' '.join(bundle.torch_pins())} --index-url {bundle.CPU_INDEX}",
    ]
    assert any("apt-get install -y" in line and "libseccomp2" in line for line in log)
    assert f"chown -R root:root {host.root}/source {host.root}/home" in log
    assert log[-1].startswith("python ")  # imports what it will need
    for path in (host.root / "source").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert stat.S_IMODE((host.root / "home").stat().st_mode) & 0o055 == 0o055


def test_setup_brings_python_along_where_the_system_has_another(zipped, tmp_path):
    _, done, log = run_setup(tmp_path, zipped, has_python=False)
    assert done.returncode == 0, done.stderr
    assert any(line.startswith(f"pip install --no-cache-dir uv=={bundle.UV}") for line in log)
    assert any(line.startswith("uv venv --seed --python 3.") for line in log)


def test_every_requirement_is_pinned_and_none_is_a_build_of_cuda(part):
    lines = bundle.pins(bundle._names([part]))
    assert all(line.count("==") == 1 for line in lines)
    names = {line.partition("==")[0] for line in lines}
    assert {"numpy", "pytest", "pluggy", "matplotlib"} <= names
    assert not [n for n in names if n.startswith(("nvidia", "torch", "triton", "cuda"))]
