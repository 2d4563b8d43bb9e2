"""The page on versions of PyTorch says what was measured, and which names differ."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from importlib.metadata import version

from autograder.parts import ROOT

SCRIPT = ROOT / "docs" / "versions.py"
VERSIONS = runpy.run_path(str(SCRIPT))


def measured(torch, named):
    figures = {"mistakes": 2, "caught": 2, "exact": 2, "named": named, "left out": 0}
    figures |= {"variants": 3, "accepted": 3, "unlisted": 5, "unlisted lose": 5, "false": 0}
    return {"torch": torch, "parts": dict.fromkeys(VERSIONS["PARTS"], figures)}


def test_versions_that_name_alike_are_said_to():
    same = {"a": ["a"], "b": ["b"]}
    page = VERSIONS["page"]([measured("2.2.2", same), measured("2.14.1", same)], "torch 2.14.1")
    assert "with torch 2.14.1" in page
    assert page.count("| 2.2.2 | 2 of 2 | 2 of 2 | 2 of 2 | 0 | 3 of 3 | 5 of 5 | 0 |") == 4
    assert page.count("All versions name each mistake alike.") == 4


def test_a_mistake_with_another_name_is_listed():
    one, other = {"a": ["a"], "b": ["b"]}, {"a": ["None"], "b": ["b"]}
    page = VERSIONS["page"]([measured("2.2.2", other), measured("2.14.1", one)], "torch 2.14.1")
    assert "- `a`: None with 2.2.2; a with 2.14.1" in page
    assert "| 2.2.2 | 2 of 2 | 2 of 2 | 1 of 2 |" in page
    assert "- `b`" not in page


def test_the_page_in_the_docs_has_every_version_and_part():
    page = (ROOT / "docs" / "versions.md").read_text()
    for part in VERSIONS["PARTS"]:
        assert f"## {part}" in page
    for torch in ("2.2", "2.6", "2.10", "2.14"):
        assert page.count(f"\n| {torch}.") == len(VERSIONS["PARTS"])


def test_the_script_measures_with_the_interpreter_it_is_given():
    """Without parts, as each takes minutes; `accuracy.measure` has tests of its own."""
    code = f"import json, runpy; measure = runpy.run_path({str(SCRIPT)!r})['measure_here']"
    code += "; measure.__globals__['PARTS'] = (); print(json.dumps(measure()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert json.loads(done.stdout) == {"torch": version("torch").partition("+")[0], "parts": {}}
