"""The pages: what they say, that nothing in them runs what a student chose, and how they behave."""

from __future__ import annotations

import dataclasses
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from autograder.handins.layouts.entry import Person
from autograder.handins.similarity import Group
from autograder.outputs import Outputs, ProbeStatus
from autograder.reports import networks, webpage
from autograder.reports.diagrams import DIFFERS, MISSING, Diagram, Layer
from autograder.reports.gradebook import Row
from autograder.reports.item_analysis import histogram
from autograder.reports.lines import Lines
from autograder.reports.sheet import About, Earlier, Sheet
from autograder.results import CheckResult, Result
from tests.selection import sample

HOSTILE = [
    "<script>document.title = 'taken'</script>",
    "</style><img src=x onerror=\"document.title='taken'\">",
    '"><svg onload="document.title=1">',
    "{{ 7 * 7 }} {% raw %}",
    "nul\0bell\x07 turned \u202e round",
]


def check(name="shape", status="passed", points=5.0, function="generator", **more):
    score = points if status == "passed" else 0.0
    return CheckResult(
        name, f"It has the right {name}.", score, points, status, function=function, **more
    )


def result(student="ada", statuses=("passed", "failed"), **more):
    checks = tuple(
        check(f"check{i}", status, message="" if status == "passed" else "It is wrong. Mend it.")
        for i, status in enumerate(statuses)
    )
    made = Result("gan_pytorch", student, 0, 0, checks, {"torch": "2.9"}, ("landlock",), (), 0.25)
    total = sum(c.score for c in made.checks), sum(c.max_score for c in made.checks)
    return dataclasses.replace(made, score=total[0], max_score=total[1], **more)


def row(student, statuses=("passed", "failed"), **more):
    return Row(student, (Person(student),), result=result(student, statuses), **more)


def class_of(number):
    """The best pass all of ten checks, the next all but one, and so on."""
    rows = []
    for i in range(number):
        lost = i * 11 // number
        rows.append(row(f"student {i:04d}", ["failed"] * lost + ["passed"] * (10 - lost)))
    return rows


def page_of(rows, alike=()):
    return webpage.class_page("GANs", rows, alike, "a folder each", "the latest counts")


# --- figures -------------------------------------------------------------------------------------


def test_full_points_belong_to_the_last_bar_and_none_to_the_first():
    bars = histogram([0, 9.99, 10, 100, 99, 55], 100)
    assert [bar.count for bar in bars] == [2, 1, 0, 0, 0, 1, 0, 0, 0, 2]
    assert histogram([], 0) == []


def test_discrimination_is_the_gap_between_the_best_and_the_lowest_27_percent():
    results = [r.result for r in class_of(11)]  # three of eleven at each end
    items = webpage.items(results)
    assert items[9].passed == 10  # only the last student lost the last check
    assert items[9].discrimination == pytest.approx(1 / 3)
    assert items[4].discrimination == pytest.approx(1.0)
    assert items[0].rate == pytest.approx(1 / 11)


def test_a_small_class_has_no_discrimination():
    assert webpage.items([r.result for r in class_of(9)])[0].discrimination is None
    assert webpage.items([]) == []


def test_mistakes_are_counted_once_a_student_the_commonest_first():
    def wrong(student, *ids):
        checks = tuple(
            check(f"c{i}", "failed", message=f"told {one}\ntrace", mistake=one)
            for i, one in enumerate(ids)
        )
        return Row(student, (Person(student),), result=Result("p", student, 0, 9, checks))

    rows = [wrong("a", "sum", "sum"), wrong("b", "relu"), wrong("c", "relu")]
    found = webpage.common_mistakes(rows)
    assert [(f[0], f[2], [r.key for r in f[3]]) for f in found] == [
        ("relu", "told relu", ["b", "c"]),
        ("sum", "told sum", ["a"]),
    ]


def test_networks_are_told_from_real_outputs(grader, part, solution_text):
    from autograder.handins.submission import Submission

    submission = Submission("s", part.solution.name, {part.solution.name: solution_text.encode()})
    _, outputs = grader.grade(submission, part)
    found = {n.function: n for n in networks.networks(outputs, {})}
    assert found["discriminator"].weights[0] == ("256 × 784", 200704)
    assert found["discriminator"].total == sum(n for _, n in found["discriminator"].weights)
    assert found["build_dc_generator"].total == 6580801
    page = webpage.student_page([Sheet(result(), list(found.values()))])
    assert "64 × 1 × 4 × 4" in page


def test_a_check_that_an_older_result_lacks_counts_as_not_passed():
    new, old = result("ada", ["passed", "passed"]), result("bob", ["passed"])
    rows = [Row(r.submission, (Person(r.submission),), result=r) for r in (old, new)]
    assert [item.passed for item in webpage.items([old, new])] == [2, 1]
    assert "ada" in page_of(rows)


