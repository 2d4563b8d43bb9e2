"""Load a student's file, whatever state it is in. Runs in the worker; standard library only.

A plain module is run as Python would run it. Notebooks, notebook exports, and modules that fail or
never end when run as a whole (a training loop left at the bottom, a data set that is missing here) are
cut into statements. Definitions are run, and what the graded functions depend on, as `needs` tells; the
rest, such as training, is left out. `JUPYTER` runs the rest, too, in little time: for a file whose
functions do not work without. An error costs only its own statement.
"""

from __future__ import annotations
import __future__

import ast
import io
import sys
import tokenize
import types
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.worker import cells, failures, folders, ipython, needs, newer
from autograder.worker.budget import Budget
from autograder.worker.cells import NOTEBOOK, Unreadable
from autograder.worker.statements import (
    Cut,
    Statement,
    bound,
    cut,
    quotable,
    raising,
    written,
)

# Ways to load a file.
USUAL = "usual"  # a plain module as a whole, anything else by its definitions
DEFINITIONS = "definitions"  # also a plain module
BARE = "bare"  # definitions, and nothing that only changes what they read
JUPYTER = "jupyter"  # statement by statement, as the main program
# Errors of a statement that may lack what was left out above it.
LACKING = (NameError, AttributeError, KeyError, IndexError, FileNotFoundError)
MAX_TOLD = 3  # statements that failed, in notes
# Processor time as a part of what loading may take (20 s). Definitions themselves have no other limit.
SHARES = {  # for each statement, for all
    "narrow": (0.2, 0.3),  # an assignment to what a graded function reads
    "wide": (0.025, 0.05),  # to what only other functions read, such as one that plots
    "changes": (0.0125, 0.05),
    "rest": (0.0125, 0.05),
    "skipped": (0.0125, 0.04),  # what was left out, if a statement below it fails without
}


@dataclass
class Loaded:
    """A student's module, with notes for the student and the problems in loading it.

    Attributes:
        more: whether statements were left out that might change what the functions compute.
        trees: the file's statements.
    """

    module: types.ModuleType
    notes: list[str] = field(default_factory=list)
    problems: list[BaseException] = field(default_factory=list)
    more: bool = False
    trees: list[ast.stmt] = field(default_factory=list)


def load(path: Path, way: str = USUAL, wanted: Collection[str] = (), seconds: float = 20) -> Loaded:
    """Run a .py or .ipynb file and return its module.

    Arguments:
        path: the file's path.
        way: one of the ways above.
        wanted: the names that are graded.
        seconds: how long loading may take.

    Raises SyntaxError or Unreadable if the file cannot be read as Python at all.
    """
    module = types.ModuleType(path.stem)
    module.__file__ = str(path)
    module.__package__ = folders.package_of(path.parent)
    sys.modules[path.stem] = module
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    loader = _Loader(path, Loaded(module), way, wanted, seconds)
    source = path.read_bytes()
    ipython.install(module.__dict__, is_imported=b"IPython" in source)
    if path.suffix == ".ipynb" or NOTEBOOK.match(source):
        loader.load_pieces(cells.cells_of(source), as_notebook=True)
        if path.suffix != ".ipynb":
            loader.loaded.notes.insert(0, "the file is a notebook; its name should end in .ipynb")
        return loader.loaded
    text, notes = _decode(source)
    exported = cells.is_export(text)
    tree = None if exported or way != USUAL else cells.parsed(text)
    if tree is None:
        pieces = [(path.name, cells.plain_export(text))]
        loader.load_pieces(pieces, as_notebook=exported or way == JUPYTER)
    else:
        loader.load_whole(text, tree)
    loader.loaded.notes[:0] = notes
    return loader.loaded


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


def may_lack(loaded: Loaded, problem: BaseException, missing: str = "") -> bool:
    """Tell whether an error may be owed to statements that were left out.

    Arguments:
        missing: the name of a graded function, if it is that which is not defined.
    """
    if not loaded.more or not (missing or isinstance(problem, LACKING)):
        return False
    if isinstance(problem, FileNotFoundError):
        return True
    try:
        name = missing or getattr(problem, "name", None) or problem.args[0]
    except Exception:  # a student's exception may hold, and do, anything
        return False
    return type(name) in (str, int) and name in set(written(loaded.trees))


