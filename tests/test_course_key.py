"""A course's own key: probes ask with other numbers, and a table of public answers earns nothing."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import numpy as np
import pytest

from autograder import grading, parts
from autograder.batch import digests
from autograder.batch.rescore import rescore
from autograder.errors import AnswersError, SourceError
from autograder.files import write_bytes
from autograder.handins.submission import Submission
from autograder.judging import signatures
from autograder.judging.scoring import Judge
from autograder.outputs import Outputs, ProbeStatus, read_npz, save
from autograder.parts import PARTS
from autograder.probing.formula import COURSE_KEY, formula
from autograder.running import runner
from autograder.running.warm import Settings
from autograder.staff import contents, course_key, doctor, record, release
from tests import oracles
from tests.oracles import dcgan, dog_breeds, gan_pytorch, gaussian_gan, wgan_gp
from tests.selection import sample

KEY = "0123456789abcdef0123456789abcdef"
PART = parts.get("gan_pytorch")
# What is the same with any key: random draws, and a learning rate in units of the first one.
ANY_KEY = ("sample_", "biases_", "schedule", "noise_shapes")
CONSTANT = {"critic_loss/gradients"}  # of a loss that is a mean of scores
ORACLES = {
    "gan_pytorch": gan_pytorch,
    "gaussian_gan": gaussian_gan,
    "dcgan": dcgan,
    "dog_breeds": dog_breeds,
    "wgan_gp": wgan_gp,
}
# The points that the public answers earn in a course with a key: what is drawn by chance and judged by
# its distribution alone, and what is told by forms and counts of functions without other numbers.
TABLE_EARNS = {"gan_pytorch": 10, "gaussian_gan": 0, "dcgan": 13, "dog_breeds": 19, "wgan_gp": 0}


def with_key(part, root, key=KEY):
    """Return a copy of a part in another folder, with a key and without answers of its own yet."""
    for folder in ("solutions", "assignment", "checks"):
        if not (root / folder).exists():
            ignored = shutil.ignore_patterns("course*")
            shutil.copytree(part.root / folder, root / folder, ignore=ignored)
    copy = replace(part, root=root)
    write_bytes(copy.key_file, f"{key}\n".encode())
    return copy


def recorded(part, root, workers, key=KEY):
    """Return such a copy with its answers, and with the fingerprints of the public numbers."""
    copy = with_key(part, root, key)
    record.write_answers(copy, workers)
    shutil.copy(copy.released.fingerprints, copy.fingerprints)
    signatures.sign(copy)
    return copy


def of(part, path):
    return Submission("it", path.name, {path.name: path.read_bytes()})


@pytest.fixture
def keyed(grader, tmp_path):
    return recorded(PART, tmp_path, grader.workers)


# --- numbers ----------------------------------------------------------------------------------


def test_every_key_gives_numbers_of_its_own():
    def numbers(course):
        token = COURSE_KEY.set(course)
        try:
            return formula(7, (1000,))
        finally:
            COURSE_KEY.reset(token)

    public, one, two = numbers(""), numbers("one"), numbers("two")
    assert np.array_equal(one, numbers("one"))
    for a, b in ((public, one), (one, two), (public, two)):
        assert abs(np.corrcoef(a, b)[0, 1]) < 0.2
        assert not (a == b).any()


@pytest.mark.parametrize("part", sample(PARTS, every=len(PARTS)), ids=lambda part: part.name)
def test_the_second_witness_agrees_with_the_answers_of_a_key(part, grader, tmp_path, one_thread):
    copy = with_key(part, tmp_path)
    stored = record.write_answers(copy, grader.workers).arrays
    public, _ = read_npz(part.released.answers)
    derived = oracles.derive(ORACLES[part.name], KEY)
    assert set(derived) <= set(stored)
    for name, wanted in derived.items():
        # The bounds of the tests of the public answers are tighter; a wrong key differs by far more.
        rows = name.endswith("gradients") and wanted.ndim == 2
        assert oracles.agrees(stored[name], wanted, 1e-2, 1e-1, rows), name
    told = {n for n, a in derived.items() if a.dtype.kind == "f" and a.size > 8 and a.any()}
    same = {name for name in told if np.array_equal(stored[name], public[name])}
    assert len(told) > 3 * len(same)
    odd = {name for name in same if not name.rpartition("/")[2].startswith(ANY_KEY)}
    assert odd <= CONSTANT


@pytest.mark.parametrize("part", sample(PARTS, every=len(PARTS)), ids=lambda part: part.name)
def test_a_table_of_the_public_answers_earns_nothing_that_can_be_computed(part, grader, tmp_path):
    copy = recorded(part, tmp_path, grader.workers)
    answers, _ = read_npz(part.released.answers)
    statuses = {name: ProbeStatus("ok") for name in part.probe_names()}
    with Judge.for_staff(copy) as judge:
        checks = judge.score(Outputs(part.name, answers, statuses, key=copy.key_id))
    with Judge.for_staff(part.released) as judge:
        assert (
            sum(check.score for check in judge.score(Outputs(part.name, answers, statuses))) == 100
        )
    assert sum(check.score for check in checks) <= TABLE_EARNS[part.name]


def test_a_right_submission_keeps_its_points_and_a_wrong_one_loses_its_own(keyed, grader):
    wrong = PART.solution.read_text().replace("0.5 * ", "1.0 * ", 1)
    assert wrong != PART.solution.read_text()
    with Judge.for_staff(keyed) as judge:
        right = judge.score(runner.run(grader.workers, of(keyed, keyed.solution), keyed))
        assert sum(check.score for check in right) == 100
        changed = Submission("it", keyed.solution.name, {keyed.solution.name: wrong.encode()})
        lost = judge.score(runner.run(grader.workers, changed, keyed))
        assert 80 < sum(check.score for check in lost) < 100


# --- drawing ----------------------------------------------------------------------------------


def test_keys_are_drawn_until_one_fits_and_only_that_one_is_used(tmp_path, monkeypatch):
    copy = replace(PART, root=tmp_path)
    tried = []

    def fits_the_third_time(part, workers, mistakes, progress):
        tried.append(part.key)
        assert not copy.key, "while keys are tried, the old answers count"
        if len(tried) < 3:
            raise course_key.UnfitError("no", first if len(tried) == 2 else again)
        ids = [mistake.id for mistake in mistakes]
        assert ids[:2] == [first.id, again.id], "what keys failed at is tried first"
        for path in (part.answers, part.fingerprints):
            write_bytes(path, part.key.encode())

    first = course_key.load_mistakes(PART)[5]
    again = course_key.load_mistakes(PART)[7]
    monkeypatch.setattr(course_key, "_record", fits_the_third_time)
    assert course_key.draw(copy, None) == 3
    assert len(set(tried)) == 3 and copy.key == tried[-1]
    assert copy.answers.read_text() == copy.key
    signatures.check(copy)
    assert [path.name for path in (tmp_path / "checks").iterdir()] == ["course"]


def test_a_part_for_which_no_key_fits_keeps_what_it_has(tmp_path, monkeypatch):
    def never(*anything):
        raise course_key.UnfitError("rounding costs the solution a check")

    monkeypatch.setattr(course_key, "_record", never)
    copy = with_key(PART, tmp_path)
    with pytest.raises(SourceError, match="none of 100 keys fits; the last: rounding costs"):
        course_key.draw(copy, None)
    assert copy.key == KEY
    assert [path.name for path in copy.key_file.parent.parent.glob("course*")] == ["course"]


@pytest.mark.exhaustive(reason="30 s: a dozen keys, and the mistakes with the last one")
def test_with_a_drawn_key_every_mistake_loses_what_it_should(
    grader, tmp_path, autograder, monkeypatch, warm
):
    copy = with_key(PART, tmp_path)
    copy.key_file.unlink()
    monkeypatch.setattr("autograder.cli.staff.chosen_parts", lambda names: [copy])
    done = autograder("record", "--key")
    assert done.exit_code == 0
    assert re.search(r"^gan_pytorch: has a key of its own \(\d+ drawn\)$", done.output, re.M)
    assert len(copy.key) == 32
    assert record.verify(copy, grader.workers) == []
    with Judge.for_staff(copy) as judge:
        checks = judge.score(runner.run(grader.workers, of(copy, copy.solution), copy))
    assert sum(check.score for check in checks) == 100
    assert "gan_pytorch: has no key any more" in autograder("record", "--public").output
    assert "gan_pytorch: has no key\n" in autograder("record", "--public").output
    assert not copy.key and copy.answers.is_file()


@pytest.mark.parametrize("part", sample(PARTS, every=len(PARTS)), ids=lambda part: part.name)
def test_no_point_of_the_public_answers_hangs_on_rounding(part, grader):
    """A machine that rounds ten times as coarsely gives the solution every point."""
    text = part.solution.read_text() + course_key.ROUND_COARSELY.format(seed=1)
    name = part.solution.name
    outputs = runner.run(grader.workers, Submission("it", name, {name: text.encode()}), part)
    with Judge.for_staff(part) as judge:
        assert [check.name for check in judge.score(outputs) if check.score < check.max_score] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("dcgan_keras", "has the key of dcgan"), ("gan_learning", "nothing that it asks follows")],
)
def test_a_part_without_use_for_a_key_says_so(name, words, tmp_path):
    with pytest.raises(SourceError, match=words):
        course_key.draw(replace(parts.get(name), root=tmp_path), None)


def test_the_keras_part_cannot_take_away_the_key_that_it_shares(tmp_path):
    copy = with_key(parts.get("dcgan"), tmp_path)
    keras = replace(parts.get("dcgan_keras"), root=tmp_path)
    assert keras.key == copy.key == KEY
    with pytest.raises(SourceError, match="has the key of dcgan"):
        course_key.remove(keras)


@pytest.mark.parametrize("options", [["--key", "--verify"], ["--key", "--public"]])
def test_only_one_thing_is_asked_of_record_at_a_time(options, autograder):
    done = autograder("record", *options)
    assert (
        done.exit_code == 2
        and "choose one of --verify, --key, --public and --classic" in done.output
    )


# --- what honours it --------------------------------------------------------------------------


def test_stored_outputs_of_another_key_are_graded_again(keyed, grader, tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "get", lambda name: keyed)
    old = runner.run(grader.workers, of(PART, PART.stub), PART)
    with Judge.for_staff(keyed) as judge, pytest.raises(AnswersError, match="another course's key"):
        grading.result(judge, old, "ana")
    save(old, tmp_path / "results" / "ana" / "outputs.npz")
    told = []
    assert rescore(tmp_path / "results", failed=lambda *words: told.append(words)) == []
    assert len(told) == 1 and "grade it again" in told[0][1]
    settings = Settings(PART.name)
    assert digests.of_running(keyed, settings) != digests.of_running(PART, settings)
    assert digests.of_judging(keyed) != digests.of_judging(PART)


def test_a_stored_file_of_outputs_tells_which_key_but_not_the_key(keyed, grader, tmp_path):
    outputs = runner.run(grader.workers, of(PART, PART.stub), keyed)
    assert outputs.key == keyed.key_id != ""
    save(outputs, tmp_path / "outputs.npz")
    assert KEY.encode() not in (tmp_path / "outputs.npz").read_bytes()


def test_students_get_neither_the_key_nor_anything_that_follows_from_it(keyed):
    before = release.public_checks([PART])
    assert release.public_checks([keyed]) == before
    assert not any(KEY.encode() in data for data in contents.students().values())
    bundle = contents.grading([keyed])
    assert bundle["data/checks/course/gan_pytorch.key"].strip() == KEY.encode()
    assert bundle["data/checks/course/gan_pytorch.npz"] == keyed.answers.read_bytes()


def test_a_students_own_checks_ask_with_the_public_numbers(keyed, warm):
    public = PART.stub.parent / grading.PUBLIC_CHECKS
    with grading.Grader([keyed], public=public) as grader:
        result, outputs = grader.grade(of(keyed, keyed.solution), keyed)
    assert outputs.key == "" and result.score == result.max_score > 0


def test_a_key_that_was_changed_by_hand_is_noticed(keyed):
    keyed.key_file.write_text("another\n")
    with pytest.raises(AnswersError, match=r"gan_pytorch\.key: is not as it was recorded"):
        signatures.check(keyed)


def test_the_worker_cannot_open_the_key(keyed, grader):
    code = f"\nopen({str(keyed.key_file)!r})\n"
    text = PART.stub.read_text() + code
    submission = Submission("it", "gan_pytorch.py", {"gan_pytorch.py": text.encode()})
    outputs = runner.run(grader.workers, submission, PART)
    assert any("FileNotFoundError" in note or "PermissionError" in note for note in outputs.notes)


def test_the_doctor_tells_whose_numbers_hidden_checks_ask_with(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "PARTS", [part.released for part in PARTS])
    assert "autograder record --key" in doctor.hidden_numbers()
    copy = with_key(PART, tmp_path)
    monkeypatch.setattr(doctor, "PARTS", [copy, PARTS[1].released])
    assert "It has some for gan_pytorch." in doctor.hidden_numbers()
    monkeypatch.setattr(doctor, "PARTS", [copy])
    assert doctor.hidden_numbers() == "Hidden checks ask with numbers of your course's own."
