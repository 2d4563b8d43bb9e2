"""Correct submissions, written differently, earn full points; or lose exactly what they say.

A variant is a file in tests/variants/. Comments at its top (of a notebook: its first cell) tell:

    # differs: in what it differs from the solution
    # only: function, function    (it defines these alone; the rest comes from the solution)
    # loses: test_name (reason)   (a check that it truly does not pass)
    # note: words                 (of a note that its report must have; no other one is allowed)
    # remark: test_name: words    (of a remark beside a check that it passes)
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder import parts, runner
from autograder.runner import Limits, Zygote
from autograder.scoring import Judge
from autograder.submissions import Submission

VARIANTS = Path(__file__).parent / "variants"
PART = parts.get("gan_pytorch")
LINE = re.compile(r"^# (differs|only|loses|note|remark): (.+)$")


@dataclass
class Variant:
    """A file of tests/variants/ and what it says about itself."""

    path: Path
    source: bytes
    differs: list[str]
    only: list[str]
    loses: dict[str, str]
    notes: list[str]
    remarks: dict[str, str]

    @property
    def probes(self) -> list[str]:
        """Ask what the file defines: everything, or the functions that it varies."""
        names = PART.probe_names()
        if not self.only:
            return names
        return [n for n in names if any(n == f or n.startswith(f + "_given") for f in self.only)]

    def submission(self) -> Submission:
        name = PART.name + self.path.suffix
        source = self.source
        if self.only:
            source = PART.solution.read_bytes() + b"\n\n" + source
        return Submission(self.path.name, name, {name: source})


def header(source: bytes, suffix: str) -> list[str]:
    if suffix == ".ipynb":
        return "".join(json.loads(source)["cells"][0]["source"]).splitlines()
    encoding = "gbk" if b"coding: gbk" in source[:200] else "utf-8-sig"
    return source.decode(encoding, errors="replace").splitlines()


def read(path: Path) -> Variant:
    """Read a variant and its header."""
    source = path.read_bytes()
    said: dict[str, list[str]] = {k: [] for k in ("differs", "only", "loses", "note", "remark")}
    for line in header(source, path.suffix):
        if match := LINE.match(line):
            said[match[1]].append(match[2].strip())
    loses = dict(re.fullmatch(r"(\w+) \((.+)\)", text).groups() for text in said["loses"])
    remarks = dict(text.split(": ", 1) for text in said["remark"])
    only = [name for text in said["only"] for name in re.split(r",\s*", text)]
    return Variant(path, source, said["differs"], only, loses, said["note"], remarks)


PATHS = sorted(p for p in VARIANTS.iterdir() if p.suffix in (".py", ".ipynb"))


@pytest.fixture(scope="module")
def zygote():
    preload = ("torch", "numpy", "torchvision", "matplotlib.pyplot")
    with Zygote([PART], preload=preload, limits=Limits(load_seconds=5.0)) as zygote:
        yield zygote


@pytest.fixture(scope="module")
def judge():
    with Judge.for_staff(PART) as judge:
        yield judge


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_right_submission_loses_nothing_but_what_it_says(path, zygote, judge):
    variant = read(path)
    outputs = runner.run(zygote, variant.submission(), PART, variant.probes)
    checks = [c for c in judge.score(outputs) if not variant.only or c.function in variant.only]
    assert checks
    lost = {c.name: c.message for c in checks if c.score < c.max_score}
    assert sorted(lost) == sorted(variant.loses), lost
    told = {c.name: c.message for c in checks if c.status == "passed"}
    for name, words in variant.remarks.items():
        assert words in told[name]
    notes = list(outputs.notes)
    for words in variant.notes:
        assert any(words in note for note in notes), (words, notes)
    assert len(notes) == len(variant.notes), notes


def test_every_variant_says_in_what_it_differs():
    for path in PATHS:
        assert read(path).differs, path.name


def test_there_are_enough_variants_and_no_two_differ_in_the_same():
    variants = [read(path) for path in PATHS]
    assert len(variants) >= 60
    assert sum(not v.only for v in variants) >= 25
    assert len({" ".join(v.differs) for v in variants}) == len(variants)
    assert len({v.source for v in variants}) == len(variants)
