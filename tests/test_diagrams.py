"""Diagrams of networks: the layers that ran, and a mark only where it is certain what is wrong."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from autograder.batch.publish import described, page_of
from autograder.grading import grade
from autograder.outputs import Outputs, ProbeStatus, dumps, loads
from autograder.reports.diagrams import DIFFERS, FAILED, MISSING, diagrams
from autograder.running.wire import MAX_NETWORK, network_of

RIGHT = ["Linear 4 → 8", "ReLU", "Linear 8 → 2", "Tanh"]


def told(*labels: str, plain: bool = True, ended: bool = True) -> str:
    layers = [[*label.partition(" ")[::2], [8]] for label in labels]
    if not ended:
        layers[-1][2] = None
    return json.dumps({"plain": plain, "layers": layers})


def marks(text: str, status: str = "ok", public: float = 2.0, right: str = "") -> list[str]:
    """Return the marks of the layers of one network whose output should be 1."""
    outputs = Outputs(
        "p", {"net/public": np.array([public])}, {"net": ProbeStatus(status, "", text)}
    )
    answers = {"net/public": np.array([1.0])}
    found = diagrams(outputs, answers, {"net": right or told(*RIGHT)})
    return [layer.mark for one in found for layer in one.layers]


@pytest.mark.parametrize(
    ("layers", "wanted"),
    [
        (["Linear 4 → 8", "ReLU", "Linear 8 → 2", "Sigmoid"], ["", "", "", DIFFERS]),
        (["Linear 4 → 9", "ReLU", "Linear 9 → 2", "Tanh"], [DIFFERS, "", DIFFERS, ""]),
        (["Linear 4 → 8", "ReLU", "Linear 8 → 2"], ["", "", "", MISSING]),
        (["Linear 4 → 8", "Linear 8 → 2", "Tanh"], ["", MISSING, "", ""]),
        ([*RIGHT, "Tanh"], ["", "", "", "", DIFFERS]),
        (["Flatten", *RIGHT[:3], "Sigmoid"], ["", "", "", "", DIFFERS]),  # to flatten is no error
        (["Linear 4 → 8", "Linear 8 → 2", "ReLU", "Tanh"], ["", "", "", ""]),  # which one is it?
        (["Linear 4 → 2"], [""]),
    ],
)
def test_a_layer_is_marked_where_one_change_explains_it_and_else_none(layers, wanted):
    assert marks(told(*layers)) == wanted


def test_nothing_is_marked_in_what_computes_the_same_or_has_code_of_its_own():
    other = ["Linear 4 → 8", "LeakyReLU slope 0", "Linear 8 → 2", "Tanh"]
    assert DIFFERS in marks(told(*other))
    assert not any(marks(told(*other), public=1.0))
    assert not any(marks(told(*other, plain=False)))
    assert not any(marks(told(*other), right=told()))  # nothing is known of the solution's


def test_the_layer_in_which_an_error_arose_is_the_one_that_returned_nothing():
    assert marks(told("Linear 4 → 8", "Linear 9 → 2", ended=False), "error") == ["", FAILED]
    assert marks(told("Linear 4 → 8", "Linear 9 → 2"), "error") == ["", ""]  # it arose behind it


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        '{"plain": true, "layers": [["A", "", "shape"]]}',
        '{"plain": true, "layers": [["A", ""]]}',
        '{"plain": true, "layers": [[1, 2, [3]]]}',
        '{"plain": true, "layers": [["A", "", [NaN]]]}',
        '{"plain": true, "layers": 5}',
        "[" * 5000,
    ],
)
def test_a_text_that_tells_no_layers_draws_nothing(text):
    assert marks(text) == []


@pytest.mark.parametrize("text", [None, 5, ["a"], "x" * (MAX_NETWORK + 1), "a\x1b[31m", "a\nb"])
def test_what_a_worker_says_of_layers_is_short_printable_text_or_nothing(text):
    assert network_of({"network": text}) == ""
    assert network_of({"network": "A"}) == "A"


def test_layers_are_stored_with_the_outputs():
    outputs = Outputs("p", {}, {"net": ProbeStatus("ok", "", told(*RIGHT))})
    assert loads(dumps(outputs)) == outputs


CHANGES = {  # what is changed in the discriminator, the marked layer, and the layers without a mark
    "an error in the last layer": ("nn.Linear(256, 1)", "nn.Linear(255, 1)", "Linear", FAILED, 5),
    "one layer too many": (
        "nn.Linear(256, 256)",
        "nn.Linear(256, 256), nn.Dropout(0.5)",
        "Dropout",
        DIFFERS,
        6,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_students_page_draws_the_network_and_marks_the_layer(part, tmp_path, change):
    before, after, name, mark, others = CHANGES[change]
    text = part.solution.read_text()
    assert before in text
    path = tmp_path / "gan_pytorch.py"
    path.write_text(text.replace(before, after, 1))
    page = page_of(grade(path, [part.name], functions=["discriminator"]))
    (svg,) = re.findall(r'<svg class="network".*?</svg>', page, re.S)
    (wrong,) = re.findall(r'<g class="wrong">.*?</g>', svg, re.S)
    assert f"✗ {name}" in wrong and mark in wrong
    assert svg.count('<g class="layer">') == others


OWN = """

class Odd(nn.Module):
    def __init__(self):
        super().__init__()
        self.last, self.first = nn.LazyLinear(1), nn.Linear(784, 256)

    def forward(self, x):
        return self.last(torch.relu(self.first(x.flatten(1))))


def discriminator():
    return Odd()
"""


def test_layers_are_told_in_the_order_in_which_they_run_with_the_sizes_that_they_then_have(
    part, tmp_path
):
    path = tmp_path / "gan_pytorch.py"
    path.write_text(part.solution.read_text() + OWN)
    [graded] = grade(path, [part.name], functions=["discriminator"])
    told = json.loads(graded.outputs.statuses["discriminator"].network)
    assert told == {
        "plain": False,  # what is between the layers is not known
        "layers": [["Linear", "784 → 256", [256]], ["Linear", "256 → 1", [1]]],
    }


def test_the_solutions_layers_are_stored_with_its_answers(part):
    found = described(part)
    assert set(found) == {"discriminator", "generator", "build_dc_classifier", "build_dc_generator"}
    assert (
        "LeakyReLU" in found["discriminator"]
        and "784 → 256" in json.loads(found["discriminator"])["layers"][1]
    )
