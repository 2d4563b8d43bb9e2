"""Correct submissions, written differently, earn full points; or lose exactly what they say.

A variant is a file in tests/variants/<part>/; its header is explained in `autograder.staff.variants`.
"""

import pytest

from autograder import parts
from autograder.staff.variants import judge_variant, read_variant, variants
from tests.selection import sample

VARIANTS = [(part, path) for part in parts.PARTS for path in variants(part)]


@pytest.mark.parametrize(
    ("part", "path"),
    sample(VARIANTS, every=10, kind=lambda it: it[0]),
    ids=lambda it: it.name,
)
def test_a_right_submission_loses_nothing_but_what_it_says(part, path, grader):
    variant = read_variant(path)
    checks, outputs = judge_variant(variant, part, grader.workers, grader._judges[part.name])
    assert checks
    lost = {check.name: check.message for check in checks if check.score < check.max_score}
    assert sorted(lost) == sorted(variant.loses), lost
    told = {check.name: check.message for check in checks if check.status == "passed"}
    for name, words in variant.remarks.items():
        assert words in told[name]
    for words in variant.notes:
        assert any(words in note for note in outputs.notes), (words, outputs.notes)
    assert len(outputs.notes) == len(variant.notes), outputs.notes


def test_every_variant_says_in_what_it_differs():
    for _, path in VARIANTS:
        assert read_variant(path).differs, path.name


@pytest.mark.parametrize("part", parts.PARTS, ids=lambda part: part.name)
def test_there_are_enough_variants_and_no_two_differ_in_the_same(part):
    all_of_them = [read_variant(path) for path in variants(part)]
    assert len(all_of_them) >= 12
    if part.name == "gan_pytorch":
        assert len(all_of_them) >= 60
        assert sum(not variant.only for variant in all_of_them) >= 25
    assert len({variant.differs for variant in all_of_them}) == len(all_of_them)
    assert len({variant.source for variant in all_of_them}) == len(all_of_them)
