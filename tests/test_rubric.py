"""The rubric says what the suites and solutions say, and the page of the docs is up to date."""

from __future__ import annotations

import dataclasses
import re

import pytest

from autograder import parts
from autograder.judging.check import Check
from autograder.parts import ROOT
from autograder.staff import rubric

PAGE = ROOT / "docs" / "rubric.md"


def made(**changed: object) -> Check:
    check = Check("loss", "The loss is right.", 4.0, "loss", None, True)
    return dataclasses.replace(check, **changed)


def test_the_page_of_the_docs_is_what_the_command_prints(autograder):
    done = autograder("rubric")
    assert done.exit_code == 0
    written = PAGE.read_text().replace(
        "`autograder rubric --output docs/rubric.md`", "`autograder rubric`"
    )
    assert written == done.stdout, "run `autograder rubric --output docs/rubric.md`"


def test_every_part_is_on_it_with_its_points_and_its_functions_in_the_order_of_the_file():
    text = PAGE.read_text()
    for part in parts.known():
        _, section = text.split(f"\n## {part.name}\n")
        section = section.partition("\n## ")[0]
        rows = re.findall(
            r"^\| (?:`(\w+)`, ([\d.]+))? \| .+ \| ([\d.]+) \| (?:public)? \|$", section, re.M
        )
        assert sum(float(points) for *_, points in rows) == (20 if part.trains else 100)
        assert sum(float(whole) for _, whole, _ in rows if whole) == (20 if part.trains else 100)
    found = re.findall(
        r"^\| `(\w+)`, ", text.split("\n## gan_pytorch\n")[1].partition("\n## ")[0], re.M
    )
    stub = parts.get("gan_pytorch").stub.read_text()
    assert found == sorted(found, key=lambda name: stub.index(f"\ndef {name}("))


def test_public_points_are_told_beside_all_points():
    two = [made(), made(points=6.0, public=False, title="It has *gradients* | more.")]
    one = rubric.Rubric(parts.get("gan_pytorch"), two, rubric.Work(1, 3, 0))
    text = rubric.page([one], "autograder rubric")
    assert "10 points, 4 of them public." in text
    assert "| `loss`, 10 | The loss is right. | 4 | public |" in text
    assert r"|  | It has \*gradients\* \| more. | 6 |  |" in text


@pytest.mark.parametrize(
    ("work", "hours"),
    [
        (rubric.Work(1, 1, 0), (1, 1)),  # never "0 hours"
        (rubric.Work(6, 30, 0), (2, 3)),
        (rubric.Work(6, 30, 6), (4, 5)),
    ],
)
def test_hours_follow_from_what_is_counted(work, hours):
    assert work.hours == hours


def test_lines_are_those_that_are_cut_from_the_stub_and_questions_those_of_the_notebook():
    told = rubric.work(parts.get("dcgan"))
    source = parts.get("dcgan").solution.read_text()
    assert told.lines > 0 and told.functions == len(parts.get("dcgan").functions())
    longer = source.replace(
        "### BEGIN SOLUTION\n", "### BEGIN SOLUTION\n    # why\n\n    x = 1\n", 1
    )
    assert rubric._marked(longer) == rubric._marked(source) + 1
    assert (
        rubric._marked("### BEGIN SOLUTION\na = 1\n### STUB\n# a = 2\n### END SOLUTION\nb = 1") == 1
    )
    assert rubric.work(parts.get("gan_pytorch")).questions == 3
    assert rubric.work(parts.get("gan_learning")) == rubric.Work(0, 0, 0)


def test_the_students_page_tells_the_hours_of_the_rubric():
    page = (ROOT / "docs" / "student.md").read_text()
    told = dict(re.findall(r"^\| `(\w+)` \| (\d+ to \d+) \|$", page, re.M))
    hours = {part.name: rubric.work(part).hours for part in parts.PARTS}
    assert told == {name: f"{low} to {high}" for name, (low, high) in hours.items()}
