"""Cut what was handed in into top-level statements, each with the place that it is from.

A piece that is not Python costs itself alone. What IPython would run in place of a statement, such as
the file of `%run`, stands in its place, so that it is cut, too. Nothing is run here.
"""

from __future__ import annotations

import ast
import linecache
import re
import shlex
import symtable
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.worker import cells, conflicts
from autograder.worker.pieces import without_errors

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
DEFINES = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)", re.MULTILINE)
DEEPEST = 3  # files that `%run` each other
MAX_FILE = 2 << 20  # bytes of a file that `%run` names


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a module's top level, and the name of its cell or file."""

    place: str
    tree: ast.stmt

    def __str__(self) -> str:
        return f"{self.place}, line {self.tree.lineno}"


@dataclass(slots=True)
class Cut:
    """The statements of what was handed in, and the errors in it that are not Python."""

    statements: list[Statement] = field(default_factory=list)
    errors: list[SyntaxError] = field(default_factory=list)
    broken: dict[str, Statement] = field(default_factory=dict)  # stand-ins of what is not Python


def cut(
    sources: Sequence[tuple[str, str]],
    folder: Path,
    stem: str,
    wanted: Collection[str] = (),
    is_main: bool = False,
) -> Cut:
    """Cut cells or a file's text into statements.

    Arguments:
        sources: (name, text) of each.
        folder: where the files are that `%run` names.
        stem: of the module that is made of all this.
        wanted: names to look for in files that cells only write, if they are nowhere else.
        is_main: what stands under `if __name__ == "__main__"` belongs to the top level.
    """
    found = Cut()
    for place, text in sources:
        _cut_text(found, place, text)
    reader = _Reader(folder, stem, is_main, found.errors)
    found.statements = list(reader.expanded(found.statements))
    defined: set[str] = set().union(*(bound(s.tree) for s in found.statements))
    for place, text in reader.written.items():
        if lacking := set(wanted) - defined:
            there = Cut()
            _cut_text(there, place, cells.plain(text))
            if any(bound(s.tree) & lacking for s in there.statements):
                found.statements += there.statements
    defined = set().union(*(bound(s.tree) for s in found.statements))
    if found.statements or set(wanted) & found.broken.keys():
        found.statements += [one for name, one in found.broken.items() if name not in defined]
    return found


def _cut_text(found: Cut, place: str, text: str) -> None:
    quotable(text, place)
    lines = text.split("\n")
    regions = conflicts.regions(lines)
    rest, errors = without_errors("\n".join(conflicts.first_version(lines, regions)))
    for error, piece in errors:
        error.filename = place
        if match := DEFINES.search(piece):
            stand_in = raising(match[1], str(error.msg), error.lineno or 1)
            found.broken[match[1]] = Statement(place, stand_in)
    trees = ast.parse(rest).body
    outside = [region for region in regions if not any(_holds(tree, region) for tree in trees)]
    found.errors += [conflicts.of_region(place, region) for region in outside]
    found.errors += [error for error, _ in errors]
    for tree in trees:
        for region in regions:
            if isinstance(tree, DEFINITIONS) and _holds(tree, region):
                line = region.first + 1
                tree = raising(tree.name, conflicts.told(line), line)
        found.statements.append(Statement(place, tree))


def _holds(tree: ast.stmt, region: conflicts.Region) -> bool:
    """Tell whether a conflict touches a definition."""
    if not isinstance(tree, DEFINITIONS):
        return False
    return region.touches(tree.lineno - 1, (tree.end_lineno or tree.lineno) - 1)


def raising(name: str, message: str, line: int) -> ast.stmt:
    """Return a function that raises a SyntaxError, as if at a line of the file."""
    source = f"def {name}(*args, **kwargs):\n raise SyntaxError({message!r}) from None"
    tree = ast.parse(source).body[0]
    for node in ast.walk(tree):
        if isinstance(node, (ast.stmt, ast.expr)):
            node.lineno = node.end_lineno = line
    return tree


