"""A file of mistakes: a table of operators, and below it wrong functions that are read, never run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder import parts
from autograder.errors import SourceError
from autograder.mistake import apply, edit_of, function_in, load_mistakes
from autograder.operators.edits import Both
from autograder.outputs import Outputs, ProbeStatus, read_npz
from autograder.parts import Part
from autograder.staff import record
from tests.factories import a_mistake

PART = parts.get("gan_pytorch")
TABLE = """from autograder.mistake import Mistake, drop, swap

MISTAKES = (
    Mistake("unit", drop("1"), "The noise lies in (0, 2).", "Where is the middle?"),
    Mistake("flat", swap("return ...", "return (...).flatten()"), "It is flat.", "Keep two sizes."),
)
"""
WRONG = '''

def never_drawn(batch_size, dim, seed=NO_SUCH_NAME):
    """Nothing is drawn.
    Draw it
    at random."""
    return torch.zeros(batch_size, dim)
'''


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Return a reader of one function's file, as of a part of its own."""

    def of(text: str):
        folder = tmp_path / "mistakes"
        folder.mkdir(exist_ok=True)
        (folder / "sample_noise.py").write_text(text)
        monkeypatch.setattr(Part, "mistakes", property(lambda part: folder))
        return load_mistakes(PART)

    return of


def test_a_table_and_wrong_functions_are_read_in_their_order(read):
    mistakes = read(TABLE + WRONG)
    assert [mistake.id for mistake in mistakes] == ["unit", "flat", "never-drawn"]
    assert {mistake.function for mistake in mistakes} == {"sample_noise"}
    assert {mistake.loses for mistake in mistakes} == {()}, "none of them is recorded"
    assert mistakes[2].says == "Nothing is drawn." and mistakes[2].hint == "Draw it at random."


def test_a_wrong_function_takes_the_place_of_the_solutions_and_keeps_its_description(read):
    text = PART.solution.read_text()
    changed = apply(read(TABLE + WRONG)[2], text)
    function = changed.partition("def sample_noise(")[2].partition("\ndef ")[0]
    assert function.startswith("batch_size, dim, seed=NO_SUCH_NAME):")
    assert "Draw uniform noise" in function and "Nothing is drawn" not in function
    assert "return torch.zeros(batch_size, dim)" in function and "rand(" not in function
    assert changed.partition("\ndef discriminator(")[2] == text.partition("\ndef discriminator(")[2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TABLE.replace('"flat"', '"unit"'), "the id 'unit' is used twice"),
        (TABLE + "\n\ndef wrong(dim):\n    return dim\n", "wrong has no docstring"),
        (
            TABLE.replace(', "It is flat.", "Keep two sizes."', ""),
            "flat has no sentence that says what is wrong",
        ),
    ],
)
def test_what_a_file_lacks_is_told_with_its_name(read, text, words):
    with pytest.raises(SourceError, match=rf"sample_noise\.py: .*{words}"):
        read(text)


def test_a_file_of_no_function_is_an_error(read):
    read(TABLE)
    (PART.mistakes / "sample_nois.py").write_text(TABLE)
    with pytest.raises(SourceError, match=r"sample_nois\.py: there is no probe for sample_nois"):
        load_mistakes(PART)


def test_the_operators_own_sentence_is_told_if_there_is_no_other(read):
    text = TABLE.replace('swap("return ...", "return (...).flatten()")', 'drop("torch.rand(...)")')
    text = text.replace(', "It is flat.", "Keep two sizes."', "")
    assert read(text)[1].says == "The call of `rand` is missing."


def test_a_mistake_that_loses_no_check_is_not_recorded():
    answers, _ = read_npz(PART.released.answers)
    right = Outputs(PART.name, answers, {name: ProbeStatus("ok") for name in PART.probe_names()})
    wrong = replace(right, statuses={**right.statuses, "bce_loss": ProbeStatus("error", "x")})
    harmless = a_mistake(function="bce_loss")
    with pytest.raises(SourceError, match="the mistake m loses no check"):
        record.with_lost_checks(PART, right, [(harmless, right)])
    ((found, _),) = record.with_lost_checks(PART, right, [(harmless, wrong)])
    assert found.loses == ("bce_extreme", "bce_gradient", "bce_value")


def test_two_listed_mistakes_of_one_function_compose():
    listed = {mistake.id: mistake for mistake in load_mistakes(PART)}
    source = function_in(PART.solution.read_text(), "discriminator")
    slope = edit_of(listed["discriminator-slope-0.2"], source)
    end = edit_of(listed["discriminator-sigmoid-end"], source)
    assert slope and end
    both = Both(slope, end)
    assert both.sentence == f"{slope.sentence} {end.sentence}"
    assert "nn.LeakyReLU(0.2), nn.Linear(256, 1), nn.Sigmoid())" in both.source(source)
    assert edit_of(listed["noise-kept"], source) is None
