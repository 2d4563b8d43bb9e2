"""Write the students' copy: stubs, given modules, their README, and the public checks' answers."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from autograder.errors import AnswersError, SourceError
from autograder.files import pack_zip, write_bytes
from autograder.grading import PUBLIC_CHECKS
from autograder.judging import signatures
from autograder.judging.suite import Suite
from autograder.outputs import Array, Outputs, ProbeStatus, pack_npz, read_npz
from autograder.parts import LANGUAGES, Part
from autograder.platforms.nbgrader.course import student_notebooks, write_course
from autograder.reports import rendering
from autograder.staff import packaged
from autograder.staff.contents import public_probes, public_suite
from autograder.staff.stubs import BEGIN, make_stub

WIDTH = 100
LANGUAGE_NAMES = {"": "English", "zh": "Chinese"}  # of notebooks


def release(
    parts: Sequence[Part], folder: Path, given: Collection[str] = (), package: str = ""
) -> list[Path]:
    """Write everything that students get into a folder; return the files.

    Arguments:
        given: functions whose solution students get.
        package: put the modules into this package, as in `cs231n`; by default into no package.
    """
    files = _files(parts, given, package)
    for name, data in files.items():
        write_bytes(folder / name, data)
    write_bytes(folder / PUBLIC_CHECKS, public_checks(parts))
    return [*(folder / name for name in files), folder / PUBLIC_CHECKS]


def pack(
    parts: Sequence[Part], folder: Path, given: Collection[str] = (), package: str = ""
) -> bytes:
    """Return a zip of a released folder; equal files always give equal bytes.

    Raises SourceError if the folder is not up to date: the zip must hold what was committed.
    """
    if problems := verify(parts, folder, given, package):
        raise SourceError(problems[0])
    names = [*_files(parts, given, package), PUBLIC_CHECKS]
    return pack_zip({f"{folder.name}/{name}": (folder / name).read_bytes() for name in names})


def verify(
    parts: Sequence[Part], folder: Path, given: Collection[str] = (), package: str = ""
) -> list[str]:
    """Return one line for each difference between a released folder and what would be released now."""
    lines = []
    for name, data in _files(parts, given, package).items():
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
    _students_notebooks([part])  # nbgrader makes them later; if it refuses one, raise now
    notebook = {language: f"{part.name}.ipynb"}
    files = {
        **_modules([part], given),
        **_readme([part], {part.name: notebook}),
        **_public_files([part]),
    }
    paths = write_course(course, part, files, language, execute)
    answers = course / "source" / part.name / PUBLIC_CHECKS
    write_bytes(answers, public_checks([part]))
    return [*paths, answers]


def public_checks(parts: Sequence[Part]) -> bytes:
    """Return the public_checks.npz of some parts."""
    return pack_npz(_public(parts), {"parts": [part.name for part in parts]})


def public_answers(part: Part) -> dict[str, Array]:
    """Return only the answers that the part's public checks read.

    To find them, the public checks run on the solution's own outputs, twice: as they are, and as if
    every probe that another one can replace had failed.
    """
    part = part.released
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


def _files(parts: Sequence[Part], given: Collection[str], package: str) -> dict[str, bytes]:
    """Return every text file of the students' copy by its name."""
    if package:
        packaged.check_name(package, parts)
    notebooks = {
        part.name: {language: path.name for language, path in _notebooks(part).items()}
        for part in parts
    }
    modules = _modules(parts, given)
    files = {
        **modules,
        **_students_notebooks(parts, modules, package),
        **_readme(parts, notebooks, package),
        **_public_files(parts),
    }
    return packaged.files(files, package) if package else files


def _public_files(parts: Sequence[Part]) -> dict[str, bytes]:
    """Return the public checks of parts from outside of this package, which students' lacks."""
    files = {}
    for part in parts:
        if part.outside:
            suite, name = part.suite.read_text(encoding="utf-8"), part.suite.name
            probes = part.probes.read_text(encoding="utf-8")
            files[f"suites/{name}"] = public_suite(suite, name).encode()
            files[f"probes/{part.probes.name}"] = public_probes(probes, suite, name).encode()
    return files


def _notebooks(part: Part) -> dict[str, Path]:
    """Return the part's notebooks that exist, by language."""
    paths = {language: part.notebook(language) for language in LANGUAGES}
    return {language: path for language, path in paths.items() if path.is_file()}


def _students_notebooks(
    parts: Sequence[Part], modules: Collection[str] = (), package: str = ""
) -> dict[str, bytes]:
    """Return the parts' notebooks without solutions; raise AutograderError if nbgrader refuses one.

    They have no cells that nbgrader grades: only a course of nbgrader's has a use for these.
    `modules` are the files that a package holds, if there is one.
    """
    paths = [path for part in parts for path in _notebooks(part).values()]
    sources = {path.name: path.read_bytes() for path in paths}
    if package:
        sources = {n: packaged.notebook(data, modules, package) for n, data in sources.items()}
    made = student_notebooks(sources) if sources else {}
    return {name: _without_graded_code(data) for name, data in made.items()}


def _without_graded_code(notebook: bytes) -> bytes:
    """Leave out the code cells that nbgrader grades, and write the notebook as Jupyter does."""
    content = json.loads(notebook)
    content["cells"] = [
        cell
        for cell in content["cells"]
        if cell["cell_type"] != "code" or not cell["metadata"].get("nbgrader", {}).get("grade")
    ]
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def _modules(parts: Sequence[Part], given: Collection[str]) -> dict[str, bytes]:
    """Return the stubs, and the modules that students get unchanged."""
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
    return files


def _readme(
    parts: Sequence[Part], notebooks: Mapping[str, Mapping[str, str]], package: str = ""
) -> dict[str, bytes]:
    """Return the READMEs of a released folder, for the parts in it: one for each template.

    `notebooks` are the released ones: part's name -> language -> file's name. A part without its own
    file is left out: students cannot check it.
    """
    folder = parts[0].solution.parent
    templates = sorted(folder.glob("README*.md.jinja"))  # README.zh.md is the Chinese one
    described = [
        {
            "name": part.name,
            "title": part.title,
            "file": part.solution.name,
            "function": part.functions()[0],
            "notebooks": {
                LANGUAGE_NAMES[code]: file for code, file in notebooks[part.name].items()
            },
            "codes": notebooks[part.name],
        }
        for part in parts
        if not part.file
    ]
    if not described:
        return {}
    environment = rendering.environment(folder, html=False)
    environment.filters["filled"] = lambda text: "\n".join(
        textwrap.wrap(text, WIDTH, break_on_hyphens=False)
    )
    given = list(dict.fromkeys(path.name for part in parts for path in part.given))
    values = {"parts": described, "given": given, "folder": package.replace(".", "/")}
    return {
        path.stem: environment.get_template(path.name).render(values).encode() for path in templates
    }


def _as_it_is(path: Path) -> bytes:
    data = path.read_bytes()
    if BEGIN.encode() in data:
        raise SourceError(f"{path.parent.name}/{path.name}: is given as it is, but has a {BEGIN}")
    return data


def _defines(source: str, name: str) -> bool:
    return bool(re.search(rf"^(?:def|class) {re.escape(name)}\(", source, re.MULTILINE))
