"""The benchmarks that take minutes still set up what they measure."""

from __future__ import annotations

import subprocess

import pytest

from autograder import parts
from autograder.handins import roster
from autograder.parts import ROOT
from tests.selection import sample

PART = parts.get("gan_pytorch")


@pytest.fixture
def benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks" / "peers"))


def test_a_class_is_made_up_of_every_kind_and_always_the_same(benchmarks, tmp_path):
    import class_grading

    for name in ("one", "two"):
        class_grading.make_class(tmp_path / name, 60)
    one, two = (
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.*")}
        for name in ("one", "two")
    )
    assert one == two
    assert all(any(f"({kind})" in str(path) for path in one) for kind in class_grading.KINDS)
    assert len(roster.find_class(tmp_path / "one", PART).entries) == 60


@pytest.mark.parametrize("wrong", sample([True, False], every=2))
def test_the_peers_checks_pass_the_solution_and_fail_a_stub(benchmarks, tmp_path, wrong):
    import contenders

    one = contenders.pytest(tmp_path, 1)
    if wrong:
        (tmp_path / "student0" / "gan_pytorch.py").write_bytes(PART.stub.read_bytes())
    done = subprocess.run(list(map(str, one.one)), cwd=tmp_path, capture_output=True)
    assert (one.points(), done.returncode) == ((0, 1) if wrong else (1, 0))


PRINTED = """\
       One class
┏━━━━━━┳━━━━━━━━━┓
┃ what ┃ seconds ┃
┡━━━━━━╇━━━━━━━━━┩
│ ours │    0.25 │
│ none │         │
└──────┴─────────┘
goal: reached (1.24)
{"failures": 0}
"""


def test_what_a_benchmark_prints_stands_on_its_page_as_a_table(benchmarks):
    from as_markdown import as_markdown

    assert as_markdown(PRINTED) == (
        "**One class**\n\n| what | seconds |\n| --- | ---: |\n| ours | 0.25 |\n| none |  |\n\n"
        "goal: reached (1.24)"
    )
