"""Numbers of a function that a student may have chosen otherwise: what the search fits to outputs.

A slot is a place for one number: a literal, an argument that has its default, a factor, an addend, a
label. It makes the edit that puts a value there, and the sentence that tells of this value.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder.operators.edits import Edit
from autograder.operators.losses import builds
from autograder.operators.numbers import role
from autograder.operators.view import View, last_name, number_in, view

# Arguments that take any number of a range, by the name of what is called: their default, and the range
# of what can be there.
Range = tuple[float, float]
ANY, POSITIVE, SHARE = (-1e4, 1e4), (0.0, 1e4), (0.0, 0.99999)
DEFAULTS: dict[str, dict[str, tuple[float, Range]]] = {
    "LeakyReLU": {"negative_slope": (0.01, ANY)},
    "BatchNorm1d": {"eps": (1e-5, POSITIVE), "momentum": (0.1, SHARE)},
    "BatchNorm2d": {"eps": (1e-5, POSITIVE), "momentum": (0.1, SHARE)},
    "Adam": {"lr": (1e-3, POSITIVE), "eps": (1e-8, POSITIVE), "weight_decay": (0.0, POSITIVE)},
    "SGD": {"momentum": (0.0, SHARE), "weight_decay": (0.0, POSITIVE)},
}
POSITIONS = {"LeakyReLU": ("negative_slope",), "Adam": ("params", "lr"), "SGD": ("params", "lr")}
RANGES = {
    "betas": SHARE,
    "momentum": SHARE,
    "lr": POSITIVE,
    "eps": POSITIVE,
    "weight_decay": POSITIVE,
    "std": POSITIVE,
    "gamma": POSITIVE,
}
# Whole numbers are fitted only where any number may stand: as arguments of these, or in a formula.
TAKES_ANY = ("LeakyReLU", "normal_", "uniform_", "constant_", "trunc_normal_", "full_like", "clamp")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one number.

    Attributes:
        right: the number that is there.
        limits: the smallest and the largest number that can be there.
        edit: makes the edit that puts a number there; whether its sentence says "about".
    """

    right: float
    limits: Range
    edit: Callable[[float, bool], Edit]


def slots(source: str) -> list[Slot]:
    """Return the slots of one function's source; the plainest to tell of come first."""
    seen = view(source)
    families = (_literals, _defaults, _labels, _values, _terms)
    return [slot for family in families for slot in family(seen)]


def _slot(
    view: View,
    nodes: Sequence[ast.AST],
    template: str,
    right: float,
    says: str,
    limits: Range = ANY,
) -> Slot:
    """Return a slot; `{}` in the template and in the sentence is the number."""

    def edit(value: float, about: bool) -> Edit:
        # A negative number needs brackets in a formula.
        text = f"({value!r})" if value < 0 else repr(value)
        return view.swap_all(
            nodes, template.replace("{}", text), says.replace("{}", told(value, about))
        )

    return Slot(right, limits, edit)


def told(value: float, about: bool) -> str:
    """Return a number as a sentence has it."""
    return f"about {value:.2g}" if about else f"{value:.6g}"


def _literals(view: View) -> Iterator[Slot]:
    """Every number, and all places that have the same one."""
    places: dict[str, list[ast.AST]] = {}
    for node in view.nodes:
        whole = number_in(node) is not None and number_in(view.held[node].parent) is None
        if whole and _takes_any(view, node):
            places.setdefault(ast.unparse(node), []).append(node)
    for text, nodes in places.items():
        value = number_in(nodes[0])
        assert value is not None
        for node in nodes:
            says = f"{role(view, node)} is {{}}, not what is asked for."
            yield _slot(view, [node], "{}", value, says, _range(view, node))
        if len(nodes) > 1:
            asked = text if view.asked(text) else "another number"
            says = f"There is {{}} wherever {asked} is asked for."
            yield _slot(view, nodes, "{}", value, says, _range(view, nodes[0]))


