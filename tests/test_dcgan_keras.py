"""The DCGAN in Keras 3 is graded by the stored answers of the one in PyTorch.

What needs Keras is left out where it is not installed.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from autograder import mistake, parts
from autograder.errors import SourceError
from autograder.grading import Grader
from autograder.handins.submission import Submission, find
from autograder.judging.scoring import Judge
from autograder.judging.suite import Suite
from autograder.outputs import read_npz
from autograder.parts import PARTS
from autograder.running.environment import wanted_imports
from autograder.staff import accuracy, record, release, variants
from autograder.staff.stubs import make_stub
from tests.selection import sample
from tests.test_parts import marked_lines

PART = parts.get("dcgan_keras")
VARIANTS = variants.variants(PART)
AGREE = 3e-5  # relative; PyTorch's and Keras's order of sums, and the variance by N or by N - 1
FUNCTIONS = ("G_block", "D_block", "net_G", "net_D", "update_D", "update_G")

needs_keras = pytest.mark.skipif(
    importlib.util.find_spec("keras") is None,
    reason="Keras is not installed; pip install -e '.[keras]'",
)


@pytest.fixture(scope="module")
def grader():
    """Grade submissions of this part, which the other tests' grader does not know."""
    with Grader([PART], preload=PART.imports) as grader:
        yield grader


@pytest.fixture(scope="module")
def graded(grader):
    return grader.grade(find(PART.solution, PART), PART)


def stub() -> str:
    return make_stub(PART.solution.read_text(), "dcgan_keras.py")


@needs_keras
def test_keras_is_preloaded_after_pytorch_whose_compiler_is_postponed(graded):
    """Keras marks functions as not to be compiled, while it is imported."""
    assert [*PART.imports].index("torch") < [*PART.imports].index("keras")
    assert graded[0].environment["keras"].startswith("3.")


@needs_keras
def test_the_solution_earns_every_point(graded):
    result, _ = graded
    assert {c.name: c.message for c in result.checks if c.status != "passed"} == {}
    assert result.score == result.max_score == 100
    assert result.notes == ()


@needs_keras
def test_the_stub_earns_nothing_and_is_told_what_is_still_to_do(grader):
    files = {"dcgan_keras.py": stub().encode()}
    result, _ = grader.grade(Submission("stub", "dcgan_keras.py", files), PART)
    assert result.score == 0
    assert {c.message for c in result.checks} == {f"{name}: still to do" for name in FUNCTIONS}


@needs_keras
@pytest.mark.parametrize("function", FUNCTIONS)
def test_outputs_and_gradients_are_those_that_pytorch_gave(function, graded):
    stored, _ = read_npz(PART.answers)
    computed = graded[1].of(function)
    both = {name for name in computed if f"{function}/{name}" in stored}
    compared = {"steps", "other_steps", "public", "other"}
    if not function.startswith("update"):
        compared = {"public", "hidden", "gradients", "input_gradient", "parameters", "shape"}
    if function.endswith("block"):
        compared |= {"frozen", "small_public", "small_gradients", "odd_public"}
    assert compared <= both
    for name in both:
        want = stored[f"{function}/{name}"].astype(np.float64)
        assert computed[name].shape == want.shape, name
        difference = np.abs(computed[name] - want).max(initial=0)  # a text may be empty
        assert difference <= AGREE * np.abs(want).max(initial=0), name


@needs_keras
@pytest.mark.exhaustive(reason="3 s by itself; the quick run has others of its kind")
def test_a_solution_that_disagrees_with_pytorch_is_not_recorded(grader, monkeypatch):
    wrong = PART.solution.read_text().replace("epsilon=1e-5", "epsilon=1e-2")
    outputs = record.run_solution(PART, grader.workers, wrong)
    monkeypatch.setattr(record, "run_solution", lambda part, zygote: outputs)
    before = PART.fingerprints.read_bytes()
    lines = record.verify(PART, grader.workers)
    assert "dcgan_keras: G_block/public differs from the stored answer" in lines
    with pytest.raises(SourceError, match="differs from the stored answer"):
        record.record(PART, grader.workers)
    assert PART.fingerprints.read_bytes() == before


@needs_keras
@pytest.mark.parametrize("every", sample([16, 2], every=2))
def test_every_mistake_loses_the_checks_that_were_recorded_and_is_called_by_its_name(grader, every):
    with Judge.for_staff(PART) as judge:
        tried = accuracy.try_mistakes(PART, grader.workers, judge, every=every)
    assert len(tried) >= 32 // every
    assert {t.mistake.id: sorted(t.lost) for t in tried if not t.exact} == {}
    assert accuracy.share(t.right_name for t in tried) >= 0.95  # 42 of 42; 40 with Keras 3.12


@needs_keras
@pytest.mark.parametrize("path", sample(VARIANTS, every=3), ids=lambda path: path.name)
def test_a_right_submission_loses_nothing(path, grader):
    variant = variants.read_variant(path)
    with Judge.for_staff(PART) as judge:
        checks, _ = variants.judge_variant(variant, PART, grader.workers, judge)
    assert checks
    assert {c.name: c.message for c in checks if c.score < c.max_score} == {}
    told = {check.name: check.message for check in checks}
    for name, words in variant.remarks.items():
        assert words in told[name]


