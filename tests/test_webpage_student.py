"""A student's page: what to mend comes first, one sentence where all failed, earlier attempts."""

from __future__ import annotations

import dataclasses
import re

import pytest

from autograder import parts
from autograder.handins.layouts.entry import Person
from autograder.reports import functions, webpage
from autograder.reports.sheet import About, Earlier, Sheet
from autograder.results import CheckResult, Result

LOST = ("failed", "Mend it.")


def made(function, *ends, points=2.0):
    """Return checks of a function; each end is a status, or a status and a message."""
    checks = []
    for number, end in enumerate(ends):
        status, message = (end, "") if isinstance(end, str) else end
        name = f"{function}_{number}"
        score = points if status == "passed" else 0.0
        told = f"{function}: {message}" if message else ""
        checks.append(
            CheckResult(name, f"{name} is right.", score, points, status, told, function=function)
        )
    return checks


def result(*checks, part="gan_pytorch", **more):
    flat = tuple(check for group in checks for check in group)
    score, full = sum(c.score for c in flat), sum(c.max_score for c in flat)
    return Result(part, "ada", score, full, flat, **more)


def page_of(*checks, about=None, **more):
    sheet = Sheet(result(*checks, **more), about=about or About())
    return webpage.student_page([sheet], [Person("Ada")])


def shown(html):
    """Return the text that is seen before anything is opened."""
    body = html.partition("<main>")[2]
    folded = re.sub(r"<details>\s*<summary>(.*?)</summary>.*?</details>", r"\1", body, flags=re.S)
    return re.sub(r"<[^>]+>", " ", folded)


def test_what_is_lost_comes_first_in_the_files_order_with_subtotals():
    page = page_of(
        made("sample_noise", "passed"),
        made("build_dc_classifier", LOST, "passed"),
        made("bce_loss", "passed", "passed", LOST),
    )
    text = shown(page)
    places = [text.index(name) for name in ("bce_loss", "build_dc_classifier", "sample_noise")]
    assert places == sorted(places)  # as in the file: the networks with convolutions are last there
    assert "4/6" in text and "2/4" in text and "2 checks passed" in text
    assert "Begin with bce_loss" in " ".join(text.split())
    assert "bce_loss_2 is right." in text and "bce_loss_0 is right." not in text


def test_the_order_is_that_of_the_file_which_students_get():
    names = functions.in_file("gan_pytorch")
    part = parts.get("gan_pytorch")
    assert {*part.functions()} <= {*names}
    assert names.index("get_optimizer") < names.index("build_dc_classifier")
    assert functions.in_file("no such part") == ()


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("error", "holds no gan_pytorch.py, only gan_pytorch.docx"),
        ("error", "the program aborted, or your code ended it with os._exit(6)"),
        ("error", "from your code: gan_pytorch.py, line 1: SyntaxError\n    hello world"),
        ("skipped", "still to do"),
    ],
)
def test_a_file_that_failed_as_a_whole_is_told_in_one_sentence(status, message):
    lost = [made(f"f{i}", *[(status, message)] * 3) for i in range(10)]
    page = page_of(*lost)
    text = shown(page)
    assert text.count(message.partition("\n")[0]) == 1
    assert "is right" not in text and "30 checks" in text
    assert functions.failed_whole(result(*lost)) == message


def test_functions_that_fail_alike_share_a_card_with_a_trace_each():
    told = "from your code: NameError: name 'torch' is not defined"
    lost = [made(f"f{i}", ("error", f"{told}\n  line {i}")) for i in range(3)]
    text = shown(page_of(*lost, made("g", LOST, "passed")))
    assert text.count("NameError") == 1 and "f0, f1, f2" in text
    assert "line 0" in text and "line 2" in text and "0/6" in text


def test_a_function_of_which_something_was_judged_stands_alone():
    groups = functions.alike(
        functions.functions_of(
            result(*(made(f"f{i}", ("skipped", "still to do"), "passed") for i in range(2)))
        )
    )
    assert [len(group) for group in groups] == [1, 1]


def test_nothing_is_to_be_mended_where_all_passed():
    text = shown(page_of(made("f", "passed", ("passed", "judged with a right bce_loss"))))
    assert "Every check passes." in text and "What to do next" not in text
    assert "with a remark" in text


def test_the_head_tells_part_file_time_and_attempts():
    before = [Earlier(i, 10.0 * i, 100.0, f"attempts/{i}/feedback.html") for i in (1, 2)]
    about = About("my homework (2).py", "2026-03-01T18:00:00+00:00", True, 3, before)
    page = page_of(made("f", LOST), about=about)
    text = " ".join(shown(page).split())
    assert "Part GANs on handwritten digits" in text and "File my homework (2).py" in text
    assert "Handed in 2026-03-01 18:00 UTC late" in text
    assert "Attempt 3; before: attempt 2 (20 of 100)" in text and "attempt 1 (10 of 100)" in text
    assert 'href="attempts/2/feedback.html"' in page


def test_several_parts_have_a_head_each():
    sheets = [
        Sheet(result(made("f", LOST), part=name), about=About(f"{name}.py", attempt=i))
        for i, name in enumerate(("gan_pytorch", "gaussian_gan"), 1)
    ]
    text = " ".join(shown(webpage.student_page(sheets)).split())
    assert "gan_pytorch: 0 of 2 GANs on handwritten digits · gan_pytorch.py · attempt 1" in text
    assert "gaussian_gan.py · attempt 2" in text


def test_a_students_page_needs_no_script():
    page = page_of(made("f", LOST))
    assert "<script" not in page and "script-src" not in page


def test_the_function_to_mend_next_is_the_first_that_lost_something():
    whole = result(made("sample_noise", "passed"))
    half = dataclasses.replace(
        result(made("update_G", LOST), made("net_D", LOST)), part="gaussian_gan"
    )
    assert functions.next_of([whole, half]) == "net_D"
    assert functions.next_of([whole]) == ""
