"""What a file of mistakes writes: `swap("every nn.ReLU()", "nn.Tanh()")`, `drop("zero_grad()")`, ...

Each operator takes places, see `places`, and what comes there as Python text: an expression, layers or
arguments separated by commas, or statements. In it `_` is what was there before, and `...` what `...`
stood for in the place: `swap("every (...).mean()", "(...).sum()")`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder.errors import SourceError
from autograder.operators.changes import (
    constantly,
    dropped,
    filled,
    given,
    gone,
    number,
    then,
    unwrapped,
)
from autograder.operators.edits import Change, Edit
from autograder.operators.places import Above, Found, Spot, find, parents, place
from autograder.operators.words import sentence

Changes = dict[int, Change]
Finder = Callable[[ast.AST], Changes]
Pairs = Iterator[tuple[ast.AST, Change]]


@dataclass(frozen=True, slots=True)
class Operator:
    """A change at places that an author names; `edit` finds them in a function."""

    id: str
    tell: Callable[[], str]
    find: Finder

    @property
    def sentence(self) -> str:
        """What is wrong, told to a student, where nobody writes it better."""
        return self.tell()

    def edit(self, tree: ast.AST) -> Edit:
        """Return the edit of a function; raise SourceError if a place is not there."""
        return Edit(self.id, self.sentence, self.find(tree))


def swap(where: str, new: str) -> Operator:
    """Put something else at a place: `swap("loss_fake", "_.detach()")`."""

    def change(found: Found, above: Above) -> Pairs:
        yield found.spot[0], filled(new, above, found.captured)
        yield from ((node, gone) for node in found.spot[1:])

    return _operator("swap", where, new, change)


def before(where: str, new: str) -> Operator:
    """Put layers, arguments or statements before a place."""
    return _beside("before", where, new, lambda old, added: [*added, old])


def after(where: str, new: str) -> Operator:
    """Put layers, arguments or statements after a place."""
    return _beside("after", where, new, lambda old, added: [old, *added])


def drop(where: str) -> Operator:
    """Leave something out: a layer, an argument, statements, one side of a sum or a product."""

    def change(found: Found, above: Above) -> Pairs:
        for node in found.spot:
            yield dropped(node, above)

    return _operator("drop", where, "", change)


def unwrap(where: str) -> Operator:
    """Leave `x` of `f(x)` and of `x.f()`; the body of a `with`."""
    return _operator("unwrap", where, "", lambda found, above: iter([(found.spot[0], unwrapped)]))


def argument(where: str, new: str) -> Operator:
    """Give a call arguments: `argument("nn.Linear(...)", "bias=False")`; a keyword replaces its own."""
    change = given(new)
    return _operator("argument", where, new, lambda found, above: iter([(found.spot[0], change)]))


def exchange(one: str, other: str) -> Operator:
    """Exchange what stands at two places; statements in a row count as one."""

    def find_both(tree: ast.AST) -> Changes:
        here, there = _one(one, tree), _one(other, tree)
        changes: Changes = {}
        for spot, comes in ((here, there), (there, here)):
            changes[number(spot[0])] = constantly(comes)
            changes.update({number(node): gone for node in spot[1:]})
        return changes

    return Operator(f"exchange {one} | {other}", lambda: "", find_both)


def move(where: str, *, before: str = "", after: str = "") -> Operator:
    """Move a layer or statements before or after another place."""

    def find_both(tree: ast.AST) -> Changes:
        moved, target = _one(where, tree), _one(before or after, tree)
        copies = constantly(moved)
        changes: Changes = {number(node): gone for node in moved}
        if before:
            changes[number(target[0])] = lambda old: [*copies(old), old]
        else:
            changes[number(target[-1])] = lambda old: [old, *copies(old)]
        return changes

    return Operator(f"move {where} | {before or after}", lambda: "", find_both)


def both(*operators: Operator) -> Operator:
    """Make several changes at once; all places are found in the solution."""

    def find_all(tree: ast.AST) -> Changes:
        changes: Changes = {}
        for operator in operators:
            for key, new in operator.find(tree).items():
                changes[key] = then(changes[key], new) if key in changes else new
        return changes

    ids = " + ".join(operator.id for operator in operators)
    return Operator(ids, lambda: _all_told(operators), find_all)


def _all_told(operators: Sequence[Operator]) -> str:
    """Return the sentences of all; "" if one has none."""
    sentences = [operator.sentence for operator in operators]
    return " ".join(sentences) if all(sentences) else ""


# --- how they work ------------------------------------------------------------------------------


def _operator(name: str, where: str, new: str, change: Callable[[Found, Above], Pairs]) -> Operator:
    def find_all(tree: ast.AST) -> Changes:
        held = parents(tree)
        changes: Changes = {}
        for found in find(place(where), tree):
            whole = Found(_whole(found.spot, held), found.captured)
            for node, new_change in change(whole, held[whole.spot[0]]):
                key = number(node)
                changes[key] = then(changes[key], new_change) if key in changes else new_change
        return changes

    id = f"{name} {where} | {new}".rstrip(" |")
    return Operator(id, lambda: sentence(name, where, new), find_all)


def _beside(
    name: str,
    where: str,
    new: str,
    join: Callable[[ast.AST, Sequence[ast.AST]], Sequence[ast.AST]],
) -> Operator:
    def change(found: Found, above: Above) -> Pairs:
        if not above.in_list:
            raise SourceError(f"{name} {where!r}: nothing can stand beside it")
        fill = filled(new, above, found.captured)
        last = found.spot[-1] if name == "after" else found.spot[0]
        yield last, lambda old: join(old, fill(old))

    return _operator(name, where, new, change)


def _one(where: str, tree: ast.AST) -> Spot:
    """Return the one spot that a place names."""
    found = find(place(where), tree)
    if len(found) != 1:
        raise SourceError(f"the place {where!r} must be one")
    return _whole(found[0].spot, parents(tree))


def _whole(spot: Spot, held: dict[ast.AST, Above]) -> Spot:
    """Return the statement of an expression that is one."""
    above = held[spot[0]]
    return [above.parent] if isinstance(above.parent, ast.Expr) else spot
