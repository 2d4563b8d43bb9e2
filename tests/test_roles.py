"""Weights that the order of use does not tell apart are put in by their role: see tests/sequences."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from autograder.compare import agree
from autograder.homework import VARIABLE
from autograder.parts import ROOT, Part
from autograder.probing.values import Slip
from autograder.staff.variants import read_variant, variants

FOLDER = ROOT / "tests" / "sequences"
PART = Part("sequences", "", root=FOLDER, home=FOLDER)
FUNCTIONS = ("lstm_classifier", "attention")
SOLUTION = PART.solution.read_text()
ARRAYS = ("public", "hidden", "gradients", "input_gradient")


def load(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def ask(one_thread):
    """Ask a function of a solution to which some text is added."""
    probes = load(PART.probes)

    def asked(function: str, added: str = ""):
        names: dict[str, object] = {}
        exec(f"{SOLUTION}\n\n{added}\n", names)  # noqa: S102
        return getattr(probes, f"probe_{function}")(SimpleNamespace(**names))

    return asked


def same(one, other):
    return all(agree(one[name], other[name], 1e-5) for name in ARRAYS)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("path", variants(PART), ids=lambda path: path.stem)
def test_a_right_form_gives_what_the_solution_gives(function, path, ask):
    assert read_variant(path).differs
    torch.manual_seed(1)  # its own weights do not matter
    assert same(ask(function, path.read_text()), ask(function))


def test_every_order_gives_other_results_and_they_come_sorted(ask):
    hidden = ask("attention")["hidden"]
    assert len(hidden) == 24
    assert len(np.unique(hidden.reshape(24, -1).round(4), axis=0)) == 24
    gates = "i, f, g, o = (self.gates(torch.cat([x[:, t], h], 1))).chunk(4, 1)"
    assert not same(ask("lstm_classifier", by_hand(gates, "c")), ask("lstm_classifier"))
    assert same(ask("lstm_classifier", by_hand(gates, "c.tanh()")), ask("lstm_classifier"))


def by_hand(gates: str, out: str, hidden: int = 4) -> str:
    return f"""
class Hand(nn.Module):
    def __init__(self):
        super().__init__()
        self.gates, self.head = nn.Linear(3 + {hidden}, 4 * {hidden}), nn.Linear({hidden}, 2)

    def forward(self, x):
        h = c = torch.zeros(len(x), {hidden})
        for t in range(x.shape[1]):
            {gates}
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * {out}
        return self.head(h)


def lstm_classifier():
    return Hand()
"""


@pytest.mark.parametrize(
    ("function", "added", "words"),
    [
        (
            "lstm_classifier",
            "def lstm_classifier():\n    return nn.Sequential(nn.Flatten(), nn.LazyLinear(2))",
            "it has 0 times (4, 3) weights of the kind 'input'; the described network has 4",
        ),
        (
            "attention",
            "class Attention(Attention):\n    def forward(self, x):\n        return self.out(x)\n"
            "def attention():\n    one = Attention()\n    one.query = None\n    return one",
            "it has 3 times (6, 6) weights of the kind 'projection'; the described network has 4",
        ),
    ],
    ids=["no LSTM", "no query"],
)
def test_other_weights_than_the_described_are_told(function, added, words, ask):
    with pytest.raises(Slip) as caught:
        ask(function, added)
    assert str(caught.value) == f"{function}: {words}"


@pytest.mark.exhaustive(reason="12 s: a homework is recorded and measured")
def test_in_a_homework_right_forms_pass_and_wrong_ones_fail_by_name(
    tmp_path, autograder, monkeypatch
):
    shutil.copytree(FOLDER, tmp_path / "course")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "course"))
    assert autograder("record", "sequences").exit_code == 0
    done = autograder("accuracy", "sequences")
    assert done.exit_code == 0, done.output
    rows = [line.split() for line in done.output.splitlines()]
    assert ["all", "6", "6", "6", "6"] in [row[:5] for row in rows]
    assert "correct variants 4 that are graded as they say 4" in " ".join(done.output.split())
