"""Which layers of isolation are in force, and which must be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.errors import SandboxError
from autograder.worker.sandbox.layers import LAYERS, STRICT


def require_layers(layers: Sequence[str], wanted: Iterable[str] = STRICT) -> None:
    """Raise SandboxError unless every wanted layer is in force."""
    missing = [name for name in wanted if name not in layers]
    if missing:
        raise SandboxError(
            f"strict isolation is unavailable here; missing: {', '.join(missing)}. "
            "`autograder doctor` says more; `--isolation auto` uses the layers that are available"
        )


def require_one_of(layers: Sequence[str], wanted: Iterable[str]) -> None:
    """Raise SandboxError unless at least one of the wanted layers is in force."""
    names = sorted(wanted)
    if not set(names) & set(layers):
        raise SandboxError(
            "nothing on this machine keeps answers from student code: "
            f"none of {', '.join(names)} is available"
        )


def known_layers(value: object) -> tuple[str, ...]:
    """Return the layers that a worker's frame lists; unknown names are left out."""
    listed = value if isinstance(value, list) else []
    return tuple(layer for layer in LAYERS if layer in listed)
