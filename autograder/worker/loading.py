"""Load a student's file, whatever state it is in. Runs in the worker; standard library only.

A plain module is run as Python would run it. Notebooks, notebook exports, and modules that fail or
never end when run as a whole (a training loop left at the bottom, a data set that is missing here) are
reduced to what they define: imports, functions, classes, and the assignments that those need. A syntax
error costs only the piece of the file that has it, not the other functions.
"""

from __future__ import annotations
import __future__

import ast
import io
import json
import linecache
import re
import symtable
import sys
import tokenize
import types
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

MAGIC = re.compile(r"^(\s*)([%!?].*|get_ipython\(\).*|[\w.]+\?\??\s*)$")
PYTHON_CELL = re.compile(r"%%(time|timeit|capture|prun|python3?|(writefile|file) .*\.py)\b")
ASSIGNED_MAGIC = re.compile(r"^(\s*[\w, ]+=\s*)[%!].*$")
NOTEBOOK = re.compile(rb'\s*\{\s*"(cells|metadata|nbformat|worksheets)":')
TOP_LEVEL = re.compile(r"[^\s#)\]}]")  # a piece of a file begins with such a character
MAX_ERRORS = 50  # pieces that are not Python, in one file
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If, ast.Try, ast.With)


class Unreadable(ValueError):
    """The file is not what its name says; the message tells the student what to do."""


@dataclass
class Loaded:
    """A student's module, with notes for the student and the problems in loading it."""

    module: types.ModuleType
    notes: list[str] = field(default_factory=list)
    problems: list[BaseException] = field(default_factory=list)


def load(path: Path, definitions_only: bool = False, wanted: Collection[str] = ()) -> Loaded:
    """Run a .py or .ipynb file and return its module.

    With `definitions_only`, or if the file is a notebook or the export of one, only definitions are
    run, one by one, so that an error in one costs no other. Otherwise, if the file fails as a whole,
    its definitions are run, and a note says so. Pieces of the file that are not Python are left out,
    and a note says where the first one is.

    Arguments:
        path: the file's path.
        definitions_only: do not try to run the file as a whole.
        wanted: names to define even if no definition reads them, such as `loss = nn.MSELoss()`.

    Raises SyntaxError or Unreadable if the file cannot be read as Python at all.
    """
    module = types.ModuleType(path.stem)
    module.__file__ = str(path)
    module.__package__ = f"handed_in.{path.parent.name}"  # so that `from .layers import x` works
    sys.modules[path.stem] = module
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    source = path.read_bytes()
    if path.suffix == ".ipynb":
        return _load_definitions(module, _cells(source), wanted)
    if NOTEBOOK.match(source):
        loaded = _load_definitions(module, _cells(source), wanted)
        loaded.notes.insert(0, "the file is a notebook; its name should end in .ipynb")
        return loaded
    text, notes = _decode(source)
    if definitions_only or "get_ipython(" in text or not _parses(text):
        loaded = _load_definitions(module, [(path.name, _without_magics(text))], wanted)
        loaded.notes[:0] = notes
        return loaded
    code = _compile(text, path.name)
    try:
        exec(code, module.__dict__)  # noqa: S102
    except (Exception, SystemExit, KeyboardInterrupt) as problem:
        loaded = _load_definitions(module, [(path.name, text)], wanted)
        loaded.problems.insert(0, problem)
        loaded.notes[:0] = [
            *notes,
            f"the file stops with an error when it is run as a whole ({_first_line(problem)}); "
            "what it defines was graded",
        ]
        return loaded
    return Loaded(module, notes)


def _first_line(problem: BaseException) -> str:
    """Return an exception's kind and the first line of its message, if it has one."""
    try:
        lines = str(problem).strip().splitlines()
    except Exception:  # a student's exception whose __str__ fails
        lines = []
    kind = type(problem).__name__
    return f"{kind}: {lines[0][:200]}" if lines else kind


def _decode(source: bytes) -> tuple[str, list[str]]:
    """Decode as Python would: a byte-order mark or a coding line decides, else UTF-8.

    Windows editors in China save GB 18030. If UTF-8 fails, that is tried, and a note says so.
    """
    if b"\0" in source:
        raise Unreadable("the file holds NUL bytes: it is not text; save it as UTF-8")
    notes = []
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        text = source.decode(encoding)
    except (SyntaxError, UnicodeDecodeError):
        notes.append("the file is not in UTF-8, which Python expects; save it as UTF-8")
        try:
            text = source.decode("gb18030")
        except UnicodeDecodeError:
            text = source.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _compile(text: str, name: str) -> types.CodeType:
    _quotable(text, name)
    return compile(text, name, "exec", dont_inherit=True)


def _quotable(text: str, name: str) -> None:
    """Let tracebacks quote the lines of a text, as a file of that name."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)


def _without_magics(text: str) -> str:
    """Blank out IPython's own syntax, and keep the line numbers."""
    if _parses(text):
        return text
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        if not PYTHON_CELL.match(lines[first]):
            return "\n" * (len(lines) - 1)
        lines[first] = ""
    lines = [ASSIGNED_MAGIC.sub(r"\1None", line) for line in lines]
    return "\n".join(MAGIC.sub(r"\1pass", line) for line in lines)