def _takes_any(view: View, node: ast.AST) -> bool:
    """Return whether a place takes any number, not whole ones alone."""
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return True
    parent = view.held[node].parent
    if isinstance(parent, ast.keyword):
        return parent.arg in RANGES
    if isinstance(parent, ast.Call):
        return last_name(parent.func) in TAKES_ANY
    if not isinstance(parent, ast.BinOp) or _is_size(view, node):
        return False
    return isinstance(parent.op, ast.Add | ast.Sub | ast.Mult | ast.Div)


def _is_size(view: View, node: ast.AST) -> bool:
    """Return whether a formula of whole numbers alone is an argument: 7 * 7 * 128 of a layer."""
    while isinstance(parent := view.held[node].parent, ast.BinOp):
        node = parent
    names = [one for one in ast.walk(node) if isinstance(one, ast.Name | ast.Call)]
    return not names and isinstance(parent, ast.Call | ast.keyword)


def _range(view: View, node: ast.AST) -> Range:
    parent = view.held[node].parent
    if isinstance(parent, ast.Tuple | ast.List):
        parent = view.held[parent].parent
    name = parent.arg if isinstance(parent, ast.keyword) else None
    return RANGES.get(name or "", ANY)


def _defaults(view: View) -> Iterator[Slot]:
    """Arguments that a call leaves out: each call's, and all of a name."""
    for name, arguments in DEFAULTS.items():
        calls = [call for call, other in view.calls() if other == name]
        for argument, (value, limits) in arguments.items():
            free = [call for call in calls if not _given(call, name, argument)]
            for some in [[call] for call in free] + ([free] if len(free) > 1 else []):
                which = view.which(some[0], name, calls) if len(some) == 1 else f"every {name}"
                says = f"The argument {argument} of {which} is {{}}, which is not asked for."
                first: list[ast.AST] = [call.args[0] for call in some if call.args]
                if len(first) == len(some):
                    yield _slot(view, first, f"_, {argument}={{}}", value, says, limits)
                elif not any(call.args or call.keywords for call in some):
                    bare = f"{ast.unparse(some[0].func)}({argument}={{}})"
                    yield _slot(view, list(some), bare, value, says, limits)


def _given(call: ast.Call, name: str, argument: str) -> bool:
    positions = POSITIONS.get(name, ())
    if argument in positions and len(call.args) > positions.index(argument):
        return True
    return any(one.arg in (argument, None) for one in call.keywords)


def _labels(view: View) -> Iterator[Slot]:
    for node, name in view.calls():
        if name not in ("ones_like", "zeros_like", "ones", "zeros"):
            continue
        like = name.endswith("like") and node.args
        whose = f" of {view.name(node.args[0])}" if like else ""
        one = name.startswith("ones")
        template = "{} * _" if one else "({} + _)"
        yield _slot(view, [node], template, float(one), f"The label{whose} is {{}}.")


def _values(view: View) -> Iterator[Slot]:
    """A factor of, and an addend to, what is returned or kept under a name."""
    nodes = [node for node in view.nodes if isinstance(node, ast.Return | ast.Assign)]
    for node in sorted(nodes, key=lambda node: isinstance(node, ast.Assign)):
        value = node.value
        if value is None or isinstance(value, ast.Tuple | ast.List | ast.Constant) or builds(value):
            continue
        what = "What is returned"
        if isinstance(node, ast.Assign):
            if not isinstance(node.targets[0], ast.Name):
                continue
            what = view.name(node.targets[0])
            what = what[:1].upper() + what[1:]
        yield _slot(view, [value], "{} * (_)", 1.0, f"{what} is {{}} times what is described.")
        says = f"To {what[:1].lower() + what[1:]}, {{}} is added."
        yield _slot(view, [value], "(_) + {}", 0.0, says)


def _terms(view: View) -> Iterator[Slot]:
    """A factor of a term of a sum."""
    for node in view.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            for side in (node.left, node.right):
                if number_in(side) is None:
                    says = "A term of the formula is {} times what is described."
                    yield _slot(view, [side], "({} * (_))", 1.0, says)
