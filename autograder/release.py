"""Write the students' copy: stubs, given modules, their README, and the public checks' answers."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from autograder import archives, nbgrader_course, signatures
from autograder.errors import AnswersError, SourceError
from autograder.grading import PUBLIC_CHECKS
from autograder.outputs import Array, Outputs, ProbeStatus, pack_npz, read_npz, write_bytes
from autograder.parts import LANGUAGES, Part
from autograder.plugin import Suite
from autograder.stubs import BEGIN, make_stub

README = "README.md"


def release(parts: Sequence[Part], folder: Path, given: Collection[str] = ()) -> list[Path]:
    """Write everything that students get into a folder; return the files.

    `given` names functions whose solution students get.
    """
    files = _files(parts, given)
    for name, data in files.items():
        write_bytes(folder / name, data)
    write_bytes(folder / PUBLIC_CHECKS, public_checks(parts))
    return [*(folder / name for name in files), folder / PUBLIC_CHECKS]


def pack(parts: Sequence[Part], folder: Path, given: Collection[str] = ()) -> bytes:
    """Return a zip of a released folder; equal files give equal bytes, wherever and whenever.

    Raises SourceError where the folder is not up to date: what is zipped is what was committed.
    """
    if problems := verify(parts, folder, given):
        raise SourceError(problems[0])
    names = [*_files(parts, given), PUBLIC_CHECKS]
    return archives.pack({f"{folder.name}/{name}": (folder / name).read_bytes() for name in names})


def verify(parts: Sequence[Part], folder: Path, given: Collection[str] = ()) -> list[str]:
    """Return what differs between a released folder and what would be released now, a line each."""
    lines = []
    for name, data in _files(parts, given).items():
        path = folder / name
        if not path.exists():
            lines.append(f"{path}: missing; run `autograder release`")
        elif path.read_bytes() != data:
            lines.append(f"{path}: differs from its source; run `autograder release`")
    wanted = _public(parts)
    try:
        released, _ = read_npz(folder / PUBLIC_CHECKS)
    except AnswersError as problem:
        return [*lines, str(problem)]
    if wanted.keys() != released.keys() or not all(
        np.array_equal(wanted[key], released[key]) for key in wanted
    ):
        lines.append(
            f"{folder / PUBLIC_CHECKS}: differs from the answers; run `autograder release`"
        )
    return lines


def release_course(
    part: Part, course: Path, language: str = "", execute: bool = False, given: Collection[str] = ()
) -> list[Path]:
    """Write a part as an assignment of an nbgrader course; return the files.

    Arguments:
        language: of the notebook, as in "zh"; empty for English.
        execute: let nbgrader run the notebooks in its own kernel too.
    """
    files = {n: data for n, data in _files([part], given).items() if not n.endswith(".ipynb")}
    written = nbgrader_course.write_course(course, part, files, language, execute)
    answers = course / "source" / part.name / PUBLIC_CHECKS
    write_bytes(answers, public_checks([part]))
    return [*written, answers]


def public_checks(parts: Sequence[Part]) -> bytes:
    """Return the public_checks.npz of some parts."""
    return pack_npz(_public(parts), {"parts": [part.name for part in parts]})


def public_answers(part: Part) -> dict[str, Array]:
    """Return the answers that the part's public checks look at, and no other.

    Found by running the public checks on the solution's own outputs and noting what they read: once
    as they are, and once as if every probe that another one can stand in for had failed.
    """
    signatures.check(part)
    answers, _ = read_npz(part.answers)
    probes = {key.partition("/")[0] for key in answers}
    read: set[str] = set()
    with Suite(part.suite) as suite:
        replaceable = {check.probe for check in suite.checks if check.instead}
        for failed in (set(), replaceable):
            statuses = {probe: ProbeStatus("ok") for probe in probes - failed}
            verdicts = suite.judge(Outputs(part.name, answers, statuses), answers, public_only=True)
            read |= {key for verdict in verdicts for key in verdict.answers_read}
    return {key: answers[key] for key in sorted(read)}


def _public(parts: Sequence[Part]) -> dict[str, Array]:
    return {
        f"{part.name}/{key}": array for part in parts for key, array in public_answers(part).items()
    }


def _files(parts: Sequence[Part], given: Collection[str]) -> dict[str, bytes]:
    """Return every text file of the students' copy by its name."""
    files = {}
    texts = {part.name: part.solution.read_text(encoding="utf-8") for part in parts}
    for function in given:
        if not any(_defines(source, function) for source in texts.values()):
            raise SourceError(f"there is no function {function!r} to give")
    for part in parts:
        source = texts[part.name]
        here = [name for name in given if _defines(source, name)]
        name = f"{part.solution.parent.name}/{part.solution.name}"
        files[part.solution.name] = make_stub(source, name, here).encode()
        files.update({path.name: _as_it_is(path) for path in part.given})
    notebooks = [part.notebook(language) for part in parts for language in LANGUAGES]
    sources = {path.name: path.read_bytes() for path in notebooks if path.is_file()}
    if sources:
        files.update(nbgrader_course.student_notebooks(sources))
    readme = parts[0].solution.parent / README
    if readme.exists():
        files[README] = readme.read_bytes()
    return files


def _as_it_is(path: Path) -> bytes:
    data = path.read_bytes()
    if BEGIN.encode() in data:
        raise SourceError(f"{path.parent.name}/{path.name}: is given as it is, but has a {BEGIN}")
    return data


def _defines(source: str, name: str) -> bool:
    return bool(re.search(rf"^(?:def|class) {re.escape(name)}\(", source, re.MULTILINE))
