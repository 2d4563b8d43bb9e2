"""Load a student's file, whatever state it is in. Runs in the worker; standard library only.

A plain module is run as Python would run it. Notebooks, notebook exports, and modules that fail or
never end when run as a whole (a training loop left at the bottom, a data set that is not here) are
reduced to what they define: imports, functions, classes, and the assignments that those need.
"""

from __future__ import annotations

import ast
import json
import linecache
import re
import symtable
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MAGIC = re.compile(r"^(\s*)([%!?].*|get_ipython\(\).*)$")
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If, ast.Try, ast.With)


@dataclass
class Loaded:
    """A student's module and what there is to say about how it was loaded."""

    module: types.ModuleType
    notes: list[str] = field(default_factory=list)
    problems: list[BaseException] = field(default_factory=list)


def load(path: Path, definitions_only: bool = False) -> Loaded:
    """Run a .py or .ipynb file and return its module.

    With `definitions_only`, or where the file is a notebook or one's export, only definitions are
    run, each on its own, so that one that fails costs no other. Otherwise, if the file fails as a
    whole, its definitions are tried, and a note says so.

    Raises SyntaxError or ValueError where the file cannot be read as Python at all.
    """
    module = types.ModuleType(path.stem)
    module.__file__ = str(path)
    sys.modules[path.stem] = module
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    source = path.read_bytes()
    if path.suffix == ".ipynb":
        return _load_definitions(module, list(_cells(source)))
    text = _decode(source)
    if any(MAGIC.match(line) for line in text.splitlines()) and not _parses(text):
        return _load_definitions(module, [(path.name, _without_magics(text))])
    if definitions_only or "get_ipython(" in text:
        return _load_definitions(module, [(path.name, _without_magics(text))])
    code = _compile(text, path.name)
    try:
        exec(code, module.__dict__)  # noqa: S102
    except Exception as problem:
        loaded = _load_definitions(module, [(path.name, text)])
        loaded.problems.insert(0, problem)
        loaded.notes.append(
            "the file stops with an error when it is run as a whole; what it defines was graded"
        )
        return loaded
    return Loaded(module)


def _decode(source: bytes) -> str:
    """Decode as Python would: a byte-order mark or a coding line decides, else UTF-8."""
    import io
    import tokenize

    if b"\0" in source:
        raise ValueError("the file holds NUL bytes: it is not a Python source file")
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _compile(text: str, name: str) -> types.CodeType:
    lines = text.splitlines(keepends=True)
    linecache.cache[name] = (len(text), None, lines, name)  # so that tracebacks can quote it
    return compile(text, name, "exec", dont_inherit=True)


def _without_magics(text: str) -> str:
    """Blank IPython's own syntax and keep every line's number."""
    lines = text.split("\n")
    if lines and lines[0].startswith("%%"):
        if lines[0].split()[0] not in ("%%time", "%%timeit", "%%capture", "%%prun"):
            return "\n" * (len(lines) - 1)
        lines[0] = ""
    return "\n".join(MAGIC.sub(r"\1pass", line) for line in lines)


def _cells(source: bytes) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of a notebook's code cells; the name says which one it is."""
    notebook = json.loads(_decode(source))
    sheets = notebook.get("worksheets", [notebook])  # notebooks of format 3 keep cells in sheets
    cells = [cell for sheet in sheets for cell in sheet.get("cells", [])]
    for number, cell in enumerate((c for c in cells if c.get("cell_type") == "code"), 1):
        text = cell.get("source", cell.get("input", ""))
        yield f"code cell {number}", _without_magics("".join(text))


def _load_definitions(module: types.ModuleType, sources: list[tuple[str, str]]) -> Loaded:
    loaded = Loaded(module)
    statements: list[tuple[str, ast.stmt]] = []
    for name, text in sources:
        try:
            _compile(text, name)
            statements += [(name, statement) for statement in ast.parse(text).body]
        except (SyntaxError, ValueError) as problem:
            loaded.problems.append(problem)
    if not statements and loaded.problems:
        raise loaded.problems[0]
    needed = _needed_names([statement for _, statement in statements])
    for name, statement in statements:
        if isinstance(statement, DEFINITIONS) or (
            isinstance(statement, ASSIGNMENTS) and _bound(statement) & needed
        ):
            code = compile(ast.Module([statement], []), name, "exec", dont_inherit=True)
            try:
                exec(code, module.__dict__)  # noqa: S102
            except Exception as problem:
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
    """Return the module's names that a statement reads, those inside its functions included."""
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


def _needed_names(statements: list[ast.stmt]) -> set[str]:
    """Return the names that definitions read, and that what they need reads in turn."""
    needed: set[str] = set()
    for statement in statements:
        if isinstance(statement, DEFINITIONS):
            needed |= _read(statement)
        elif isinstance(statement, (ast.If, ast.Try)):  # a definition may stand inside
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
