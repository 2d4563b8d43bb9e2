"""What the documentation says besides commands: options, Python, messages that it quotes, examples."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap

import click
import pytest

from autograder.cli import main
from autograder.mistake import Mistake, apply, swap
from autograder.parts import PACKAGE, ROOT
from tests.documentation import FENCE, PAGES, commands, name


def test_blocks_spans_and_tables_are_seen_with_their_lines():
    page = textwrap.dedent("""\
        Type `autograder grade
        a.py`, not `autograder.grade`, nor `python`.

        ```sh
        pip install x && autograder frobnicate  # twice
        ```

        | a row | `make nothing` |

        1. a step

            ```console
            $ otter run
            what it prints
            ```

        ```
        a tree/  of files, by `make tree`
        python -m venv here
        ```
        """)
    assert [(c.line, c.text) for c in commands("page.md", page)] == [
        (1, "autograder grade a.py"),
        (5, "pip install x"),
        (5, "autograder frobnicate"),
        (8, "make nothing"),
        (13, "otter run"),
        (18, "make tree"),
        (19, "python -m venv here"),
    ]


def test_every_option_that_a_page_names_exists():
    """As in "with `--fresh`": it belongs to the autograder, or to a command of the same page."""

    def options(command: click.Command) -> set[str]:
        own = {word for p in command.params for word in (*p.opts, *p.secondary_opts)}
        return own.union(*(options(one) for one in getattr(command, "commands", {}).values()))

    known = options(main.main) | {"--help"}
    for path in PAGES:
        text = path.read_text()
        typed = {w for c in commands(name(path), text) for w in shlex.split(c.text)}
        for option in re.findall(r"`(--[a-z][\w-]*)", text):
            assert option in known | typed, f"{name(path)}: {option}"


# --- Python and messages ------------------------------------------------------------------------


def test_blocks_of_python_are_python():
    for path in PAGES:
        text = path.read_text()
        for block in FENCE.finditer(text):
            if block["kind"] == "python":
                above = "\n" * text.count("\n", 0, block.start("text"))  # so that its line is told
                compile(above + textwrap.dedent(block["text"]), name(path), "exec")


def test_what_the_students_page_quotes_is_what_the_autograder_says():
    page = (ROOT / "docs" / "student.md").read_text()
    section = page.split("## If something is odd")[1].split("\n## ")[0]
    said = "\n".join(path.read_text() for path in sorted(PACKAGE.rglob("*.py")))
    quoted = re.findall(r'\*"(.+?)"\*', section, re.S)
    assert len(quoted) >= 3
    for phrase in quoted:  # a number in it stands for one that the code fills in
        words = re.escape(" ".join(phrase.split()))
        assert re.search(re.sub(r"\d+", r"(?:\\d+|\\{[^{}]+\\})", words), said), phrase


# --- a check in four steps --------------------------------------------------------------------


@pytest.mark.exhaustive(reason="8 s; the quick run adds a whole part")
def test_a_check_added_in_four_steps_catches_what_it_is_for(tmp_path):
    """Follow the README in a copy; of the known mistakes only the new one, to record in seconds."""
    section = (ROOT / "README.md").read_text().split("## Add a check in four steps")[1]
    blocks = [textwrap.dedent(block["text"]) for block in FENCE.finditer(section)]
    probe, check = blocks
    for folder in ("autograder", "solutions", "checks"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    head, _, line = probe.splitlines()
    probes = tmp_path / "autograder" / "probes" / "gan_pytorch.py"
    before, function, after = probes.read_text().partition(head.split("(")[0])
    assert function
    probes.write_text(before + function + after.replace("\n    return", f"\n{line}\n    return", 1))
    suite = tmp_path / "autograder" / "suites" / "test_gan_pytorch.py"
    suite.write_text(f"{suite.read_text()}\n\n{check}")
    mistakes = tmp_path / "autograder" / "mistakes" / "gan_pytorch"
    told = "A single number comes without its shape."
    shutil.rmtree(mistakes)
    mistakes.mkdir()
    change = "swap('return ...', 'return (...).squeeze()')"
    (mistakes / "sample_noise.py").write_text(
        "from autograder.mistake import Mistake, swap\n\n"
        f"MISTAKES = (Mistake('single-squeezed', {change},\n {told!r}, 'Keep both dimensions.'),)\n"
    )

    solution = (tmp_path / "solutions" / "gan_pytorch.py").read_text()
    wrong = Mistake("", swap("torch.rand(...)", "_.squeeze()"), "", "", "sample_noise")
    (tmp_path / "wrong.py").write_text(apply(wrong, solution))
    said = []
    for words in (
        ("record", "gan_pytorch"),
        ("grade", "solutions/gan_pytorch.py"),
        ("grade", "wrong.py", "--part", "gan_pytorch"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path), "COLUMNS": "120"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said.append(done.stdout)
    assert "101/101" in said[1]
    assert "A single number of noise can be drawn." in said[2]
    assert "100/101" in said[2] and told in said[2]
