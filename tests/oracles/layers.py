"""Layers in NumPy float64, forward and backward, written from their definitions.

A layer is a function of its input that returns its output and a function from the output's gradient
to the gradients of the input and of the parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

Array = np.ndarray
Backward = Callable[[Array], tuple[Array, list[Array]]]
Layer = Callable[[Array], tuple[Array, Backward]]


def linear(weight: Array, bias: Array) -> Layer:
    """y = x W^T + b."""

    def forward(x: Array) -> tuple[Array, Backward]:
        return x @ weight.T + bias, lambda dy: (dy @ weight, [dy.T @ x, dy.sum(0)])

    return forward


def leaky_relu(slope: float) -> Layer:
    """y = x where x > 0, slope * x elsewhere; slope 0 is ReLU."""

    def forward(x: Array) -> tuple[Array, Backward]:
        factor = np.where(x > 0, 1.0, slope)
        return x * factor, lambda dy: (dy * factor, [])

    return forward


def tanh(x: Array) -> tuple[Array, Backward]:
    """y = tanh(x), dy/dx = 1 - y^2."""
    y = np.tanh(x)
    return y, lambda dy: (dy * (1 - y * y), [])


def reshape(*shape: int) -> Layer:
    """Another shape for each example of the minibatch."""

    def forward(x: Array) -> tuple[Array, Backward]:
        return x.reshape(len(x), *shape), lambda dy: (dy.reshape(x.shape), [])

    return forward


def convolution(
    weight: Array, bias: Array | None = None, stride: int = 1, padding: int = 0
) -> Layer:
    """Correlate; weight is (out, in, k, k)."""
    k = weight.shape[-1]

    def forward(x: Array) -> tuple[Array, Backward]:
        wide = _padded(x, padding)
        h, w = ((n - k) // stride + 1 for n in wide.shape[2:])
        y = np.zeros((len(x), len(weight), h, w))
        for i, j, seen in _taps(wide, k, stride, h, w):
            y += _mixed(weight[:, :, i, j], seen)

        def backward(dy: Array) -> tuple[Array, list[Array]]:
            dwide, dweight = np.zeros_like(wide), np.zeros_like(weight)
            for i, j, seen in _taps(wide, k, stride, h, w):
                dweight[:, :, i, j] = _correlated(dy, seen)
            for i, j, seen in _taps(dwide, k, stride, h, w):
                seen += _mixed(weight[:, :, i, j].T, dy)
            return _unpadded(dwide, padding), [dweight, *_of_bias(bias, dy)]

        return _shifted(y, bias), backward

    return forward


def transposed_convolution(
    weight: Array, bias: Array | None = None, stride: int = 2, padding: int = 1
) -> Layer:
    """Spread each input over a patch as large as the kernel; weight is (in, out, k, k)."""
    k = weight.shape[-1]

    def forward(x: Array) -> tuple[Array, Backward]:
        h, w = x.shape[2:]
        wide = np.zeros((len(x), weight.shape[1], stride * (h - 1) + k, stride * (w - 1) + k))
        for i, j, patch in _taps(wide, k, stride, h, w):
            patch += _mixed(weight[:, :, i, j].T, x)

        def backward(dy: Array) -> tuple[Array, list[Array]]:
            dx, dweight = np.zeros_like(x), np.zeros_like(weight)
            for i, j, patch in _taps(_padded(dy, padding), k, stride, h, w):
                dx += _mixed(weight[:, :, i, j], patch)
                dweight[:, :, i, j] = _correlated(x, patch)
            return dx, [dweight, *_of_bias(bias, dy)]

        return _shifted(_unpadded(wide, padding), bias), backward

    return forward


def _taps(x: Array, k: int, stride: int, h: int, w: int) -> Iterator[tuple[int, int, Array]]:
    """Yield what each weight of a kernel sees: every stride-th pixel, from its own place on."""
    for i in range(k):
        for j in range(k):
            yield i, j, x[:, :, i : i + stride * h : stride, j : j + stride * w : stride]


def _mixed(matrix: Array, x: Array) -> Array:
    """Mix channels: (o, c) and (n, c, h, w) give (n, o, h, w)."""
    return np.moveaxis(np.tensordot(matrix, x, (1, 1)), 0, 1)


def _correlated(one: Array, other: Array) -> Array:
    """Sum over examples and pixels: (n, a, h, w) and (n, b, h, w) give (a, b)."""
    axes = (0, 2, 3)
    return np.tensordot(one, other, (axes, axes))


def _padded(x: Array, padding: int) -> Array:
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def _unpadded(x: Array, padding: int) -> Array:
    return x[:, :, padding : x.shape[2] - padding, padding : x.shape[3] - padding]


def _shifted(y: Array, bias: Array | None) -> Array:
    return y if bias is None else y + bias[:, None, None]


def _of_bias(bias: Array | None, dy: Array) -> list[Array]:
    return [] if bias is None else [dy.sum((0, 2, 3))]


def max_pool(x: Array) -> tuple[Array, Backward]:
    """The largest of each 2x2 window."""
    n, c, h, w = x.shape
    windows = x.reshape(n, c, h // 2, 2, w // 2, 2).transpose(0, 1, 2, 4, 3, 5)
    flat = windows.reshape(n, c, h // 2, w // 2, 4)
    chosen = flat.argmax(-1)[..., None]

    def backward(dy: Array) -> tuple[Array, list[Array]]:
        spread = np.zeros_like(flat)
        np.put_along_axis(spread, chosen, dy[..., None], -1)
        back = spread.reshape(n, c, h // 2, w // 2, 2, 2).transpose(0, 1, 2, 4, 3, 5)
        return back.reshape(x.shape), []

    return np.take_along_axis(flat, chosen, -1)[..., 0], backward


def batch_norm(scale: Array, shift: Array) -> Layer:
    """Normalize each feature over the minibatch (Ioffe & Szegedy, 2015); eps 1e-5."""

    def forward(x: Array) -> tuple[Array, Backward]:
        axes = (0,) if x.ndim == 2 else (0, 2, 3)
        wide = (1, -1) if x.ndim == 2 else (1, -1, 1, 1)
        deviation = np.sqrt(x.var(axes, keepdims=True) + 1e-5)
        unit = (x - x.mean(axes, keepdims=True)) / deviation

        def backward(dy: Array) -> tuple[Array, list[Array]]:
            d = dy * scale.reshape(wide)
            centred = d - d.mean(axes, keepdims=True)
            dx = (centred - unit * (d * unit).mean(axes, keepdims=True)) / deviation
            return dx, [(dy * unit).sum(axes), dy.sum(axes)]

        return unit * scale.reshape(wide) + shift.reshape(wide), backward

    return forward


def run(layers: list[Layer], x: Array) -> tuple[Array, Backward]:
    """Chain layers; the backward function gives parameters' gradients in the order of the layers."""
    tape = []
    for layer in layers:
        x, backward = layer(x)
        tape.append(backward)

    def all_the_way(dy: Array) -> tuple[Array, list[Array]]:
        gradients: list[Array] = []
        for backward in reversed(tape):
            dy, own = backward(dy)
            gradients = own + gradients
        return dy, gradients

    return x, all_the_way
