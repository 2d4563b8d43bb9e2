"""Variants: correct submissions that differ from the solution, in tests/variants/<part>/."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SourceError
from autograder.handins.submission import Submission
from autograder.judging.scoring import Judge
from autograder.outputs import Outputs
from autograder.parts import Part
from autograder.results import CheckResult
from autograder.running import runner
from autograder.running.protocol import Workers

HEADER = re.compile(r"^# (differs|only|loses|note|remark): (.+)$")


def is_lost(check: CheckResult) -> bool:
    """Return whether a check was lost by itself; one that was withheld was lost because of another."""
    return check.score < check.max_score and not check.withheld


def lost_checks(judge: Judge, outputs: Outputs, function: str = "") -> list[CheckResult]:
    """Return the checks that outputs lose by themselves: all, or only those of one function."""
    checks = [check for check in judge.score(outputs) if is_lost(check)]
    return [check for check in checks if not function or check.function == function]


@dataclass(frozen=True, slots=True)
class Variant:
    """A correct submission that differs from the solution, and what its header says about it.

    The header is comments at the top of the file, or of a notebook's first cell:

        # differs: how it differs from the solution
        # only: function, function    (it defines only these; the rest comes from the solution)
        # loses: check (reason)       (a check that it does not pass, and must not)
        # note: text                  (a note in its report has this text; there is no other note)
        # remark: check: text         (the remark of a check that it passes has this text)
    """

    path: Path
    source: bytes
    differs: tuple[str, ...]
    only: tuple[str, ...]
    loses: Mapping[str, str]
    notes: tuple[str, ...]
    remarks: Mapping[str, str]

    def probes(self, part: Part) -> list[str]:
        """Return the probes to run: all, or those of the functions that the file defines."""
        return part.probes_of(*self.only) if self.only else part.probe_names()

    def submission(self, part: Part) -> Submission:
        """Return it as a student would hand it in."""
        name = part.stem + self.path.suffix
        source = self.source
        if self.only:
            source = part.solution.read_bytes() + b"\n\n" + source
        return Submission(self.path.name, name, {name: source})


def variants(part: Part) -> list[Path]:
    """Return the files of a part's variants; raise SourceError outside a checkout."""
    if not part.variants.is_dir():
        raise SourceError(f"{part.variants}: not found; accuracy is measured in a checkout")
    return sorted(p for p in part.variants.iterdir() if p.suffix in (".py", ".ipynb"))


def read_variant(path: Path) -> Variant:
    """Read a variant and its header."""
    source = path.read_bytes()
    header: dict[str, list[str]] = defaultdict(list)
    for line in _top(source, path.suffix):
        if match := HEADER.match(line):
            header[match[1]].append(match[2].strip())
    loses = {}
    for text in header["loses"]:
        match = re.fullmatch(r"(\w+) \((.+)\)", text)
        if not match:
            raise SourceError(f"{path.name}: loses: write `check (reason)`, not {text!r}")
        loses[match[1]] = match[2]
    remarks = {check: text for check, _, text in (t.partition(": ") for t in header["remark"])}
    only = tuple(name for text in header["only"] for name in re.split(r",\s*", text))
    differs, notes = tuple(header["differs"]), tuple(header["note"])
    return Variant(path, source, differs, only, loses, notes, remarks)


def _top(source: bytes, suffix: str) -> list[str]:
    if suffix == ".ipynb":
        return "".join(json.loads(source)["cells"][0]["source"]).splitlines()
    encoding = "gbk" if b"coding: gbk" in source[:200] else "utf-8-sig"
    return source.decode(encoding, errors="replace").splitlines()


def judge_variant(
    variant: Variant, part: Part, workers: Workers, judge: Judge
) -> tuple[list[CheckResult], Outputs]:
    """Run a variant; return the results of the checks that concern it, and its outputs."""
    outputs = runner.run(workers, variant.submission(part), part, variant.probes(part))
    checks = judge.score(outputs)
    return [c for c in checks if not variant.only or c.function in variant.only], outputs


def accepted(variant: Variant, checks: Sequence[CheckResult]) -> bool:
    """Return whether a variant lost exactly what its header says."""
    return {c.name for c in checks if is_lost(c)} == set(variant.loses)
