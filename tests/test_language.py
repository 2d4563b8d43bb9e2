"""The language that students read: nothing lacks a translation, and what is unknown stays whole."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import language
from autograder.cli.main import main
from autograder.errors import AutograderError, SourceError
from autograder.language import Catalogue, translate, use
from autograder.mistake import load_mistakes
from autograder.notebook import Report
from autograder.outputs import SAID
from autograder.parts import PARTS
from autograder.reports import gradescope, terminal
from autograder.reports.sheet import Sheet
from autograder.reports.webpage import student_page
from autograder.staff import catalogues, contents
from autograder.staff.messages import messages, said, sentences
from tests.test_terminal import printed
from tests.test_webpage_student import made, result

TEXTS = messages()
ENGLISH = re.compile(r"(?:\b[A-Za-z]{3,} ){4}")  # five words in a row: no name, no code
SLIP = "The noise lies in (0, 1); half of the interval is missing."
UNIFORM = "Noise is spread evenly over the whole of (-1, 1)."


def chinese(text):
    with use("zh"):
        return translate(text)


def test_every_text_has_a_translation_with_the_same_placeholders_and_the_files_are_compiled():
    lacks = catalogues.stale("zh", TEXTS)
    assert not lacks.missing, "run `autograder messages zh`, and translate:\n" + "\n".join(
        lacks.missing
    )
    assert not lacks.wrong
    assert not lacks.old, "run `autograder messages zh`"


def test_every_known_mistake_is_told_in_chinese():
    for part in PARTS:
        for mistake in load_mistakes(part, recorded=False):
            told = chinese(f"{mistake.function}: {mistake.says} {mistake.hint}".strip())
            assert not ENGLISH.search(told), told
            assert told.startswith(f"{mistake.function}: "), told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sample_noise: some noise lies outside [-1, 1]", "sample_noise: 部分噪声超出 [-1, 1]"),
        (
            "returns shape (3, 1, 28, 28); expected (3, 784): is the last layer missing?",
            "返回形状 (3, 1, 28, 28)；应为 (3, 784)：是否缺少最后一层？",
        ),
        ("Sigmoid stands where the second Tanh belongs.", "应为第二个 Tanh 的位置上是 Sigmoid。"),
        (
            "The argument lr of Adam is 0.1, not what is asked for.",
            "Adam 的参数 lr 是 0.1，与要求不同。",
        ),
        (
            "G_block with strides=1, padding=0: its outputs differ from the described ones",
            "G_block（strides=1, padding=0）：输出与说明的网络不同",
        ),
        (
            "counts once this check passes: " + UNIFORM,
            "这项检查通过后才计分：噪声在整个区间 (-1, 1) 上均匀分布。",
        ),
        (SLIP + " Nobody knows this.", "噪声位于 (0, 1)；缺了半个区间。Nobody knows this."),
    ],
)  # fmt: skip
def test_what_stands_at_a_placeholder_is_kept_or_translated_too(text, told):
    assert chinese(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "the quick brown fox is red.",
        "ValueError: something else; with words. And more: of them.",
        "NameError: name 'x' is not defined\n  line 4, in f\nThe noise is a list.",
        "x" * 5000,
        "is. " * 400,
        "",
    ],
)
def test_an_unknown_text_stays_english_and_whole(text):
    assert chinese(text) == text


def test_a_placeholder_takes_equal_texts_twice_and_never_none():
    catalogue = Catalogue.of(
        {"{n} of {n} lines are too long": "{n}!", "a {n} is very long": "b {n}"}
    )
    assert catalogue.translate("3 of 3 lines are too long") == "3!"
    assert catalogue.translate("3 of 4 lines are too long") == "3 of 4 lines are too long"
    assert catalogue.translate("a  is very long") == "a  is very long"


def lost_noise():
    check = made(
        "sample_noise", ("failed", f"{SLIP} Stretch it to twice the length, then shift it.")
    )
    return result(
        check, notes=("asks for CUDA or another GPU; served on the CPU, which computes the same",)
    )


def test_pages_terminal_notebook_and_gradescope_speak_it_and_the_result_stays_english():
    lost = lost_noise()
    before = lost.to_json()
    with use("zh"):
        page, shown = student_page([Sheet(lost)]), printed(terminal.render([lost]))
        cell = repr(Report("sample_noise", lost.checks, lost.notes))
        uploaded = gradescope.render([lost]).decode()
    for text in (page, shown, cell, uploaded):
        assert "噪声位于 (0, 1)；缺了半个区间。先把它拉伸到两倍长，再平移。" in text.replace(
            "\n", ""
        )
    assert '<html lang="zh">' in page and "要求 CUDA 或其他 GPU" in page
    assert not ENGLISH.search(re.sub(r"<style>.*?</style>|<[^>]+>", "", page, flags=re.DOTALL))
    assert lost.to_json() == before and "噪声" not in before
    assert "噪声" not in student_page([Sheet(lost)])


def test_what_the_students_code_says_is_marked_and_kept():
    raised = ("error", "ZeroDivisionError: ouch")
    (check,) = made("sample_noise", raised)
    shown = printed_in_chinese([dataclasses.replace(check, message=SAID + check.message)])
    assert "来自你的代码：ZeroDivisionError: ouch" in shown


def printed_in_chinese(*checks):
    with use("zh"):
        return printed(terminal.render([result(*checks)]))


def test_a_third_language_is_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    texts = {UNIFORM: "suite", "returns {got}; expected {right}": "suite"}
    lacks = catalogues.update("eo", texts, tmp_path)
    assert set(lacks.missing) == set(texts)
    path = catalogues.path_of("eo", "autograder", tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('right}"\nmsgstr ""', 'right}"\nmsgstr "{right}, ne {got}"'), encoding="utf-8"
    )
    assert catalogues.update("eo", texts, tmp_path).missing == (UNIFORM,)
    one = language.catalogue("eo", tmp_path)
    assert one.translate("f: returns 3; expected 4") == "f: 4, ne 3"
    assert one.translate(UNIFORM) == UNIFORM
    assert language.languages(tmp_path) == ["en", "eo"]


def test_a_translation_with_a_placeholder_that_the_text_lacks_is_told(tmp_path):
    known = {"a {x} is long": "{y}!", "%(n)s checks": "checks", "fine {x} here": "{x}"}
    lacks = catalogues.state(known, dict.fromkeys(known, "suite"))
    assert lacks.wrong == ("a {x} is long", "%(n)s checks")


@pytest.mark.parametrize(
    ("name", "problem"), [("xx", "no texts in the language 'xx'"), ("../zh", "no texts")]
)
def test_a_language_without_texts_is_an_error_that_names_the_others(name, problem):
    with pytest.raises(AutograderError, match=problem), use(name):
        pass


def test_no_language_and_no_po_file_are_errors(tmp_path):
    with pytest.raises(SourceError, match="not the code of a language"):
        catalogues.update("qqqq", TEXTS, tmp_path)
    path = catalogues.path_of("zh", "autograder", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text("no catalogue\n")
    with pytest.raises(SourceError, match=r"not a \.po file"):
        catalogues.update("zh", TEXTS, tmp_path)


def test_students_have_the_public_texts_and_no_others():
    files = contents.students()
    names = {name for name in files if name.startswith("locale/")}
    assert names == {"locale/zh/LC_MESSAGES/autograder.mo"}
    words = files[names.pop()].decode(errors="replace")
    assert UNIFORM in words and "噪声在整个区间 (-1, 1) 上均匀分布。" in words
    hidden = [text for text, where in TEXTS.items() if where.startswith("staff/")]
    assert len(hidden) > 1000 and not [text for text in hidden if f"\0{text}\0" in words]


def test_texts_are_collected_from_f_strings_and_from_calls():
    source = (
        'def f():\n    """Not a text to show."""\n'
        '    require(x, f"{name}: gives {x.y} of {n} numbers")\n'
    )
    assert list(sentences(source)) == ["gives {1} of {n} numbers"]
    assert list(said('say("{n} done", n=3)')) == ["{n} done"]


def test_the_command_says_which_language_there_is():
    shown = CliRunner().invoke(main, ["check", str(Path(__file__)), "--language", "xx"])
    assert shown.exit_code == 1 and "there are: en, zh" in shown.output
