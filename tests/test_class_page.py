"""The class's page: a heat map, figures of each function, who has no points and why, names in order."""

from __future__ import annotations

import dataclasses
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from autograder.handins.layouts.entry import Person
from autograder.parts import PARTS
from autograder.reports import course, figures, webpage
from autograder.reports.gradebook import Row
from autograder.reports.ordering import in_order, name_of, names_of, sort_key
from tests.selection import sample
from tests.test_webpage import browser  # noqa: F401  (a fixture)
from tests.test_webpage_student import LOST, made, result

TOLD = "from your code: gan_pytorch.py, line 1: SyntaxError: invalid syntax\n    hello"


def row(student, *checks, people=(), **more):
    return Row(
        student, tuple(map(Person, people)) or (Person(student),), result=result(*checks), **more
    )


def page_of(rows, **more):
    return webpage.class_page("GANs", rows, (), "a folder each", "the latest counts", **more)


def ran(made_result):
    return dataclasses.replace(made_result, seconds=1.0, isolation=("landlock",))


# --- figures -------------------------------------------------------------------------------------


def test_quartiles_and_spread():
    spread = figures.spread_of([0, 50, 60, 70, 100])
    assert (spread.low, spread.median, spread.high, spread.mean) == (50, 60, 70, 56)
    assert spread.deviation == pytest.approx(36.469, abs=1e-3)
    assert figures.spread_of([]) is None and figures.spread_of([7]).deviation is None


def test_colours_tell_quarters_and_all_and_nothing():
    levels = [figures.Cell(score, 8).level for score in (8, 7, 6, 5, 4, 3, 2, 1, 0)]
    assert levels == [0, 1, 1, 2, 2, 3, 3, 4, 5]


@pytest.mark.parametrize(
    ("state", "checks"),
    [
        ("still the stub", [("skipped", "still to do")]),
        ("no file to grade", [("error", "holds no gan_pytorch.py, only gan_pytorch.docx")]),
        ("syntax error", [("error", TOLD)]),
        ("0 points", [LOST]),
        ("", [LOST, "passed"]),
    ],
)
def test_why_a_student_has_no_points(state, checks):
    found = result(*(made(f"f{i}", *checks) for i in range(3)))
    assert figures.state_of(found if "file" in state else ran(found)) == state


def test_a_syntax_error_in_one_function_is_told_too():
    found = ran(result(made("f", ("error", TOLD)), made("g", "passed")))
    assert figures.state_of(found) == "syntax error"
    noted = "from your code: gan_pytorch.py, line 167 is not Python (invalid syntax)"
    assert figures.state_of(ran(result(made("g", "passed"), notes=(noted,)))) == "syntax error"


def test_those_without_points_stand_apart_from_the_distribution():
    stub = ran(result(made("f", ("skipped", "still to do"))))
    wrong = ran(result(made("f", LOST)))
    right = ran(result(made("f", "passed")))
    bars, apart = figures.distribution([stub, stub, wrong, right], 2.0)
    assert [bar.count for bar in bars] == [0] * 9 + [1]
    assert apart == [("0 points", 1), ("still the stub", 2)]


def test_functions_have_their_means_in_the_files_order():
    results = [
        result(made("build_dc_generator", "passed"), made("bce_loss", "passed", LOST)),
        result(made("build_dc_generator", LOST), made("bce_loss", "passed", "passed")),
    ]
    told = figures.of_functions(results)
    assert [(one.name, one.spread.mean, one.full, one.whole) for one in told] == [
        ("bce_loss", 3.0, 4.0, 1),
        ("build_dc_generator", 1.0, 2.0, 1),
    ]


# --- names ---------------------------------------------------------------------------------------


def test_names_are_sorted_as_people_read_them():
    names = [
        "Ada", "Åsa", "Bo", "Ćira", "de la Cruz", "Đức", "Émile", "Eve", "İpek", "Lena", "Łukasz",
        "Lza", "Øyvind", "Öztürk", "Zoë", "Ωμέγα", "山田",
    ]  # fmt: skip
    assert sorted(names, key=sort_key) == names
    rows = [row(f"folder {i}", people=[name]) for i, name in enumerate(reversed(names))]
    assert [name_of(one) for one in in_order(rows)] == names


def test_people_are_called_by_name_unless_two_have_the_same():
    rows = [
        row("ada-1", people=["Ada"]),
        row("ada-2", people=["Ada"]),
        row("x", people=["Bo", "Cy"]),
    ]
    assert names_of(rows) == {"ada-1": "ada-1", "ada-2": "ada-2", "x": "Bo, Cy"}
    page = page_of(rows)
    assert ">Bo, Cy</a>" in page and "<small>x</small>" in page and "<small>Ada</small>" in page


# --- the pages -----------------------------------------------------------------------------------


def test_the_heat_map_has_a_number_in_every_cell():
    rows = [
        row("ada", made("f", "passed"), made("g", LOST, "passed")),
        row("bo", made("f", LOST)),
        Row("cy", (Person("cy"),)),
    ]
    page = page_of(rows, tables=["gradebook.csv"], up="../../index.html")
    table = page.partition('id="roll"')[2].partition("</table>")[0]
    cells = re.findall(r'<td class="cell([^"]*)">([^<]*)</td>', table)
    assert cells == [("", "2"), (" h2", "2"), (" h5", "0"), ("", "–"), ("", "–"), ("", "–")]
    assert 'href="gradebook.csv"' in page and 'href="../../index.html"' in page


def course_of():
    graded = []
    for number, part in enumerate(PARTS[:3]):
        rows = [
            row("ada", made("f", "passed")),
            row("bo", made("f", LOST, "passed")),
            row("cy", made("f", LOST)) if number else Row("cy", (Person("cy"),)),
        ]
        graded.append(course.Graded(part, rows, f"parts/{part.name}/index.html"))
    return course.page(graded, "a folder each", "the latest counts", ["gradebook.csv"])


def test_several_parts_have_totals_and_figures():
    page = course_of()
    table = page.partition('id="roll"')[2].partition("</table>")[0]
    sums = re.findall(r'<td class="sum"[^>]*>([^<]*)</td>', table)
    assert sums == ["6", "6", "–"]
    assert 'href="parts/dcgan/index.html"' in page and "gradebook.csv" in page
    figures_of = page.partition('class="spread"')[2].partition("</table>")[0]
    assert "<code>total</code>" in figures_of


def large_class():
    names = [f"function_number_{n}" for n in range(15)]
    rows = [
        row(f"student {i}", *(made(name, *([LOST] * (i % 3)), "passed") for name in names),
            people=[f"Maximiliane Sophie von Hohenstein-{i}"], submitted="2026-03-01T18:00:00+00:00")
        for i in range(6)
    ]  # fmt: skip
    return page_of([*rows, row("stub", made(names[0], ("skipped", "still to do")), late=True)])


@pytest.mark.parametrize(
    ("page", "width"),
    sample([("class", 390), ("class", 1000), ("course", 390), ("course", 1000)], every=2,
           kind=lambda it: it[0]),
)  # fmt: skip
def test_no_column_is_off_the_screen_and_all_is_accessible(browser, page, width):  # noqa: F811
    shown = browser.new_page(viewport={"width": width, "height": 800})
    shown.set_content(large_class() if page == "class" else course_of())
    hidden = "[...document.querySelectorAll('.wide')].filter(e => e.scrollWidth > e.clientWidth)"
    assert shown.evaluate(f"{hidden}.length") == 0
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(shown).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    shown.close()
