"""The arrays of one probe, as a check reads them, and a description of those that it cannot judge.

A student's arrays can be anything that the wire accepts, of any kind, shape and value. Here they get
the kind that the check expects, so that no check has to do that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from autograder.compare import is_real, real
from autograder.outputs import Array

# What NumPy raises on arrays that it cannot work with.
OF_ARRAYS = (ValueError, TypeError, IndexError, ArithmeticError, MemoryError, Warning)
LISTED = 3  # arrays in a description


class NoArray(KeyError):
    """A check reads an array that does not exist."""


class View(Mapping[str, Array]):
    """One probe's arrays by their own names; records which are read."""

    def __init__(self, arrays: Mapping[str, Array], probe: str, read: set[str]) -> None:
        self._arrays, self._prefix, self._read = arrays, probe + "/", read

    def __getitem__(self, name: str) -> Array:
        key = self._prefix + name
        self._read.add(key)
        try:
            return self._arrays[key]
        except KeyError:
            raise NoArray(key) from None

    def __contains__(self, name: object) -> bool:
        return self._prefix + str(name) in self._arrays

    def __iter__(self) -> Iterator[str]:
        keys = (k for k in self._arrays if k.startswith(self._prefix))
        return (k.removeprefix(self._prefix) for k in keys)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class NotReturned(NoArray):
    """A check reads an array that the worker should have returned."""


class StudentView(View):
    """A student's arrays, each of a kind that can be compared with the solution's.

    Complex numbers raise CheckFailed. If the solution has floats, integers and booleans become floats,
    too: integers overflow silently, and NumPy cannot subtract booleans.
    """

    def __init__(
        self, arrays: Mapping[str, Array], answers: Mapping[str, Array], probe: str, read: set[str]
    ) -> None:
        super().__init__(arrays, probe, read)
        self._answers = answers

    def __getitem__(self, name: str) -> Array:
        try:
            array = super().__getitem__(name)
        except NoArray as problem:
            raise NotReturned(*problem.args) from None
        right = self._answers.get(self._prefix + name)
        if right is None or is_real(right):
            real(array, self._prefix[:-1])
        coarse = array.dtype.kind in "biu" or array.dtype.itemsize < 4
        if right is not None and right.dtype.kind == "f" and coarse:
            return array.astype(np.float64)
        return array


def describe(
    arrays: Mapping[str, Array], answers: Mapping[str, Array], probe: str, read: set[str]
) -> str:
    """Describe the arrays of a probe that were read; those with an unusual form come first.

    The text says what the student's code returned, and nothing about the answers.
    """
    own = sorted(key for key in read if key in arrays and key.startswith(f"{probe}/"))
    odd = [key for key in own if key in answers and _form(arrays[key]) != _form(answers[key])]
    chosen = (odd or own)[:LISTED]
    described = [f"{key.partition('/')[2]} is {_description(arrays[key])}" for key in chosen]
    return ", ".join(described) or "nothing"


def _form(array: Array) -> tuple[str, tuple[int, ...]]:
    return array.dtype.str, array.shape


def _description(array: Array) -> str:
    kind = array.dtype.name
    if array.size == 0:
        return f"empty ({kind}, shape {array.shape})"
    whole = array.dtype.kind not in "fc" or bool(np.isfinite(array).all())
    return f"{kind} of shape {array.shape}" + ("" if whole else ", not all of it finite")
