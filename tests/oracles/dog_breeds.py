"""Derive every stored answer of `dog_breeds` that follows from arithmetic, in NumPy float64.

Nothing here is shared with the probes or with the solution: the split's rule, the resizing of images,
ResNet-34 (He et al., 2015), its new head, cross-entropy, momentum, and the softmax are written again
from their definitions.
"""

from __future__ import annotations

import zlib

import numpy as np

from tests.oracles.gan_pytorch import COURSE_KEY, Weights, formula, rounded, shadow
from tests.oracles.layers import Array, leaky_relu, run

MEAN, DEVIATION = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])

# --- files ------------------------------------------------------------------------------------

SIZES = np.array([4, 23, 2, 9, 3])  # images of each breed; a quarter is held out


def reorganized() -> dict[str, Array]:
    """Return how many files stand where, and what the second and later runs do."""
    held_out = np.maximum(1, SIZES // 4)
    # In the order of their paths: test, train by breeds, train_valid, valid. Every third file is kept,
    # but none of test and none of the second breed in train.
    sizes = [5, *(SIZES - held_out), SIZES.sum(), held_out.sum()]
    kept = np.concatenate([np.full(size, place not in (0, 2)) for place, size in enumerate(sizes)])
    restored = kept.size - kept[::3].sum()
    sums = [zlib.crc32(image(name)) for name in labelled_and_not()]
    return {
        "found": np.array(sorted(sums)),
        "restored": np.array(restored),
        "labelled": SIZES,
        "unlabelled": np.array(5),
        "valid": held_out,
        "train": SIZES - held_out,
        "kept": np.array(SIZES.sum() + 5),
        "missing_label": np.array(2),
        "missing_image": np.array(2),
        **{key: np.array(0) for key in ("both", "neither", "strangers")},
        **{key: np.zeros(2, int) for key in ("again", "resumed")},
        **{f"{key}_failed": characters("") for key in ("again", "resumed")},
        "empty_refused": np.array(False),
        **{key: np.array(True) for key in ("refused", "bystander", "untouched")},
    }


def labelled_and_not() -> list[str]:
    """Return the ids of all images, labelled or not; they are the same in every course."""
    course = COURSE_KEY.set("")
    keys = [20000 + 100 * kind + n for kind, size in enumerate(SIZES) for n in range(size)]
    names = [image_id(key) for key in [*keys, *range(20900, 20905)]]
    COURSE_KEY.reset(course)
    return names


def image(name: str) -> bytes:
    """Return an image's bytes: a beginning, its name, and 32 bytes that all images share."""
    end = bytes(int(128 * (u + 1)) for u in formula(20950, (32,)))
    return b"\xff\xd8 the image " + name.encode() + end


# --- transforms -------------------------------------------------------------------------------


def ends() -> dict[str, Array]:
    """Return black and white, normalized."""
    return {"black": -MEAN / DEVIATION, "white": (1 - MEAN) / DEVIATION}


def photo(width: int, height: int) -> Array:
    """Return a picture of waves, as bytes."""
    x, y = np.arange(width) / max(width, height), np.arange(height)[:, None] / max(width, height)
    red, green, blue = 3 * formula(21000, (3,))
    waves = [23 * x + 5 * y + red, 21 * y - 4 * x + green, 13 * (x + y) + blue]
    return np.rint(128 + 100 * np.sin(np.stack(waves)))


def resized(image: Array, size: int) -> Array:
    """Resize the last axis: each pixel is a mean, weighted by a triangle as wide as it shrinks."""
    old = image.shape[-1]
    scale = old / size
    centres = (np.arange(size) + 0.5) * scale
    distance = np.abs(np.arange(old) + 0.5 - centres[:, None]) / max(scale, 1)
    weights = np.maximum(0, 1 - distance)
    return np.rint(image @ (weights / weights.sum(1, keepdims=True)).T)


def centre(width: int, height: int) -> Array:
    """Return every eighth row and column of a photo's centre, between 0 and 1."""
    short = min(width, height)
    image = resized(photo(width, height), int(256 * width / short))
    image = resized(image.swapaxes(1, 2), int(256 * height / short)).swapaxes(1, 2)
    top, left = (round((n - 224) / 2) for n in image.shape[1:])
    return image[:, top : top + 224 : 8, left : left + 224 : 8] / 255


# --- the network ------------------------------------------------------------------------------


class Saved:
    """Hand out a ResNet's tensors one after the other, each from the next key of the formula."""

    def __init__(self, key: int) -> None:
        self.key = key

    def numbers(self, size: int) -> Array:
        self.key += 1
        return np.resize(formula(self.key - 1, (min(size, 65521),)), size)

    def kernel(self, outputs: int, inputs: int, side: int) -> Array:
        shape = (outputs, inputs, side, side)
        bound = np.sqrt(6 / (outputs + inputs)) / side
        return rounded(self.numbers(int(np.prod(shape))) * bound).reshape(shape)

    def norm(self, channels: int) -> tuple[Array, Array]:
        """Return what a BatchNorm in evaluation mode multiplies by, and what it adds."""
        scale = rounded(1 + self.numbers(channels) / 2)
        shift = rounded(self.numbers(channels) / 4)
        mean = rounded(self.numbers(channels) / 4)
        variance = rounded(1 + self.numbers(channels) / 2)
        self.key += 1  # of the count of minibatches
        factor = scale / np.sqrt(variance + 1e-5)
        return factor[:, None, None], (shift - mean * factor)[:, None, None]


def convolved(x: Array, kernel: Array, stride: int) -> Array:
    """Convolve with zeros around, so that only the stride makes the image smaller."""
    side, size = kernel.shape[-1], x.shape[-1]
    out = -(-size // stride)
    wide = np.pad(x, ((0, 0), (0, 0), (side // 2,) * 2, (side // 2,) * 2))
    y = np.zeros((len(x), len(kernel), out, out))
    for i in range(side):
        for j in range(side):
            seen = wide[:, :, i : i + size : stride, j : j + size : stride]
            y += np.tensordot(seen, kernel[:, :, i, j], (1, 1)).transpose(0, 3, 1, 2)
    return y


def features(images: Array) -> Array:
    """Return ResNet-34's 512 features of each image."""
    saved = Saved(30000)

    def layer(x: Array, inputs: int, outputs: int, side: int, stride: int) -> Array:
        y = convolved(x, saved.kernel(outputs, inputs, side), stride)
        factor, shift = saved.norm(outputs)
        return y * factor + shift

    x = np.maximum(0, layer(images, 3, 64, 7, 2))
    wide = np.pad(
        x, ((0, 0), (0, 0), (1, 1), (1, 1))
    )  # zeros are never the largest but where all are
    n = x.shape[-1]
    x = np.max(
        [wide[:, :, i : i + n : 2, j : j + n : 2] for i in range(3) for j in range(3)], axis=0
    )
    inputs = 64
    for blocks, outputs in ((3, 64), (4, 128), (6, 256), (3, 512)):
        for _ in range(blocks):
            stride = 1 if inputs == outputs else 2
            y = np.maximum(0, layer(x, inputs, outputs, 3, stride))
            y = layer(y, outputs, outputs, 3, 1)
            x = np.maximum(0, y + (x if stride == 1 else layer(x, inputs, outputs, 1, 2)))
            inputs = outputs
    return x.mean((2, 3))


def network() -> dict[str, Array]:
    """Return the head's outputs and gradients, and the features that it gets."""
    weights = Weights(40001)
    layers = [weights.linear(512, 256), leaky_relu(0), weights.linear(256, 120)]
    public, _ = run(layers, rounded(formula(40000, (8, 512))))
    w = weights.louder(40001, 4.0, 4.0)
    layers_4 = [w.linear(512, 256), leaky_relu(0), w.linear(256, 120)]
    loud, _ = run(layers_4, rounded(formula(40000, (8, 512))))
    hidden, backward = run(layers, rounded(formula(40100, (8, 512))))
    _, gradients = backward(rounded(formula(40200, hidden.shape)))
    return {
        "moded": np.array(0.0),
        "weight_shapes": np.array([[*shape, 0, 0, 0][:4] for shape in weights.shapes]),
        "parameters": np.array(sum(int(np.prod(shape)) for shape in weights.shapes)),
        "public": public,
        "loud": loud,
        "hidden": hidden,
        "gradients": np.stack([shadow(g, 40300) for g in gradients]),
        "features": features(rounded(formula(41000, (2, 3, 64, 64)))),
        "after_head": np.zeros((2, 120)),
        "backbone": np.zeros(2),
        "offline": np.array(True),
    }


# --- small networks ---------------------------------------------------------------------------


def examples(key: int, count: int) -> tuple[Array, Array]:
    """Return examples of six numbers each, and their classes."""
    return rounded(3 * formula(key, (count, 6))), np.floor(
        2 * formula(key + 1, (count,)) + 2
    ).astype(int)


def log_softmax(scores: Array) -> Array:
    """Return the logarithms of probabilities."""
    return scores - np.log(np.exp(scores).sum(1, keepdims=True))


def head(key: int) -> tuple[Array, Array]:
    """Return weight and bias of six to four."""
    return rounded(formula(key, (4, 6))), rounded(formula(key + 1, (4,)))


def scores(x: Array, key: int) -> Array:
    """Return a small network's scores: tanh, and a linear layer."""
    weight, bias = head(key)
    return np.tanh(x) @ weight.T + bias


def loss_and_accuracy(key: int, rows: list[str], last: int) -> tuple[float, float]:
    """Return mean cross-entropy and the fraction of right answers, for minibatches of 4 and a last one.

    So many answers of each minibatch are right; others have the next class of the one that is given.
    """
    hits = [int(digit) for digit in rows[int(len(rows) * (formula(key + 1, (1,))[0] + 1) / 2)]]
    sizes = [4] * (len(hits) - 1) + [last]
    grow = np.repeat(np.arange(1, len(hits) + 1), sizes)[:, None]
    found = log_softmax(scores(rounded(formula(key, (sum(sizes), 6)) * grow), 50000))
    right = np.concatenate([np.arange(size) < n for size, n in zip(sizes, hits)])
    labels = np.where(right, found.argmax(1), (found.argmax(1) + 1) % 4)
    return -found[np.arange(sum(sizes)), labels].mean(), float(right.mean())


def evaluation() -> dict[str, Array]:
    """Return the answers of the evaluation."""
    public, public_accuracy = loss_and_accuracy(50126, "41301 30410 24140 14200 43132".split(), 4)
    unequal, unequal_accuracy = loss_and_accuracy(50136, "31402 30410 24140 14200 43131".split(), 2)
    return {
        "public": np.array(public),
        "public_accuracy": np.array(public_accuracy),
        "unequal": np.array(unequal),
        "unequal_accuracy": np.array(unequal_accuracy),
        "moded": np.zeros(2),
        "statistics": rounded(formula(51010, (6,))),
        "left": np.array([True, True, True]),
        "recorded": np.array(False),
    }


def training() -> dict[str, Array]:
    """Return the head before and after six steps of momentum, and what the other runs show."""
    matrix, offset = rounded(formula(60000, (6, 6))), rounded(formula(60001, (6,)))
    shapes = [(5, 6), (5,), (4, 5), (4,)]
    head = [rounded(formula(60002 + i, shape)) for i, shape in enumerate(shapes)]
    x, labels = examples(60100, 20)
    given = np.tanh(x @ matrix.T + offset)
    velocity = [np.zeros(shape) for shape in shapes]
    values = [head]
    for step in range(6):
        part = slice(4 * (step % 5), 4 * (step % 5) + 4)
        slopes = of_head(values[-1], given[part], labels[part])
        velocity = [0.9 * v + g for v, g in zip(velocity, slopes)]
        values.append([w - 0.2 * v for w, v in zip(values[-1], velocity)])
    history = np.stack([np.concatenate([w.reshape(-1) for w in one]) for one in values])
    return {
        "history": history,
        "passes": np.array(15),
        "momentum": np.full(5, 0.9),
        "modes": np.array([True, True]),
        "graded": np.array(True),
        "evaluated": np.array(3),
        "backbone": np.array(0.0),
        "shrunk": -0.2 * 0.3 * history[:1],
        "schedule": np.array([1.0] * 10 + [0.4] * 10 + [0.16] * 5),
        "alone": np.array(1),
        "alone_moved": np.array(59),
        "alone_failed": characters(""),
        "short": np.array(2),
        "short_failed": characters(""),
    }


def of_head(head: list[Array], x: Array, labels: Array) -> list[Array]:
    """Return the gradients of the mean cross-entropy of two layers with a tanh between them."""
    first, begin, second, end = head
    hidden = np.tanh(x @ first.T + begin)
    error = np.exp(log_softmax(hidden @ second.T + end)) - np.eye(4)[labels]
    back = error @ second * (1 - hidden**2)
    return [g / len(x) for g in (back.T @ x, back.sum(0), error.T @ hidden, error.sum(0))]


def characters(text: str) -> Array:
    """Return a text's bytes."""
    return np.array([ord(one) for one in text], dtype=np.uint8)


def image_id(key: int) -> str:
    """Return 32 hexadecimal digits: the sixteenths of [-1, 1) in which the formula's numbers lie."""
    return "".join("0123456789abcdef"[int(8 * (u + 1))] for u in formula(key, (32,)))


def submission() -> dict[str, Array]:
    """Return what the file holds."""
    rows = np.exp(log_softmax(scores(rounded(3 * formula(70600, (11, 6))), 70000)))
    return {
        "header": characters("id,pug,boxer,german_short-haired_pointer,chow"),
        "ids": characters("\n".join(sorted(image_id(70500 + number) for number in range(11)))),
        "rows": rows,
        "moded": np.zeros((11, 4)),
        "statistics": rounded(formula(71010, (6,))),
    }


# --- all of it --------------------------------------------------------------------------------


def answers() -> dict[str, Array]:
    """Return every answer that follows from arithmetic; what is drawn by chance is not here."""
    photos = {"tall": (300, 400), "wide": (520, 280), "small": (120, 90)}
    shape = np.array([3, 224, 224])
    groups = {
        "reorg_dog_data": reorganized(),
        "transform_for_training": {**ends(), "shape": shape},
        "transform_for_testing": {
            **ends(),
            **{name: centre(*size) for name, size in photos.items()},
            **{f"{name}_shape": shape for name in photos},
            "repeats": np.array(True),
        },
        "get_net": network(),
        "evaluate_loss_acc": evaluation(),
        "train": training(),
        "train_given_evaluate": training(),
        "write_submission": submission(),
    }
    return {
        f"{name}/{key}": array for name, group in groups.items() for key, array in group.items()
    }
