"""Wrong functions that are in no list of mistakes lose a check, and get no name that is false."""

from __future__ import annotations

import pytest

from autograder import parts
from autograder.errors import SourceError
from autograder.staff.unlisted import put_in, read_unlisted, try_unlisted
from tests.selection import sample

ALL = [(part, one) for part in parts.PARTS for one in read_unlisted(part)]
TRIED = ALL[::2]  # minutes; `autograder accuracy` tries every one


@pytest.mark.parametrize(
    ("part", "one"),
    sample(TRIED, every=12, kind=lambda it: it[0]),
    ids=lambda it: getattr(it, "id", "") or it.name,
)
def test_a_wrong_function_loses_a_check_and_gets_no_false_name(part, one, grader):
    (tried,) = try_unlisted(part, grader.workers, grader._judges[part.name], [one])
    assert tried.lost, one.says
    assert not tried.false_names, one.says


def test_there_are_enough_of_them_for_every_part():
    assert len(ALL) >= 150
    for part in parts.PARTS:
        assert sum(other is part for other, _ in ALL) >= 10, part.name


def test_a_wrong_function_takes_the_place_of_the_right_one_with_its_helpers():
    part, one = ALL[0]
    source = put_in(one, part.solution.read_text(encoding="utf-8"))
    compile(source, "changed", "exec")
    assert one.id not in source
    assert one.source in source


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("def generator(noise_dim):\n    '''Wrong.'''\n", "call it <function>__<slug>"),
        ("def nothing__odd():\n    '''Wrong.'''\n", "call it <function>__<slug>"),
        ("def generator__odd(noise_dim):\n    return 1\n", "a docstring says what is wrong"),
        ("def generator__a():\n    '''W.\n\n    May be named: no-such.\n    '''\n", "no mistake"),
        ("def generator__a():\n    '''W.'''\n\ndef generator__a():\n    '''W.'''\n", "twice"),
    ],
)
def test_one_that_is_badly_written_is_refused(text, complaint, tmp_path, monkeypatch):
    (tmp_path / "some.py").write_text(text)
    monkeypatch.setattr(parts.Part, "unlisted", property(lambda part: tmp_path))
    with pytest.raises(SourceError, match=complaint):
        read_unlisted(parts.PARTS[0])
