"""A stub is the solution without what is between markers; a mistake changes one function of it."""

from __future__ import annotations

import pytest

from autograder import mistake, parts
from autograder.errors import SourceError
from autograder.mistake import swap
from autograder.staff import release
from autograder.staff.stubs import make_stub
from tests.factories import a_mistake

SOLVED = """def one():
    x = None
    ### BEGIN SOLUTION
    x = 1
    ### END SOLUTION
    return x


def two():
    ### BEGIN SOLUTION
    return 2
    ### END SOLUTION
"""


def test_a_stub_raises_where_the_solution_was():
    stub = make_stub(SOLVED, "toy.py")
    assert "x = 1" not in stub and "return 2" not in stub and "SOLUTION" not in stub
    names: dict = {}
    exec(stub, names)  # noqa: S102
    for name in ("one", "two"):
        with pytest.raises(NotImplementedError):
            names[name]()


def test_a_given_function_keeps_its_solution_without_markers():
    stub = make_stub(SOLVED, "toy.py", given=["one"])
    assert "x = 1" in stub and "return 2" not in stub and "SOLUTION" not in stub


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            SOLVED.replace("    ### END SOLUTION\n    return x", "    return x"),
            "toy.py:9: BEGIN SOLUTION inside the one of line 3",
        ),
        (
            SOLVED.replace("    ### BEGIN SOLUTION\n    x", "    x"),
            "toy.py:4: END SOLUTION without",
        ),
        (SOLVED.rpartition("    ### END")[0], "toy.py:10: BEGIN SOLUTION without END"),
    ],
)
def test_a_marker_without_its_partner_is_an_error_with_file_and_line(text, words):
    with pytest.raises(SourceError, match=words.replace(".", r"\.")):
        make_stub(text, "toy.py")


BUGGY = """def mean(numbers):
    ### BEGIN SOLUTION
    count = len(numbers)
    ### STUB
    # count = 2
    # if count:
    #     pass
    #
    ### END SOLUTION
    return sum(numbers) / count
"""


def test_a_stub_hands_out_the_code_with_a_bug_in_place_of_a_gap():
    stub = make_stub(BUGGY, "toy.py")
    assert stub.splitlines()[1:5] == ["    count = 2", "    if count:", "        pass", ""]
    assert "len(" not in stub and "#" not in stub and "NotImplemented" not in stub
    names: dict = {}
    exec(stub, names)  # noqa: S102
    assert names["mean"]([1, 2, 3]) == 3


def test_a_given_function_has_no_bug():
    given = make_stub(BUGGY, "toy.py", given=["mean"])
    assert "count = len(numbers)" in given and "count = 2" not in given and "#" not in given


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BUGGY.replace("# count = 2", "count = 2"), "toy.py:5: between STUB"),
        (BUGGY.replace("    ### BEGIN SOLUTION\n", ""), "toy.py:3: STUB belongs"),
        (BUGGY.replace("    #\n", "    ### STUB\n"), "toy.py:8: STUB belongs"),
    ],
)
def test_a_misplaced_bug_is_an_error_with_file_and_line(text, words):
    with pytest.raises(SourceError, match=words.replace(".", r"\.")):
        make_stub(text, "toy.py")


def test_a_class_can_be_given(tmp_path):
    part = parts.get("dcgan")
    release.release([part], tmp_path, given=["G_block"])
    text = (tmp_path / "dcgan.py").read_text()
    block, _, rest = text.partition("class G_block")[2].partition("\ndef ")
    assert "NotImplementedError" not in block and "NotImplementedError" in rest


def test_giving_a_function_that_is_not_there_is_an_error():
    with pytest.raises(SourceError, match="three"):
        make_stub(SOLVED, "toy.py", given=["three"])


# --- mistakes ---------------------------------------------------------------------------------

A_CLASS = """class Block(Base):
    def __init__(self):
        self.slope = 0.2


def later():
    slope = 0.2
"""


def test_a_mistake_may_stand_in_a_class():
    changed = mistake.apply(a_mistake(function="Block", change=swap("0.2", "0.1")), A_CLASS)
    assert changed.split() == A_CLASS.replace("0.2", "0.1", 1).split()
    with pytest.raises(SourceError, match="is not there in Block"):
        mistake.apply(a_mistake(function="Block", change=swap("slope = 0.2", "x")), A_CLASS)


def test_a_mistake_changes_its_own_function_alone():
    changed = mistake.apply(a_mistake(), SOLVED)
    assert "x = 2" in changed and "x = 1" not in changed and "return 2" in changed


@pytest.mark.parametrize(
    "change",
    [{"function": "three"}, {"change": swap("y = 1", "x")}, {"change": swap("x = 1", "x = 1")}],
)
def test_a_mistake_that_does_not_apply_is_an_error(change):
    with pytest.raises(SourceError, match="mistake m"):
        mistake.apply(a_mistake(**change), SOLVED)
