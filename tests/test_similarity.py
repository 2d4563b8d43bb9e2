"""Which submissions resemble each other: rings of any size, whatever they wear, and nobody else."""

from __future__ import annotations

import ast
import json
import random
from collections import defaultdict

import pytest

from autograder import parts
from autograder.handins.fragments import every_fragment, fragments
from autograder.handins.similarity import groups
from autograder.handins.submission import Submission
from autograder.mistake import apply, load_mistakes
from autograder.staff.unlisted import read_unlisted

PART = parts.get("gan_pytorch")
NAMES = PART.functions()
SOLUTION = PART.solution.read_text()
STUB = PART.stub.read_text()


def submission(text, name="gan_pytorch.py"):
    return Submission("s", name, {name: text.encode()})


def notebook(text):
    """Return a notebook with a cell for each statement of a file."""
    sources = [ast.get_source_segment(text, node) for node in ast.parse(text).body]
    cells = [{"cell_type": "code", "source": source.splitlines(True)} for source in sources]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "x"}, *cells]})


def of(text, name="gan_pytorch.py"):
    return fragments(submission(text, name), NAMES)


GIVEN = every_fragment(submission(STUB), NAMES)


def found(texts):
    """Return the groups among files, by name."""
    return [set(one.members) for one in groups({n: of(t) for n, t in texts.items()}, GIVEN)]


# --- a class --------------------------------------------------------------------------------------


def written():
    """Return every way in which each function is written here: right, wrong, and in no list."""
    ways = defaultdict(list)
    mistakes = [apply(one, SOLUTION) for one in load_mistakes(PART)[::4]]
    for text in (SOLUTION, *mistakes, *(one.source for one in read_unlisted(PART))):
        for node in ast.parse(text).body:
            way = ast.unparse(node)
            if getattr(node, "name", "") in NAMES and way not in ways[node.name]:
                ways[node.name].append(way)
    return ways


WAYS = written()


class Class:
    """Students who write each function in one of many ways, some of which are common."""

    def __init__(self, count, seed):
        self.chance = random.Random(seed)
        self.ways = {n: self.chance.sample(ways, len(ways)) for n, ways in WAYS.items()}
        self.texts = {f"student {n:03}": self.one() for n in range(count)}

    def one(self):
        functions = []
        for ways in self.ways.values():
            weights = [1 / (1 + place) for place in range(len(ways))]
            functions += self.chance.choices(ways, weights)
        return "\n\n".join(functions)

    def ring(self, size, taken=()):
        """Let some students hand in one file, each in other clothes; return who."""
        free = sorted(set(self.texts) - set(taken))
        members, text = set(self.chance.sample(free, size)), self.one()
        for name in members:
            self.texts[name] = disguised(text, self.chance)
        return members