@dataclass
class _Loader:
    """Loads one file in one way."""

    path: Path
    loaded: Loaded
    way: str
    wanted: Collection[str]
    seconds: float

    def load_whole(self, text: str, tree: ast.Module) -> None:
        """Run a module as Python would; from where it fails, go on with what it defines."""
        names, name = self.loaded.module.__dict__, self.path.name
        quotable(text, name)
        self.loaded.trees = tree.body
        try:
            exec(compile(tree, name, "exec", dont_inherit=True), names)  # noqa: S102
        except (Exception, SystemExit, KeyboardInterrupt) as problem:
            line = _line_of(problem, name)
            pieces = cut([(name, text)], self.path.parent, self.path.stem)
            self._run(pieces, after=line)
            self.loaded.problems.insert(0, problem)
            note = failures.of_whole(problem, tree, line, name)
            self.loaded.notes = [note, *failures.without(self.loaded.notes, note)]
            self.loaded.more = True
        else:
            self.loaded.more = "__main__" in text

    def load_pieces(self, pieces: list[tuple[str, str]], as_notebook: bool) -> None:
        """Run a file's definitions, and as much of the rest as the way says."""
        loaded = self.loaded
        if as_notebook:
            loaded.module.__name__ = "__main__"
            sys.modules["__main__"] = loaded.module
        found = cut(pieces, self.path.parent, self.path.stem, self.wanted, as_notebook)
        if not found.statements and found.errors:
            raise found.errors[0]
        loaded.problems += found.errors
        if found.errors:
            first = found.errors[0]
            where = f"{first.filename}, line {first.lineno}"
            what = f"is not Python ({first.msg})"
            if newer.is_told(first.msg):
                what = f"cannot be read: {first.msg}"
            loaded.notes.append(f"{where} {what}; the rest was graded")
        loaded.trees = [one.tree for one in found.statements]
        self._run(found)

    def _run(self, found: Cut, after: int = 0) -> None:
        """Run statements; of a module that failed, only those below a line."""
        statements = found.statements
        trees = [one.tree for one in statements]
        names = self.loaded.module.__dict__
        need = needs.Needs(trees, self.wanted)
        budgets = {
            kind: Budget(each * self.seconds, total * self.seconds)
            for kind, (each, total) in SHARES.items()
        }
        own = {one.stem for one in self.path.parent.iterdir()}
        flags = _future_flags(trees)
        runner = _Runner(self.loaded, names, flags)
        skipped: list[Statement] = []
        for at, one in enumerate(statements):
            if one.tree.lineno <= after:
                continue
            if isinstance(one.tree, needs.DEFINITIONS):
                if (problem := runner.run(one)) is not None:
                    runner.report(one, problem, tell=True)
                name = getattr(one.tree, "name", "")
                if name and isinstance(problem, SyntaxError):  # it parses, and does not compile
                    stand_in = raising(name, str(problem.msg), problem.lineno or 1)
                    runner.run(Statement(one.place, stand_in))
                continue
            narrow = bool(bound(one.tree) & need.narrow)
            if need.assigns(at):
                kind, quietly = "narrow" if narrow else "wide", False
            elif self.way != BARE and need.changes(at, names, own):
                kind, quietly = "changes", self.way != JUPYTER
            elif self.way == JUPYTER:
                kind, quietly = "rest", needs.is_inert(one.tree)
            else:
                self.loaded.more |= not needs.is_inert(one.tree)
                skipped.append(one)
                continue
            problem = runner.run(one, budgets[kind])
            if skipped and isinstance(problem, LACKING) and need.is_needed(at):
                for above in skipped:
                    runner.run(above, budgets["skipped"])
                skipped.clear()
                problem = runner.run(one, budgets[kind])
            if problem is not None and not quietly:
                surely = self.way == JUPYTER or not isinstance(problem, LACKING)
                runner.report(one, problem, tell=surely)
        self.loaded.notes += runner.told


@dataclass
class _Runner:
    """Runs statements one by one, in the names of a module; an error costs its own statement alone."""

    loaded: Loaded
    names: dict[str, object]
    flags: int
    told: list[str] = field(default_factory=list)
    cut_short: bool = False

    def run(self, one: Statement, budget: Budget | None = None) -> BaseException | None:
        """Run a statement, within a budget if there is one; return what it raises."""
        try:
            tree = ast.Module([one.tree], [])
            code = compile(tree, one.place, "exec", flags=self.flags, dont_inherit=True)
            if budget is None:
                exec(code, self.names)  # noqa: S102
            elif not budget.run(lambda: exec(code, self.names)):  # noqa: S102
                self.cut_short = True
        except (Exception, SystemExit, KeyboardInterrupt) as problem:
            return problem
        if isinstance(one.tree, ast.ImportFrom):  # IPython's own knows no notebook here
            self.names.pop("get_ipython", None)
        return None

    def report(self, one: Statement, problem: BaseException, tell: bool) -> None:
        """Keep what failed, and note it if asked to.

        It is not noted if it may lack what a statement that was cut short would have made.
        """
        self.loaded.problems.append(problem)
        if tell and not self.cut_short and len(self.told) < MAX_TOLD:
            self.told.append(failures.of_statement(problem, one, self.loaded.trees))


def _line_of(problem: BaseException, name: str) -> int:
    """Return the line of a module's top level at which it failed; 0 if it is not known."""
    trace = problem.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == name and code.co_name == "<module>":
            return trace.tb_lineno
        trace = trace.tb_next
    return 0


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