def _without_errors(text: str) -> tuple[str, list[SyntaxError]]:
    """Blank out the top-level pieces that are not Python; return the rest and the errors."""
    lines = text.split("\n")
    errors: list[SyntaxError] = []
    while len(errors) < MAX_ERRORS:
        try:
            ast.parse("\n".join(lines))
        except SyntaxError as problem:
            errors.append(problem)
            at = min(max(problem.lineno or 1, 1), len(lines)) - 1
            start, end = at, at + 1
            while start > 0 and not TOP_LEVEL.match(lines[start]):
                start -= 1
            while end < len(lines) and not TOP_LEVEL.match(lines[end]):
                end += 1
            if not any(lines[start:end]):
                break
            lines[start:end] = [""] * (end - start)
        else:
            return "\n".join(lines), errors
    return "", errors


def _cells(source: bytes) -> list[tuple[str, str]]:
    """Return (name, text) of a notebook's code cells; the name says which one it is.

    Raises Unreadable if the file is not a notebook.
    """
    try:
        notebook = json.loads(source.decode("utf-8-sig"))
        sheets = notebook.get(
            "worksheets", [notebook]
        )  # notebooks of format 3 keep cells in sheets
        cells = [cell for sheet in sheets for cell in sheet.get("cells", [])]
        code = [cell for cell in cells if cell.get("cell_type") == "code"]
        texts = ["".join(cell.get("source", cell.get("input", ""))) for cell in code]
    except (ValueError, TypeError, AttributeError, RecursionError) as problem:
        kind = "damaged" if NOTEBOOK.match(source) else "not a notebook"
        raise Unreadable(
            f"the file is {kind}; open it in Jupyter, save it, and hand it in again"
        ) from problem
    return [(f"code cell {n}", _without_magics(text)) for n, text in enumerate(texts, 1)]


def _load_definitions(
    module: types.ModuleType, sources: list[tuple[str, str]], wanted: Collection[str]
) -> Loaded:
    loaded = Loaded(module)
    statements: list[tuple[str, ast.stmt]] = []
    for name, text in sources:
        _quotable(text, name)
        rest, errors = _without_errors(text)
        for error in errors:
            error.filename = name
        loaded.problems += errors
        statements += [(name, statement) for statement in ast.parse(rest).body]
    if not statements and loaded.problems:
        raise loaded.problems[0]
    if loaded.problems:
        first = loaded.problems[0]
        assert isinstance(first, SyntaxError)
        where = f"{first.filename}, line {first.lineno}"
        loaded.notes.append(f"{where} is not Python ({first.msg}); the rest was graded")
    flags = _future_flags(statement for _, statement in statements)
    needed = _needed_names([statement for _, statement in statements], wanted)
    for name, statement in statements:
        if isinstance(statement, DEFINITIONS) or (
            isinstance(statement, ASSIGNMENTS) and _bound(statement) & needed
        ):
            try:
                tree = ast.Module([statement], [])
                code = compile(tree, name, "exec", flags=flags, dont_inherit=True)
                exec(code, module.__dict__)  # noqa: S102
            except (Exception, SystemExit, KeyboardInterrupt) as problem:
                loaded.problems.append(problem)
    return loaded


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a value to."""
    names = {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for node in ast.walk(statement):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
    return names


def _read(statement: ast.stmt) -> set[str]:
    """Return the module's names that a statement reads, also inside its functions."""
    try:
        tables = [symtable.symtable(ast.unparse(statement), "statement", "exec")]
    except SyntaxError:  # `return` outside a function, and the like
        return set()
    names: set[str] = set()
    top = tables[0]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (table is top or symbol.is_global()):
                names.add(symbol.get_name())
    return names


def _needed_names(statements: list[ast.stmt], wanted: Collection[str]) -> set[str]:
    """Return the wanted names, those that definitions read, and those that these need in turn."""
    needed = set(wanted)
    for statement in statements:
        if isinstance(statement, DEFINITIONS):
            needed |= _read(statement)
        elif isinstance(statement, (ast.If, ast.Try)):  # a definition may be inside
            inner = [n for n in ast.walk(statement) if isinstance(n, DEFINITIONS)]
            needed |= set().union(*(_bound(n) | _read(n) for n in inner)) if inner else set()
    while True:
        more = set(needed)
        for statement in statements:
            if isinstance(statement, ASSIGNMENTS) and _bound(statement) & needed:
                more |= _read(statement)
        if more == needed:
            return needed
        needed = more


def _future_flags(statements: Iterable[ast.stmt]) -> int:
    """Return the compiler's flags for what the file imports from __future__."""
    names = [
        alias.name
        for statement in statements
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        for alias in statement.names
    ]
    features = [getattr(__future__, name, None) for name in names]
    return sum({f.compiler_flag for f in features if f is not None})
