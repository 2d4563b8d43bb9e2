"""Numbers that every machine computes alike: bits of a counter, mixed by integer arithmetic.

Weights and inputs come from here. tests/oracles/ evaluates the same formula again, on its own. A course
may have a key of its own: then every number depends on it too, and nobody knows them in advance.
"""

import hashlib
from contextvars import ContextVar
from typing import Any

import numpy as np
import torch

PIECE = 1 << 14  # numbers computed at a time
# The course's key; "" for the numbers of the public repository, which students' copies use.
COURSE_KEY: ContextVar[str] = ContextVar("COURSE_KEY", default="")


def formula(key: int, shape: tuple[int, ...], scale: float = 1.0, offset: float = 0.0) -> Any:
    """Return float64 numbers u * scale + offset of the given shape, u a hash of (key, position).

    u lies in [-1, 1). Works through the positions in pieces that stay in the processor's cache.
    """
    numbers = np.empty(int(np.prod(shape)))
    fill(numbers, key, scale, offset)
    return numbers.reshape(shape)


def of_the_course(key: int) -> int:
    """Return what stands for a key in this course: 32 bits of a hash with the course's key."""
    if not (course := COURSE_KEY.get()):
        return key
    return int.from_bytes(hashlib.sha256(f"{course} {key}".encode()).digest()[:4], "little")


def fill(numbers: np.ndarray, key: int, scale: float, offset: float) -> None:
    """Overwrite a flat array with the formula's numbers, rounded to its type."""
    key = of_the_course(key)
    for start in range(0, numbers.size, PIECE):
        piece = numbers[start : start + PIECE]
        z = np.arange(start, start + piece.size, dtype=np.uint32)
        z += np.uint32((key * 0x9E3779B9 + 0x7F4A7C15) & 0xFFFFFFFF)
        z ^= z >> np.uint32(16)
        z *= np.uint32(0x21F0AAAD)
        z ^= z >> np.uint32(15)
        z *= np.uint32(0x735A2D97)
        z ^= z >> np.uint32(15)
        u = z * 2.0**-31
        u -= 1.0
        u *= scale
        u += offset
        piece[:] = u  # rounds once, where `numbers` is float32


def weights_by_formula(
    key: int, shape: tuple[int, ...], scale: float, offset: float = 0.0
) -> torch.Tensor:
    """Return the formula's numbers, rounded to float32."""
    numbers = np.empty(int(np.prod(shape)), dtype=np.float32)
    fill(numbers, key, scale, offset)
    return torch.from_numpy(numbers.reshape(shape))


def as_tensor(values: np.ndarray) -> torch.Tensor:
    """Round to float32, in PyTorch's default type, which a student may have changed."""
    rounded = np.ascontiguousarray(values, dtype=np.float32)
    return torch.from_numpy(rounded).to(torch.get_default_dtype())


def weight_bound(shape: tuple[int, ...]) -> float:
    """Return the bound of uniform weights that keep a signal's size (Glorot and Bengio, 2010)."""
    kernel = float(np.prod(shape[2:]))
    return float(np.sqrt(6.0 / (shape[0] + shape[1]) / kernel))
