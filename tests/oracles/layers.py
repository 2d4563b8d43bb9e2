"""Layers in NumPy float64, forward and backward, written from their definitions.

A layer is a function of its input that returns its output and a function from the output's gradient
to the gradients of the input and of the parameters.
"""

from __future__ import annotations

from collections.abc import Callable

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


def convolution(weight: Array, bias: Array) -> Layer:
    """Correlate without padding, stride 1; weight is (out, in, k, k)."""
    k = weight.shape[-1]

    def forward(x: Array) -> tuple[Array, Backward]:
        h, w = x.shape[2] - k + 1, x.shape[3] - k + 1
        y = np.zeros((len(x), len(weight), h, w)) + bias[:, None, None]
        for i in range(k):
            for j in range(k):
                y += np.einsum("oc,nchw->nohw", weight[:, :, i, j], x[:, :, i : i + h, j : j + w])

        def backward(dy: Array) -> tuple[Array, list[Array]]:
            dx, dweight = np.zeros_like(x), np.zeros_like(weight)
            for i in range(k):
                for j in range(k):
                    window = x[:, :, i : i + h, j : j + w]
                    dweight[:, :, i, j] = np.einsum("nohw,nchw->oc", dy, window)
                    part = np.einsum("oc,nohw->nchw", weight[:, :, i, j], dy)
                    dx[:, :, i : i + h, j : j + w] += part
            return dx, [dweight, dy.sum((0, 2, 3))]

        return y, backward

    return forward


def transposed_convolution(weight: Array, bias: Array) -> Layer:
    """Spread each input over a 4x4 patch, stride 2, padding 1; weight is (in, out, 4, 4)."""

    def forward(x: Array) -> tuple[Array, Backward]:
        n, _, h, w = x.shape
        padded = np.zeros((n, weight.shape[1], 2 * h + 2, 2 * w + 2))
        for i in range(4):
            for j in range(4):
                patch = np.einsum("co,nchw->nohw", weight[:, :, i, j], x)
                padded[:, :, i : i + 2 * h : 2, j : j + 2 * w : 2] += patch

        def backward(dy: Array) -> tuple[Array, list[Array]]:
            wide = np.pad(dy, ((0, 0), (0, 0), (1, 1), (1, 1)))
            dx, dweight = np.zeros_like(x), np.zeros_like(weight)
            for i in range(4):
                for j in range(4):
                    seen = wide[:, :, i : i + 2 * h : 2, j : j + 2 * w : 2]
                    dx += np.einsum("co,nohw->nchw", weight[:, :, i, j], seen)
                    dweight[:, :, i, j] = np.einsum("nchw,nohw->co", x, seen)
            return dx, [dweight, dy.sum((0, 2, 3))]

        return padded[:, :, 1:-1, 1:-1] + bias[:, None, None], backward

    return forward


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
