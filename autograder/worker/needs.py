"""Tell which top-level statements the graded functions depend on. Nothing is run here.

Definitions always run. Of the others, some give a value to a name that functions read (`lr = 1e-3`),
some change what such a name stands for (`hp["lr"] = 1e-3`, `args.update(...)`, `Net.forward = f`,
`setup()`), and the rest, such as training, is left out.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from autograder.worker.statements import bound, magic_of, read

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If, ast.Try, ast.With)
# Calls that may change anything, or write a file that is read later.
REFLECTIVE = frozenset("globals locals vars exec eval setattr delattr open".split())
HARMLESS = frozenset(
    "print display len str repr type isinstance issubclass id hash sorted list dict tuple set sum min "
    "max abs round range enumerate zip map filter any all format hasattr getattr callable".split()
)
LOOKS = frozenset(  # methods that change nothing
    "get items keys values copy index count to cpu cuda numpy item size dim parameters state_dict "
    "format join split strip lower upper startswith endswith show figure plot is_available".split()
)
CHANGING_MAGICS = frozenset("run env set_env cd writefile file".split())
PLAIN = (int, float, complex, str, bytes, range, types.FunctionType, types.BuiltinFunctionType)


class Needs:
    """What the graded functions of some statements read, directly or by what they call.

    Attributes:
        wide: names that any definition reads, and what these need: cheap assignments to them are run.
        narrow: of these, what the wanted names need.
    """

    def __init__(self, statements: Sequence[ast.stmt], wanted: Collection[str]) -> None:
        self._statements = statements
        self._wanted = frozenset(wanted)
        self._bound = [bound(one) for one in statements]
        self._read: dict[int, set[str]] = {}
        self._taken: set[int] = set()
        self.narrow = self._closure(wanted)
        self.wide = self.narrow | _needed_names(statements, wanted)
        self._variables = {
            name
            for names, one in zip(self._bound, statements)
            if not isinstance(one, DEFINITIONS)
            for name in names & self.narrow
        }
        self._setters = self._functions_that_change()

    def is_needed(self, at: int) -> bool:
        """Tell whether a statement gives or changes a value that a graded function reads."""
        return at in self._taken

    def assigns(self, at: int) -> bool:
        """Tell whether a statement gives a value to a name that some definition reads."""
        statement = self._statements[at]
        if isinstance(statement, ASSIGNMENTS):
            return bool(self._bound[at] & self.wide)
        return not isinstance(statement, ast.Expr) and bool(self._bound[at] & self.narrow)

    def changes(self, at: int, names: Mapping[str, Any], own: Collection[str]) -> bool:
        """Tell whether a statement may change what the graded functions read.

        Arguments:
            names: the module's names at this time, which tell what can be changed at all.
            own: the names of modules that were handed in.
        """
        statement = self._statements[at]
        magic = magic_of(statement)
        if magic is not None:
            return len(magic) > 1 and magic[1] in CHANGING_MAGICS

        def is_state(name: str) -> bool:
            return name in self.narrow and _can_change(names.get(name), own)

        return any(
            self._stores(node, names) or self._calls(node, is_state) for node in ast.walk(statement)
        ) or _loops_over(statement, is_state)

    def _stores(self, node: ast.AST, names: Mapping[str, Any]) -> bool:
        if not isinstance(node, (ast.Subscript, ast.Attribute)):
            return False
        if not isinstance(node.ctx, (ast.Store, ast.Del)):
            return False
        root = _root(node)
        return root in self.narrow or isinstance(names.get(root), types.ModuleType)

    def _calls(self, node: ast.AST, is_state: Any) -> bool:
        if not isinstance(node, ast.Call):
            return False
        function, root = node.func, _root(node.func)
        if root in REFLECTIVE or root in self._setters:
            return True
        if isinstance(function, ast.Name) and root in HARMLESS:
            return False
        if isinstance(function, ast.Attribute) and function.attr not in LOOKS and is_state(root):
            return True
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        return any(is_state(_root(one)) for one in given)

    def _closure(self, wanted: Collection[str]) -> set[str]:
        """Return the wanted names and all that their values are made of or reach."""
        needed = set(wanted)
        taken = self._taken
        variables: set[str] = set().union(
            *(n for n, s in zip(self._bound, self._statements) if not isinstance(s, DEFINITIONS))
        )
        while True:
            before = len(needed), len(taken)
            for at, statement in enumerate(self._statements):
                if at in taken:
                    continue
                if (
                    self._bound[at] & needed
                    or _stores_in(statement, needed)
                    or _method_of(statement) in needed & variables
                ):
                    needed |= self._reads(at)
                    taken.add(at)
                elif _renames(statement, needed):
                    needed |= self._bound[at]
            if (len(needed), len(taken)) == before:
                return needed

    def _reads(self, at: int) -> set[str]:
        if at not in self._read:
            self._read[at] = read(self._statements[at])
        return self._read[at]

    def _functions_that_change(self) -> set[str]:
        """Return the names of functions and classes whose call changes what graded functions read."""
        inside: dict[str, ast.stmt] = {}
        changing: set[str] = set()
        for at, one in enumerate(self._statements):
            if not isinstance(one, FUNCTIONS):
                continue
            inside[one.name] = one
            reads = self._reads(at)
            told = {n for node in ast.walk(one) if isinstance(node, ast.Global) for n in node.names}
            state = (self._variables & reads) | (told & self.narrow)
            if told & self.narrow or (
                one.name not in self._wanted and _touches(one, state | _classes(one, self.narrow))
            ):
                changing.add(one.name)
        while True:
            more = {
                name
                for name, one in inside.items()
                if name not in changing | self._wanted
                and any(
                    isinstance(node, ast.Call) and _root(node.func) in changing
                    for node in ast.walk(one)
                )
            }
            if not more:
                return changing
            changing |= more


def is_inert(statement: ast.stmt) -> bool:
    """Tell whether a statement only shows something."""
    if isinstance(statement, (ast.Pass, ast.Assert)):
        return True
    if not isinstance(statement, ast.Expr):
        return False
    magic = magic_of(statement)
    if magic is not None:
        return len(magic) < 2 or magic[1] not in CHANGING_MAGICS
    value = statement.value
    return isinstance(value, (ast.Constant, ast.Name)) or (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id in ("print", "display")
    )


def _can_change(value: Any, own: Collection[str]) -> bool:
    """Tell whether a value can be changed in place; of modules, those that were handed in."""
    if value is None or isinstance(value, PLAIN):
        return False
    if isinstance(value, types.ModuleType):
        return value.__name__.partition(".")[0] in own
    if isinstance(value, (tuple, frozenset)):
        return any(_can_change(one, own) for one in value)
    return type(value).__module__ != "torch" or type(value).__name__ not in ("device", "dtype")


def _root(node: ast.AST | None) -> str:
    """Return the name at the beginning of `name.attribute[index].method`; "" if there is none."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Starred)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _method_of(statement: ast.stmt) -> str:
    """Return the name whose method a statement calls, as in `hp.update(more)`; "" for any other."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return ""
    function = statement.value.func
    return _root(function) if isinstance(function, ast.Attribute) else ""


def _renames(statement: ast.stmt, needed: Collection[str]) -> bool:
    """Tell whether a statement gives another name to something: `config = hp`."""
    return (
        isinstance(statement, ast.Assign)
        and isinstance(statement.value, (ast.Name, ast.Attribute, ast.Subscript))
        and _root(statement.value) in needed
    )


def _stores_in(statement: ast.stmt, needed: Collection[str]) -> bool:
    """Tell whether a statement, outside of functions, stores something in what a name stands for."""
    if isinstance(statement, FUNCTIONS):
        return False
    return any(
        isinstance(node, (ast.Attribute, ast.Subscript))
        and isinstance(node.ctx, (ast.Store, ast.Del))
        and _root(node) in needed
        for node in ast.walk(statement)
    )


def _touches(function: ast.stmt, state: Collection[str]) -> bool:
    """Tell whether a function changes what one of these names stands for."""
    for node in ast.walk(function):
        stores = isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(
            node.ctx, (ast.Store, ast.Del)
        )
        calls = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr not in LOOKS
        )
        if (stores or calls) and _root(node) in state:
            return True
    return False


def _classes(function: ast.stmt, narrow: Collection[str]) -> set[str]:
    """Return the needed names in whose attributes a function stores something: `Net.forward = f`."""
    return {
        _root(node)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    } & set(narrow)


def _loops_over(statement: ast.stmt, is_state: Any) -> bool:
    """Tell whether a loop goes through something that can be changed, and changes what it meets."""
    if not isinstance(statement, ast.For):
        return False
    met = {_root(node) for node in ast.walk(statement.iter)}
    targets = {node.id for node in ast.walk(statement.target) if isinstance(node, ast.Name)}
    return any(map(is_state, met)) and any(_touches(one, targets) for one in statement.body)


def _needed_names(statements: Sequence[ast.stmt], wanted: Collection[str]) -> set[str]:
    """Return the wanted names, those that definitions read, and those that these need in turn."""
    needed = set(wanted)
    for statement in statements:
        if isinstance(statement, DEFINITIONS):
            needed |= read(statement)
        elif isinstance(statement, (ast.If, ast.Try)):  # a definition may be inside
            inner = [n for n in ast.walk(statement) if isinstance(n, DEFINITIONS)]
            needed |= set().union(*(bound(n) | read(n) for n in inner)) if inner else set()
    while True:
        more = set(needed)
        for statement in statements:
            if isinstance(statement, ASSIGNMENTS) and bound(statement) & needed:
                more |= read(statement)
        if more == needed:
            return needed
        needed = more