def disguised(text, chance):
    """Rename what a file gives, shuffle its functions, and put in what computes nothing."""
    functions = ast.parse(text).body
    chance.shuffle(functions)
    mark = chance.randrange(1000)
    for function in functions:
        names = {
            node.id
            for node in ast.walk(function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id in names:
                node.id = f"{node.id}_{mark}"
        junk = chance.choice(("pass", "print('here')", "unused = 3", "'a comment'"))
        function.body = [ast.parse(junk).body[0], *function.body]
    return "\n\n".join(ast.unparse(ast.fix_missing_locations(one)) for one in functions)


@pytest.mark.parametrize("size", [2, 3, 4, 10, 30, 100])
def test_a_ring_of_any_size_is_one_group(size):
    a_class = Class(120, seed=size)
    ring = a_class.ring(size)
    assert ring in found(a_class.texts)


@pytest.mark.parametrize("count, size", [(4, 2), (6, 3), (10, 4), (30, 4)])
def test_a_ring_in_a_small_class_is_a_group(count, size):
    """Nearly always: in a class of four, what two have in common may be what everybody writes."""
    classes = [Class(count, seed) for seed in range(6)]
    rings = [one.ring(size) for one in classes]
    assert sum(ring in found(one.texts) for ring, one in zip(rings, classes)) >= 5


def test_two_rings_are_two_groups_and_nobody_is_in_both():
    a_class = Class(100, seed=5)
    one = a_class.ring(5)
    other = a_class.ring(8, one)
    listed = found(a_class.texts)
    assert one in listed and other in listed
    assert sum(map(len, listed)) == len(set().union(*listed))


def test_independent_students_are_hardly_ever_listed():
    listed = [group for seed in range(2) for group in found(Class(200, seed=100 + seed).texts)]
    assert sum(map(len, listed)) <= 4  # of 400


@pytest.mark.exhaustive(reason="8 classes, some seconds")
def test_of_many_rings_nearly_all_are_found_and_hardly_anybody_else():
    complete = others = students = 0
    for seed in range(8):
        a_class = Class(200, seed)
        rings = []
        for size in (2, 3, 4, 10, 30):
            rings.append(a_class.ring(size, set().union(*rings)))
        listed = found(a_class.texts)
        complete += sum(ring in listed for ring in rings)
        strangers = [group for group in listed if group not in rings]
        others += sum(len(group - set().union(*rings)) for group in strangers)
        students += 200
    assert complete >= 0.95 * 40
    assert others <= 0.01 * students


# --- what says nothing ----------------------------------------------------------------------------


def test_what_everybody_wrote_says_nothing():
    assert found({f"s{n}": SOLUTION for n in range(40)}) == []


def test_what_most_wrote_says_nothing_however_often_it_comes_together():
    a_class = Class(60, seed=9)
    for name in list(a_class.texts)[:40]:
        a_class.texts[name] = SOLUTION
    common = set(list(a_class.texts)[:40])
    assert all(not group & common or group >= common for group in found(a_class.texts))


def test_the_untouched_stub_says_nothing():
    assert found({f"s{n}": STUB for n in range(3)} | Class(10, seed=2).texts) == []


def test_one_function_in_common_says_nothing():
    a_class = Class(100, seed=11)
    shared = {name: ways[-1] for name, ways in a_class.ways.items()}
    for name in list(a_class.texts)[:2]:
        a_class.texts[name] += "\n\n" + shared["bce_loss"]
    assert not any(set(list(a_class.texts)[:2]) <= group for group in found(a_class.texts))


# --- clothes --------------------------------------------------------------------------------------

LOSS = """
def generator_loss(logits_fake):
    '''What it says.'''
    labels = torch.ones_like(logits_fake)
    total = bce_loss(logits_fake, labels) * 1.0
    return total.reshape(()) + 0.0 * labels.sum()
"""
CLOTHES = {
    "other names": LOSS.replace("labels", "q").replace("total", "z").replace("logits_fake", "x"),
    "pass": LOSS.replace("    labels =", "    pass\n    labels =").replace(
        "    return", "    pass\n    return"
    ),
    "prints": LOSS.replace("    return", "    print(total.item())\n    return"),
    "unused": LOSS.replace("    total =", "    nothing = 5\n    total ="),
    "if True": LOSS.replace("    return", "    if True:\n        return"),
    "annotations": LOSS.replace("labels =", "labels: Tensor =").replace(
        "(logits_fake):", "(logits_fake: Tensor) -> Tensor:"
    ),
    "no docstring": LOSS.replace("    '''What it says.'''\n", ""),
    "comments": LOSS.replace("    total", "    # the loss\n\n    total"),
    "modules": LOSS.replace("torch.ones_like", "ones_like"),
}


@pytest.mark.parametrize("text", CLOTHES.values(), ids=CLOTHES)
def test_clothes_make_no_difference(text):
    assert text != LOSS
    assert of(text) == of(LOSS) != {}


def test_keywords_may_come_in_any_order():
    one = "def get_optimizer(m):\n    return Adam(m.parameters(), lr=1e-3, betas=(0.5, 0.999))\n"
    other = "def get_optimizer(m):\n    return Adam(m.parameters(), betas=(0.5, 0.999), lr=1e-3)\n"
    assert of(one) == of(other) != {}


def test_a_helper_function_counts_as_the_functions_that_use_it():
    helper = LOSS.replace("generator_loss", "helper")
    call = "def generator_loss(x):\n    return helper(x)\n"
    assert set(of(LOSS)["generator_loss"]) <= set(of(helper + call)["generator_loss"])


def test_a_notebook_has_the_fragments_of_its_script():
    assert of(notebook(SOLUTION), "gan_pytorch.ipynb") == of(SOLUTION)


def test_another_computation_has_other_fragments():
    assert of(LOSS) != of(LOSS.replace("torch.ones_like", "torch.zeros_like"))


@pytest.mark.parametrize("text", ["def (", "", "\0", "x = " + "(" * 5000, "1" * 400_000])
def test_what_is_no_python_has_no_fragments(text):
    assert of(text) == {} == of(text, "gan_pytorch.ipynb")


def test_functions_that_cannot_be_read_cost_only_themselves():
    deep = "def bce_loss(x, y):\n    return " + "-" * 600 + "x\n"
    assert "generator_loss" in of(LOSS + deep)