def quotable(text: str, name: str) -> None:
    """Let tracebacks quote the lines of a text, as a file of that name."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)


@dataclass(slots=True)
class _Reader:
    """Puts in place of a statement what IPython would run there."""

    folder: Path
    stem: str
    is_main: bool
    errors: list[SyntaxError]
    written: dict[str, str] = field(default_factory=dict)

    def expanded(self, statements: Sequence[Statement], depth: int = 0) -> Iterator[Statement]:
        """Yield the statements that stand for these."""
        for statement in statements:
            inner = self._inside(statement, depth)
            if inner is None:
                yield statement
            else:
                yield from inner

    def _inside(self, statement: Statement, depth: int) -> Iterator[Statement] | None:
        tree = statement.tree
        if self.is_main and isinstance(tree, ast.If) and _is_main(tree.test):
            body = [Statement(statement.place, one) for one in tree.body]
            return self.expanded(body, depth)
        magic = magic_of(tree)
        if magic is None:
            return None
        kind, name, *rest = magic
        if kind == "run_line_magic" and name == "run" and depth < DEEPEST:
            return self._of_file(rest[0] if rest else "", depth)
        if kind == "run_cell_magic" and len(rest) == 2:
            if name in cells.PYTHON_CELLS:
                return self._of_text(statement.place, rest[1], depth)
            if name in cells.FILE_CELLS and rest[0].endswith(".py"):
                path = Path(rest[0].split()[-1])
                self.written[path.name] = rest[1]
                if path.stem == self.stem:
                    return self._of_text(statement.place, rest[1], depth)
        return None

    def _of_text(self, place: str, text: str, depth: int) -> Iterator[Statement]:
        inner = Cut()
        _cut_text(inner, place, cells.plain(text))
        self.errors += inner.errors
        return self.expanded(inner.statements, depth + 1)

    def _of_file(self, line: str, depth: int) -> Iterator[Statement] | None:
        try:
            words = shlex.split(line)
        except ValueError:
            return None
        name = next((word for word in words if not word.startswith("-")), "")
        path = self.folder / name
        options = [path, path.with_name(path.name + ".py")] if name else []
        file = next((one for one in options if one.is_file()), None)
        if file is None or file.stat().st_size > MAX_FILE:
            return None
        inner = Cut()
        if file.suffix == ".ipynb":
            for place, text in cells.cells_of(file.read_bytes()):
                _cut_text(inner, f"{file.name}: {place}", text)
        else:
            _cut_text(inner, file.name, cells.plain_export(file.read_text("utf-8", "replace")))
        self.errors += inner.errors
        return self.expanded(inner.statements, depth + 1)


def magic_of(tree: ast.stmt) -> list[str] | None:
    """Return the texts of a call of `get_ipython()`, the method's name first; None for any other."""
    if not isinstance(tree, ast.Expr) or not isinstance(tree.value, ast.Call):
        return None
    method = tree.value.func
    if not (
        isinstance(method, ast.Attribute)
        and isinstance(method.value, ast.Call)
        and isinstance(method.value.func, ast.Name)
        and method.value.func.id == "get_ipython"
    ):
        return None
    texts = [a.value for a in tree.value.args if isinstance(a, ast.Constant)]
    if not texts or not all(isinstance(text, str) for text in texts):
        return None
    return [method.attr, *(str(text) for text in texts)]


def _is_main(test: ast.expr) -> bool:
    """Tell whether a condition is `__name__ == "__main__"`."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return False
    sides = [test.left, *test.comparators]
    names = {side.id for side in sides if isinstance(side, ast.Name)}
    texts = {side.value for side in sides if isinstance(side, ast.Constant)}
    return isinstance(test.ops[0], ast.Eq) and names == {"__name__"} and texts == {"__main__"}


def bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a value to."""
    names = {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for node in ast.walk(statement):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
    return names


def read(statement: ast.stmt) -> set[str]:
    """Return the module's names that a statement reads, also inside its functions."""
    try:
        tables = [symtable.symtable(ast.unparse(statement), "statement", "exec")]
    except (SyntaxError, ValueError, RecursionError):  # `return` outside a function, and the like
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


def imported(statements: Sequence[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Yield each name that an import gives a value to, also inside functions, with its package.

    The name is "*" for `from package import *`.
    """
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    package = alias.name.partition(".")[0]
                    yield (alias.asname or package), package
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    yield (alias.asname or alias.name), node.module.partition(".")[0]


def imported_from(statements: Sequence[ast.stmt], name: str) -> Iterator[str]:
    """Yield the modules from which a name is imported."""
    for node in (node for statement in statements for node in ast.walk(statement)):
        if isinstance(node, ast.ImportFrom) and any(alias.name == name for alias in node.names):
            yield node.module or ""


def written(statements: Sequence[ast.stmt]) -> Iterator[object]:
    """Yield what statements may give a value to: names, attributes, arguments, keys."""
    for node in (node for statement in statements for node in ast.walk(statement)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.keyword):
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, (str, int)):
            yield node.value
