"""What student code finds around itself, and what is put back before each probe. Runs in the worker.

A file may leave a switch of PyTorch, NumPy or Python changed, such as `torch.set_grad_enabled(False)`
in a demonstration at its bottom. That must not change what its functions are asked next.
"""

from __future__ import annotations

import builtins
import ctypes
import os
import signal
import sys
import warnings
from pathlib import Path
from typing import Any, cast

SEED = 20260101  # every probe starts from the same random state


def seed_everything() -> None:
    """Seed every random generator that student code may use."""
    import random

    import numpy
    import torch

    random.seed(SEED)
    numpy.random.seed(SEED)
    torch.manual_seed(SEED)


def _refuse_input(prompt: object = "") -> str:
    raise EOFError(
        "input() waits for an answer, and nobody answers while your file is graded; "
        "write the value into the file"
    )


class Surroundings:
    """Remembers the surroundings before any student code runs."""

    def __init__(self, folder: Path, main: str) -> None:
        self._folder = folder
        self._main = main
        self._streams = sys.stdout, sys.stderr
        self._filters = list(warnings.filters)
        self._torch = _OfTorch()
        builtins.input = _refuse_input
        sys.argv = [main]  # for argparse: there are no arguments
        _end_at_abort()

    def put_back(self) -> None:
        """Put back what a file, or the probe before, may have changed, and seed all generators."""
        import numpy

        os.chdir(self._folder)
        sys.argv = [self._main]
        if not any(stream is None or stream.closed for stream in self._streams):
            sys.stdout, sys.stderr = self._streams
        warnings.resetwarnings()
        cast("list[Any]", warnings.filters)[:] = self._filters
        numpy.seterr(divide="warn", over="warn", under="ignore", invalid="warn")
        self._torch.put_back()
        seed_everything()


class _OfTorch:
    """The switches of PyTorch that hold for the whole process.

    The default type is part of how a file computes: if loading it left float64, that stays, because
    tensors that the file has made are of that type. What a function changes later is put back.
    """

    def __init__(self) -> None:
        self._type: Any = None
        self._modes: list[Any] = []  # kept, because they hold until they are freed

    def put_back(self) -> None:
        import torch

        kind = torch.get_default_dtype()
        if self._type is None:
            self._type = kind if kind is torch.float64 else torch.float32
        if kind is not self._type:
            torch.set_default_dtype(self._type)
        torch.set_default_device(None)
        if torch.is_inference_mode_enabled():
            self._modes.append(torch.inference_mode(False))
            self._modes[-1].__enter__()
        torch.set_grad_enabled(True)
        try:
            torch.set_autocast_enabled("cpu", False)
        except TypeError:  # before PyTorch 2.4
            torch.set_autocast_cpu_enabled(False)
        if torch.are_deterministic_algorithms_enabled():
            torch.use_deterministic_algorithms(False)
        if torch.is_anomaly_enabled():
            torch.autograd.set_detect_anomaly(False)


def _end_at_abort() -> None:
    """Let `abort` end the process with the signal's number as its exit code.

    The first process of a room gets no signal that it does not handle, its own included. There, the C
    library's `abort` goes on to an instruction that looks like a segmentation fault.
    """
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None)
    library.signal.argtypes = (ctypes.c_int, ctypes.c_void_p)
    library.signal.restype = ctypes.c_void_p
    library.signal(signal.SIGABRT, ctypes.cast(library._exit, ctypes.c_void_p))