def test_a_students_page_is_headed_by_their_name_and_leads_nowhere():
    page = webpage.student_page([Sheet(result("submission_17"))], [Person("Ada"), Person("Bob")])
    assert "<h1>Ada, Bob " in page
    assert page.count("submission_17") == 1  # which of their hand-ins it is
    assert "href" not in page.partition("<main>")[2]


def test_what_could_not_be_read_says_so_once_and_was_not_run():
    told = "holds no gan_pytorch.py"
    checks = tuple(
        check(f"c{i}", "error", function=f"f{i}", message=f"f{i}: {told}") for i in range(3)
    )
    page = webpage.student_page(
        [Sheet(dataclasses.replace(result(), checks=checks, seconds=0.0, isolation=()))]
    )
    assert page.count(told) == 1
    assert "Nothing was run" in page and "Isolation" not in page


def test_networks_that_make_no_sense_are_left_out():
    status = {"generator": ProbeStatus("ok")}
    assert networks.networks(Outputs("p", {}, status), {}) == []


# --- what a student chose ------------------------------------------------------------------------


@pytest.mark.parametrize("text", sample(HOSTILE, every=3))
def test_what_a_student_chose_is_text_and_nothing_else(browser, text):
    hostile = dataclasses.replace(
        result(text),
        checks=(check(status="error", message=f"{text}\n{text}", function="f"),),
        notes=(text,),
        environment={text: text},
    )
    plain = Row(text, (Person(text), Person(text)), "2026-01-01T00:00:00+00:00", True, hostile)
    group = Group((text, text), (text,))
    about = About(
        text, text, earlier=(Earlier(1, 0.0, 5.0, "attempts/1/feedback.html"),), attempt=2
    )
    drawn, network = Diagram("f", (Layer(text, text, text),)), networks.Network("f", (), 0, None)
    sheet = Sheet(hostile, [network], about=about, diagrams=[drawn])
    student = webpage.student_page([sheet], [Person(text)])
    assert 'class="network"' in student
    for html, own in ((student, 0), (page_of([plain], [group]), 1)):
        page = browser.new_page()
        page.set_content(html)
        assert "taken" not in page.title() or text in page.title()
        assert page.locator("img, script, svg[onload]").count() == own  # our own scripts
        assert "49" not in page.inner_text("h1")
        assert not {"\0", "\x07", "\u202e"} & set(html)
        page.close()


def test_links_lead_to_names_of_any_script():
    html = page_of([row("山田 #1?"), row("a/b")])
    assert "results/%E5%B1%B1%E7%94%B0%20%231%3F/feedback.html" in html


# --- in a browser --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium to look at pages with")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def pages():
    rows = [*class_of(14), Row("nobody yet", (Person("nobody yet"),), late=True)]
    network = networks.Network("generator", (("1024 × 4", 4096), ("1024", 1024)), 5120, 5000)
    told = result(statuses=["failed", "passed", "error", "skipped"], notes=("It asks for CUDA.",))
    layers = (Layer("Linear", "4 → 9", "9", DIFFERS), Layer("?", mark=MISSING), Layer("Tanh"))
    drawn = Diagram("generator", layers)
    two = Lines("generator", "Two lines.", "0,0 9,9", "0,0 9,5", 9.0, ("start", "end"))
    return {
        "class": page_of(
            rows, [Group(tuple(f"student {n:04}" for n in range(1, 31)), ("bce_loss", "generator"))]
        ),
        "student": webpage.student_page(
            [Sheet(told, [network], diagrams=[drawn], lines={"generator": two})]
        ),
    }


@pytest.mark.parametrize(
    ("name", "scheme"),
    sample(
        [("class", "light"), ("class", "dark"), ("student", "dark"), ("student", "light")],
        every=2,
        kind=lambda it: it[0],
    ),
)
def test_pages_are_accessible_and_fit_a_phone(browser, name, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 375, "height": 800})
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(pages()[name])
    serious = [
        (found["id"], found["nodes"][0]["html"])
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
    ]
    assert serious == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert asked == []
    context.close()


def test_students_can_be_filtered_and_sorted(browser):
    page = browser.new_page()
    page.set_content(pages()["class"])
    lines = page.locator("#roll tbody tr")
    page.fill("input[type=search]", "0003")
    assert lines.filter(visible=True).count() == 1
    page.fill("input[type=search]", "")
    head = page.locator("#roll th", has_text="points").first
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert "nobody yet" in lines.first.inner_text()
    head.get_by_role("button").click()
    assert "student 0000" in lines.first.inner_text()
    page.close()


# --- size ----------------------------------------------------------------------------------------


def test_equal_results_make_equal_pages():
    assert pages() == pages()


def test_a_class_of_two_thousand_fits_in_a_page():
    assert len(page_of(class_of(2000))) < 3_000_000


def test_an_empty_class_says_so():
    assert "Nothing is graded yet" in page_of([])
