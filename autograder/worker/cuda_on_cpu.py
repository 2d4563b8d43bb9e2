"""Run code with hard-coded CUDA, or another kind of accelerator, on the CPU.

A submission is judged for what it computes. Workers use no GPU, so code that says ``.cuda()``,
``torch.cuda.FloatTensor``, ``device="cuda"`` or ``torch.device("xpu")`` computes the same on the CPU.
PyTorch's hook for this, a ``TorchFunctionMode``, sees every call with its arguments. Its class is
inside a function, because torch is imported late. Runs in the worker.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any, cast

# Kinds of devices: all that PyTorch knows, and those of plug-ins; not "cpu", nor "meta", which holds
# no numbers on purpose.
SERVED = tuple(
    "cuda mps xpu hip hpu xla vulkan mtia ipu npu dml privateuseone maia ve fpga opengl opencl".split()
)
WORDS = "|".join(SERVED[1:]).encode()
MENTIONED = re.compile(rb"cuda|mps|accelerator|[\"'](%b)\b|\.(%b)\b" % (WORDS, WORDS))
NO_OPERATIONS = "set_device synchronize init reset_peak_memory_stats".split()
TENSOR_TYPES = "Byte Char Short Int Long Half Float Double Bool BFloat16".split()


def is_mentioned_in(folder: Path) -> bool:
    """Tell whether a submission names a kind of device that is served."""
    return any(
        MENTIONED.search(path.read_bytes())
        for path in folder.rglob("*")
        if path.suffix in (".py", ".ipynb") and path.is_file()
    )


def install() -> Any:
    """Redirect this process's CUDA calls to the CPU, until it ends.

    Returns an object whose ``used`` says whether anything was redirected.
    """
    import torch
    from torch.overrides import TorchFunctionMode

    moves = {getattr(torch.Tensor, name, None) for name in ("cuda", "xpu", "ipu", "mtia")} - {None}

    class ServedOnCpu(TorchFunctionMode):
        used = False

        def __torch_function__(
            self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
        ) -> Any:
            kwargs = dict(kwargs or {})
            if func in moves:
                self.used = True
                return args[0]
            if func is torch.Tensor.pin_memory or kwargs.get("pin_memory"):
                self.used = True
                kwargs.pop("pin_memory", None)
                if func is torch.Tensor.pin_memory:
                    return args[0]
            if func is torch.Tensor.type:
                args = (*args[:1], *(self.cpu_type(a) for a in args[1:]))
                kwargs = {name: self.cpu_type(value) for name, value in kwargs.items()}
            if func is torch.Tensor.to and len(args) > 1 and type(args[1]) is int:
                args = (args[0], self.on_cpu(torch.device("cuda")), *args[2:])
            args = tuple(self.on_cpu(a) if i else a for i, a in enumerate(args))
            if type(kwargs.get("device")) is int:  # the number of a graphics card
                kwargs["device"] = torch.device("cuda")
            for name in ("device", "dtype"):
                if name in kwargs:
                    kwargs[name] = self.on_cpu(kwargs[name])
            return func(*args, **kwargs)

        def on_cpu(self, value: Any) -> Any:
            if isinstance(value, torch.device) and value.type in SERVED:
                self.used = True
                return torch.device("cpu")
            if isinstance(value, str) and value.partition(":")[0] in SERVED:
                self.used = True
                return "cpu"
            return value

        def cpu_type(self, kind: Any) -> Any:
            if not isinstance(kind, str) or "cuda" not in kind:
                return kind
            self.used = True
            return kind.replace("torch.cuda.", "torch.")

    mode = ServedOnCpu()
    _replace_tensor_types(torch, mode)
    _replace_functions(torch, mode)
    cast(Any, mode).__enter__()  # in force until the worker ends
    return mode


class _Clock:
    """Stand in for a CUDA stream or event: on the CPU there is nothing to wait for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def record(self, *args: Any) -> None:
        pass

    synchronize = wait = wait_event = wait_stream = record

    def query(self) -> bool:
        return True

    def elapsed_time(self, other: Any) -> float:
        return 0.0


def _replace_tensor_types(torch: Any, mode: Any) -> None:
    """Make torch.cuda.FloatTensor and the like name the CPU's types, and record their use."""
    names = {f"{kind}Tensor" for kind in TENSOR_TYPES}
    missing = getattr(torch.cuda, "__getattr__", None)

    def served(name: str) -> Any:
        if name in names:
            mode.used = True
            return getattr(torch, name)
        if missing is not None:
            return missing(name)
        raise AttributeError(f"module 'torch.cuda' has no attribute {name!r}")

    for name in names:
        if hasattr(torch.cuda, name):
            delattr(torch.cuda, name)
    torch.cuda.__getattr__ = served  # a module's own fallback, PEP 562


def _replace_functions(torch: Any, mode: Any) -> None:
    """Make the calls that would need a driver harmless."""
    set_type, set_device = torch.set_default_tensor_type, torch.set_default_device
    make_generator, move = torch.Generator, torch.nn.Module.to

    def set_default_tensor_type(kind: Any) -> None:
        set_type(mode.cpu_type(kind))

    def set_default_device(device: Any) -> None:
        set_device(mode.on_cpu(torch.device("cuda") if type(device) is int else device))

    class OfGenerator(type):  # torch.Generator stays a class, for annotations and isinstance
        def __call__(cls, device: Any = "cpu") -> Any:
            return make_generator(mode.on_cpu(device))

        def __instancecheck__(cls, value: Any) -> bool:
            return isinstance(value, make_generator)

    class Generator(metaclass=OfGenerator):
        pass

    def do_nothing() -> Any:
        def nothing(*args: Any, **kwargs: Any) -> None:
            mode.used = True

        return nothing

    def to(module: Any, *args: Any, **kwargs: Any) -> Any:
        """Move a module; the mode would be too late for a card's number, which PyTorch reads first."""
        if args and type(args[0]) is int:
            args = (torch.device("cuda"), *args[1:])
        if type(kwargs.get("device")) is int:
            kwargs["device"] = torch.device("cuda")
        return move(module, *args, **kwargs)

    torch.nn.Module.to = to
    torch.set_default_tensor_type = set_default_tensor_type
    torch.set_default_device = set_default_device
    torch.Generator = Generator
    for name in NO_OPERATIONS:
        setattr(torch.cuda, name, do_nothing())  # torch's compiler refuses two names for one
    for name in ("device", "device_of", "stream"):
        setattr(torch.cuda, name, lambda *args, **kwargs: contextlib.nullcontext())
    bases = getattr(torch, "_streambase", None)  # PyTorch 2.2's compiler asks for these
    for name in ("Stream", "Event", "current_stream", "default_stream"):
        stand_in = type(name, (_Clock,), {})
        setattr(torch.cuda, name, stand_in)
        if hasattr(base := getattr(bases, f"_{name}Base", None), "register"):
            cast(Any, base).register(stand_in)
    for kind in ("mps", "xpu", "mtia", "accelerator"):
        module = getattr(torch, kind, None)
        for name in (*NO_OPERATIONS, "empty_cache", "set_device_index", "set_device_idx"):
            if hasattr(module, name):
                setattr(module, name, do_nothing())
    torch.cuda.get_rng_state = lambda *args, **kwargs: torch.get_rng_state()
    torch.cuda.current_device = lambda: 0
    torch.cuda.get_device_name = lambda device=None: "none (served on the CPU)"
    torch.cuda.get_device_capability = lambda device=None: (0, 0)