@needs_keras
def test_a_network_that_is_none_of_keras_is_told_so(grader):
    text = PART.solution.read_text() + "\n\ndef net_D():\n    return torch.nn.Linear(1, 1)\n"
    files = {"dcgan_keras.py": text.encode()}
    result, _ = grader.grade(Submission("torch", "dcgan_keras.py", files), PART)
    lost = {c.name: c.message for c in result.checks if c.status != "passed"}
    assert lost.keys() == {"net_d_scores", "net_d_gradients", "net_d_start"}
    assert set(lost.values()) == {"from your code: net_D: returned Linear; expected a Keras model"}


TRAIN_A_SMALL_PAIR = """
import json
import dcgan_keras as homework
import keras
import numpy as np

net_D = keras.Sequential(
    [keras.Input((64, 64, 3)), keras.layers.Conv2D(1, 64), keras.layers.Rescaling(0.1)]
)
net_G = keras.Sequential([keras.Input((1, 1, 100)), keras.layers.Conv2DTranspose(3, 64)])
images = np.random.default_rng(0).normal(0.5, 0.1, (10, 64, 64, 3)).astype(np.float32)
keras.utils.set_random_seed(0)
print(json.dumps(homework.train(net_D, net_G, images, 6, 0.0002, batch_size=4)))
"""


@needs_keras
@pytest.mark.exhaustive(reason="8 s, most of it for importing Keras again")
def test_the_given_training_loop_teaches_the_discriminator():
    done = subprocess.run(
        [sys.executable, "-c", TRAIN_A_SMALL_PAIR],
        cwd=PART.solution.parent,
        env={**os.environ, "OMP_NUM_THREADS": "1"},  # several wait for each other when it is busy
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    losses_D, losses_G = json.loads(done.stdout.splitlines()[-1])
    assert len(losses_D) == len(losses_G) == 6
    assert np.isfinite([losses_D, losses_G]).all()
    assert losses_D[-1] < 0.8 * losses_D[0]


# --- without Keras ----------------------------------------------------------------------------


def test_the_part_is_an_extra_with_the_answers_of_dcgan():
    assert PART not in PARTS
    assert PART.answers == parts.get("dcgan").answers
    assert PART.fingerprints != parts.get("dcgan").fingerprints


def test_fingerprints_are_of_this_solution_and_these_probes():
    _, about = read_npz(PART.fingerprints)
    assert about["solution"] == record.sha256(PART.solution)
    assert about["probes"] == record.sha256(*PART.asks)


def test_every_probe_is_judged_and_every_check_catches_a_mistake():
    with Suite(PART.suite) as suite:
        checks = suite.checks
    assert {c.probe for c in checks} | {c.instead for c in checks} - {None} == {*PART.probe_names()}
    assert {c.probe for c in checks} == set(FUNCTIONS)
    assert sum(c.points for c in checks) == 100
    mistakes = mistake.load_mistakes(PART)
    for check in checks:
        assert any(check.name in m.loses for m in mistakes if m.function == check.probe), check.name
    for function in FUNCTIONS:
        assert sum(m.function == function for m in mistakes) >= 3, function


def test_the_stub_holds_no_line_of_the_solution():
    text = stub()
    ast.parse(text)
    lines = {line.strip() for line in text.splitlines()}
    assert not lines & {*marked_lines(PART.solution)}


def test_students_get_the_part_only_where_it_is_asked_for(tmp_path):
    release.release([PART], tmp_path)
    assert (tmp_path / "dcgan_keras.py").read_text() == stub()
    public, _ = read_npz(tmp_path / "public_checks.npz")
    assert "dcgan_keras/G_block/public" in public
    assert not any(key.endswith(("hidden", "gradients", "frozen")) for key in public)
    assert not PART.stub.exists()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("dcgan", "dcgan"),
        ("dcgan_ana", "dcgan"),
        ("dcgan_keras", "dcgan_keras"),
        ("dcgan_keras_final", "dcgan_keras"),
        ("gan_pytorch (1)", "gan_pytorch"),
    ],
)
def test_a_file_is_of_the_part_with_the_longest_fitting_name(name, wanted):
    assert [part.name for part in parts.named_after(name)] == [wanted]
    assert parts.named_after("homework") == []


def test_a_keras_file_in_a_folder_is_not_taken_for_the_other_dcgan(tmp_path):
    (tmp_path / "dcgan_keras_final.py").write_text("import keras\n")
    (tmp_path / "dcgan_ana.py").write_text("import torch\n")
    assert find(tmp_path, parts.get("dcgan")).files["dcgan.py"] == b"import torch\n"
    found = find(tmp_path, PART)
    assert found.files["dcgan_keras.py"] == b"import keras\n"
    assert wanted_imports(found, PART)[-1] == "keras"
