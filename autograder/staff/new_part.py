"""Write a new part's files: small ones that work, in which an author replaces one thing after another.

Every function of the skeleton computes a mean of squares. So the part can be recorded, released, graded
and measured at once, and stays so while it becomes what it is to be.
"""

from __future__ import annotations

import importlib.util
import json
import keyword
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder import homework
from autograder.errors import SourceError
from autograder.files import write_bytes
from autograder.parts import GIVEN, PACKAGE, PARTS, REFERENCE, ROOT, Part
from autograder.reports import rendering

TEMPLATES = PACKAGE / "staff" / "templates" / "part"
TABLE = "OWN = (\n"  # in parts.py
HOOKS = PACKAGE / "suites" / "conftest.py"
POINTS = 100
MOST = POINTS // 2  # functions: each has two checks, of a point at least

# Of a notebook in each language: how to work, and the section of a function.
WORDS = {
    "en": (
        "# {title}\n\n**How to work.** Your code goes into the file `{name}.py` beside this notebook. "
        "After each function, save the file and run the cell below its section.",
        "## {number}. `{function}`\n\nThe docstring is the specification. Write `{function}`.",
    ),
    "zh": (
        "# {title}\n\n**怎样做。** 代码写在本笔记本旁边的文件 `{name}.py` 里。每写完一个函数，"
        "保存文件，然后运行该节下面的单元格。",
        "## {number}. `{function}`\n\n文档字符串就是说明。请写 `{function}`。",
    ),
}


def new_part(
    name: str, functions: Sequence[str], title: str = "", languages: Sequence[str] = ("en",)
) -> list[Path]:
    """Write the files of a part that works; return them.

    It becomes one of the homework in use, which is begun if there is none in its folder, else one of
    this package's own.

    Raises SourceError for a name that cannot be, and where a file is there already.
    """
    _check_names(name, functions)
    title = title or name.replace("_", " ").capitalize()
    folder = _folder()
    if folder is None:
        part = Part(name, title)
        if PACKAGE.parent != ROOT:
            raise SourceError("an installed package has no place for parts; say --homework DIR")
    else:
        part = Part(name, title, root=folder, home=folder)
    files = _files(part, functions, languages)
    if there := [path for path in files if path.exists()]:
        raise SourceError(f"{there[0]}: is there already; choose another name, or remove it")
    if not part.outside:
        files[PACKAGE / "parts.py"] = _with_line(part)
    for path, text in files.items():
        write_bytes(path, text.encode())
    return list(files)


def _folder() -> Path | None:
    """Return the homework's folder, which may not be there yet; None for this package."""
    named = os.environ.get(homework.VARIABLE, "")
    try:
        return homework.in_use()
    except SourceError:
        return Path(named).absolute()


def _check_names(name: str, functions: Sequence[str]) -> None:
    for one in (name, *functions):
        if not one.isidentifier() or keyword.iskeyword(one) or one.startswith("_"):
            raise SourceError(f"{one!r}: is no name for a part or a function")
    for one in functions:
        if one == REFERENCE or GIVEN in one:
            raise SourceError(f"{one!r}: has a meaning of its own in the names of probes")
    if not 1 <= len(functions) <= MOST or len({*functions}) < len(functions):
        raise SourceError(f"a part has one to {MOST} functions, each of another name")
    if importlib.util.find_spec(name) is not None:
        raise SourceError(f"{name!r}: a module of that name is installed, and would be imported")


def _files(part: Part, functions: Sequence[str], languages: Sequence[str]) -> dict[Path, str]:
    """Return the text of each file, except of the table of this package's parts."""
    environment = rendering.environment(TEMPLATES, html=False)
    worth = _points(len(functions))
    points = [(name, *worth[2 * i : 2 * i + 2]) for i, name in enumerate(functions)]
    about: dict[str, Any] = {
        "name": part.name,
        "title": part.title,
        "functions": functions,
        "points": points,
    }
    about["outside"] = part.outside

    def text(template: str, **more: str) -> str:
        return environment.get_template(f"{template}.jinja").render(**about, **more)

    files = {
        part.solution: text("solution.py"),
        part.probes: text("probes.py"),
        part.suite: text("suite.py"),
        part.variants / "written_otherwise.py": text("variant.py"),
    }
    for name in functions:
        path = part.mistakes / f"{name}.py"
        files[path] = text("mistakes.py", function=name, id=name.replace("_", "-"))
    if not part.outside:
        files[part.mistakes / "__init__.py"] = ""
    elif not (hooks := part.suite.with_name(HOOKS.name)).exists():  # pytest itself can run suites
        files[hooks] = HOOKS.read_text(encoding="utf-8")
    for language in languages:
        path = part.notebook("" if language == "en" else language)
        files[path] = _notebook(part, points, language)
    return files


def _points(functions: int) -> list[int]:
    """Return the points of each check, two for a function: as even as they add up."""
    each, rest = divmod(POINTS, 2 * functions)
    return [each + (place >= 2 * functions - rest) for place in range(2 * functions)]


def _with_line(part: Part) -> str:
    """Return the table of this package's parts with one more."""
    text = (PACKAGE / "parts.py").read_text(encoding="utf-8")
    line = f'    Part("{part.name}", {json.dumps(part.title, ensure_ascii=False)}),\n'
    changed, count = re.subn(
        rf"(?ms)^{re.escape(TABLE)}.*?(?=^\))", lambda found: found[0] + line, text, count=1
    )
    if not count or part.name in [one.name for one in PARTS]:
        raise SourceError(f"parts.py: has no place for {part.name!r} in its table of parts")
    return changed


def _notebook(part: Part, points: Sequence[tuple[Any, ...]], language: str) -> str:
    """Return a notebook that checks each function, and has the cells that nbgrader grades."""
    how, section = WORDS[language]
    file = f"{part.name}.py"
    setup = ["%load_ext autoreload", "%autoreload 2", ""]
    if part.outside:
        setup += ["import os", "", f'os.environ.setdefault("{homework.VARIABLE}", ".")', ""]
    setup += [f"import {part.name}", "", "from autograder.notebook import check"]
    cells = [
        _cell("markdown", "title", how.format(title=part.title, name=part.name)),
        _cell("code", "setup", "\n".join(setup)),
    ]
    for number, (function, *worth) in enumerate(points, 1):
        slug, text = function.replace("_", "-"), section.format(number=number, function=function)
        graded = f'from autograder import notebook\n\nnotebook.grade_cell("{function}", "{file}")'
        mark = {
            **{"grade": True, "grade_id": f"test_{function}", "locked": True},
            **{"points": sum(worth), "schema_version": 3, "solution": False, "task": False},
        }
        cells += [
            _cell("markdown", f"{slug}-text", text),
            _cell("code", f"check-{slug}", f'check("{function}", "{file}")'),
            _cell("code", f"test-{slug}", graded, nbgrader=mark),
        ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _cell(kind: str, id: str, source: str, **metadata: object) -> dict[str, object]:
    more: dict[str, object] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    lines = source.splitlines(keepends=True)
    return {"cell_type": kind, **more, "id": id[:64], "metadata": metadata, "source": lines}
