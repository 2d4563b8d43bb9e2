"""Arrays and texts that no honest function returns: of every kind, shape and value that is allowed."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np
from hypothesis import strategies as st

from autograder import outputs
from autograder.outputs import Array, Outputs, ProbeStatus
from autograder.parts import REFERENCE, Part

KINDS = sorted(outputs.KINDS)
SHAPES = [
    *((), (0,), (1,), (2,), (3, 2), (0, 3), (1, 1, 1, 1), (7,), (128,), (500, 40), (400, 784)),
    *((3, 0, 2), (2,) * 8, (1,) * 8, (20_000,), (4, 5, 6)),
]
FILLS = [
    *(
        "zero",
        "minus zero",
        "one",
        "minus one",
        "largest",
        "least",
        "tiny",
        "nan",
        "inf",
        "minus inf",
    ),
    *("one nan", "one inf", "random", "any bits", "huge both ways"),
]
ALTERED = ["one changed", "other kind", "reshaped", "twice", "first half", "minus"]
# What would show an error of Python's or NumPy's own to a student.
INTERNAL = (
    *(
        "Error",
        "Exception",
        "Traceback",
        "numpy",
        "ufunc",
        "broadcast",
        "operand",
        "array(",
        "object at",
    ),
    *(
        "inhomogeneous",
        "ambiguous",
        "out of bounds",
        "not supported",
        "cannot convert",
        "unsupported",
    ),
)

LETTERS = st.characters()  # surrogates and control characters among them
TEXTS = st.one_of(
    st.text(LETTERS, max_size=80),
    st.sampled_from(
        [
            *(
                "\ud800",
                "a\udcffb",
                "\x1b[2J",
                "\0",
                "\n",
                "\r\n::error::x",
                "\u202egnp",
                "<script>",
                "=1+1",
            ),
            *(
                "{{ 7 * 7 }}",
                "]]>",
                "\ufeff",
                "x" * 100_000,
                "\n" * 5000,
                "ß" * 4000,
                "[bold]",
                "#" * 400,
            ),
        ]
    ),
)
FORMS = st.one_of(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(SHAPES), st.sampled_from(FILLS)),
    st.sampled_from(ALTERED),
)


def made(form: str | tuple[str, tuple[int, ...], str], right: Array) -> Array:
    """Return an array of a form: (kind, shape, fill), or what is done to the right one."""
    random = np.random.default_rng(zlib.crc32(repr(form).encode()))
    if isinstance(form, str):
        return _altered(form, right, random)
    kind, shape, fill = form
    return _filled(np.dtype(kind), shape, fill, random)


def _filled(
    kind: np.dtype, shape: tuple[int, ...], fill: str, random: np.random.Generator
) -> Array:
    array = np.zeros(shape, kind)
    if fill == "random":
        return (random.random(shape) * 3 - 1).astype(kind)
    if fill == "any bits":
        bits = random.integers(0, 2 if kind.kind == "b" else 256, array.nbytes, np.uint8)
        return np.frombuffer(bits.tobytes(), kind).reshape(shape)
    is_float = kind.kind in "fc"
    limits = np.finfo(kind) if is_float else None if kind.kind == "b" else np.iinfo(kind)
    largest, least = (limits.max, limits.min) if limits is not None else (True, False)
    values = {
        "minus zero": -0.0,
        "one": 1,
        "minus one": -1 if is_float or least else 1,
        "largest": largest,
        "least": least,
        "tiny": limits.tiny if is_float else 1,
        "nan": np.nan if is_float else largest,
        "inf": np.inf if is_float else largest,
        "minus inf": -np.inf if is_float else least,
    }
    if fill in values:
        array[...] = values[fill]
    elif fill == "huge both ways":
        flat = array.reshape(-1)
        flat[::2], flat[1::2] = largest, least
    elif fill in ("one nan", "one inf") and array.size:
        array.reshape(-1)[array.size // 2] = values[fill.partition(" ")[2]]
    return array


def _altered(form: str, right: Array, random: np.random.Generator) -> Array:
    if form == "one changed" and right.size:
        array = right.copy()
        array.reshape(-1)[random.integers(right.size)] += True
        return array
    if form == "other kind":
        with np.errstate(all="ignore"):
            return right.astype(np.dtype("<f8" if right.dtype.kind in "biu" else "<i4"))
    if form == "reshaped":
        return right.reshape((1, *right.shape[:6], 1)) if right.ndim < 6 else right.reshape(-1)
    if form == "twice":
        return np.concatenate([right.reshape(-1)] * 2)
    if form == "first half":
        return right.reshape(-1)[: right.size // 2]
    return ~right if right.dtype.kind == "b" else np.negative(right)


def the_solutions(part: Part) -> Outputs:
    """Return the stored answers as what a submission's probes returned."""
    answers, _ = outputs.read_npz(part.answers)
    probes = [name for name in part.probe_names() if any(k.startswith(f"{name}/") for k in answers)]
    arrays = {k: v for k, v in answers.items() if not k.startswith(f"{REFERENCE}/")}
    return Outputs(part.name, arrays, {name: ProbeStatus("ok") for name in probes})


def with_arrays(right: Outputs, arrays: Mapping[str, Array | None]) -> Outputs:
    """Return outputs in which some arrays are others, and those that are None are gone."""
    changed = {**right.arrays, **arrays}
    kept = {key: array for key, array in changed.items() if array is not None}
    return Outputs(right.part, kept, right.statuses, right.notes)
