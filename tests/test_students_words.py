"""Whatever a function returns, the student reads of it in words of his own: never in the grader's."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder import parts
from autograder.handins.submission import Submission
from autograder.running import runner
from tests.selection import sample

HEAD = """
import numpy as np
import torch
from torch import nn

class Odd:
    def __repr__(self): raise ValueError("r")
    def __len__(self): raise ValueError("l")
    def __float__(self): raise ValueError("f")
    def __array__(self, *a, **k): raise ValueError("a")
    def __iter__(self): raise ValueError("i")
    def __getattr__(self, name): raise ValueError("g")
"""
VALUES = """
None | () | [] | {} | '' | 'x' | b'x' | 0 | 1.5 | True | 1j | 10**400 | float('nan') | object()
type | lambda *a: None | iter([]) | set() | range(3) | torch.tensor(float('nan')) | torch.tensor([])
torch.zeros(0, 1) | torch.zeros(3) | torch.zeros(2, 2) | torch.zeros(1, 1, 1)
torch.zeros(2, 3, 4, 5) | torch.tensor(True) | torch.tensor(3) | torch.tensor(1j)
torch.zeros(2, 2).to_sparse() | torch.zeros(2, device='meta') | torch.zeros(3, dtype=torch.float16)
torch.zeros(3, dtype=torch.bool) | np.zeros(3) | np.array(None) | np.array('x') | np.float32(1)
nn.Sequential() | nn.Identity() | nn.ReLU() | nn.Parameter(torch.zeros(1)) | torch.nn.Linear
[nn.Linear(784, 1)] | (torch.zeros(2), torch.zeros(3)) | [torch.zeros(2)] * 3 | (1.0, 2.0)
([1.0], [2.0]) | (None, None) | ('a', 'b') | ([], []) | {'loss': 1.0}
torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1) | torch.optim.Adam
torch.full((128, 1), float('inf')) | torch.zeros(128, 784, requires_grad=True) | Odd()
"""
# Words of the grader's own, and of errors that only its own lines can raise.
INSIDE = re.compile(
    r"probe|worker|\breply|\bfield\b|to stack|sequence argument|numpy\.|Traceback|site-packages"
    r"|autograder|zygote|\bframe|inhomogeneous|broadcast input|meta tensor|Sparse layout"
    r"|can't convert|AssertionError|IndexError|KeyError|'Image' object"
)
VALUES = [value.strip() for value in VALUES.replace("\n", "|").split("|") if value.strip()]
THIRDS = 3
CASES = [
    (name, function)
    for name in ("gan_pytorch", "gaussian_gan", "dcgan", "dog_breeds", "wgan_gp")
    for function in parts.get(name).functions()
]


@pytest.mark.parametrize("name, function", sample(CASES, every=20))
def test_what_a_function_returns_is_told_in_the_students_words(name, function, grader):
    part = parts.get(name)
    solution, file = part.solution.read_text(), part.solution.name

    def messages(value):
        wrong = (
            f"{HEAD}\n\ndef {function}(*args, **kwargs):\n    value = {value}\n    return value\n"
        )
        files = {file: f"{solution}\n\n{wrong}".encode()}
        outputs = runner.run(
            grader.workers, Submission("s", file, files), part, part.probes_of(function)
        )
        checks = grader._judges[part.name].score(outputs)
        lost = [c for c in checks if c.function == function and c.score < c.max_score]
        assert lost, f"{value}: nothing is lost"
        return value, [check.message for check in lost]

    some = VALUES[
        CASES.index((name, function)) % THIRDS :: THIRDS
    ]  # each value meets many functions
    with ThreadPoolExecutor(2) as pool:
        for value, told in pool.map(messages, some):
            for message in told:
                own = message.partition("\n  ")[0]  # without the lines of the student's
                assert not INSIDE.search(own), f"{value}: {message}"
                assert message.strip() and len(own) < 600, f"{value}: {message}"
