"""The worker stands for the student's machine: switches, arguments, loaders, accelerators, packages."""

from __future__ import annotations

import json
import sys

import pytest

from tests.selection import sample

NOISE = "2 * torch.rand(batch_size, dim) - 1"
LEFT_ON = {  # what a demonstration at the bottom may leave changed
    "no gradients": "torch.set_grad_enabled(False)",
    "inference mode": "mode = torch.inference_mode()\nmode.__enter__()",
    "another type": "torch.set_default_dtype(torch.bfloat16)",
    "doubles": "torch.set_default_dtype(torch.float64)",
    "a device without numbers": "torch.set_default_device('meta')",
    "autocast": "torch.autocast('cpu').__enter__()",
    "deterministic": "torch.use_deterministic_algorithms(True)",
    "anomalies": "torch.autograd.set_detect_anomaly(True)",
    "NumPy's errors": "import numpy as np\nnp.seterr(all='raise')",
    "warnings": "import warnings\nwarnings.simplefilter('error')",
    "another folder": "import os\nos.makedirs('/tmp/other', exist_ok=True)\nos.chdir('/tmp/other')",
    "no output": "import sys\nsys.stdout = open('log.txt', 'w')\nsys.stdout.close()",
    "arguments": "import sys\nsys.argv = ['x', '--lr', 'a']",
}


def lost(result):
    return [(check.function, check.message) for check in result.checks if check.score == 0]


@pytest.mark.parametrize("switch", sample(LEFT_ON, every=4))
def test_a_switch_that_a_file_leaves_on_costs_nothing(switch, grade_text, solution_text):
    result = grade_text(f"{solution_text}\n\n{LEFT_ON[switch]}\n")
    assert result.score == 100, lost(result)


@pytest.mark.parametrize("switch", sample(LEFT_ON, every=4))
def test_a_switch_that_one_function_turns_costs_the_others_nothing(
    switch, grade_text, solution_text
):
    line = "optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))"
    turned = "\n".join("    " + part for part in LEFT_ON[switch].split("\n"))
    text = solution_text.replace(f"    {line}", f"    {line}\n{turned}")
    result = grade_text(text)
    assert {function for function, _ in lost(result)} <= {"get_optimizer"}, lost(result)


def test_the_arguments_are_the_files_name_alone(grade_text, solution_text):
    first = (
        "import argparse\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--lr', default=1e-3, type=float)\nopt = parser.parse_args()\n"
    )
    result = grade_text(first + solution_text.replace("lr=1e-3, betas", "lr=opt.lr, betas"))
    assert result.score == 100 and not result.notes


@pytest.mark.parametrize(
    "arguments",
    [
        "16, num_workers=2",
        "16, True, None, None, 4",
        "16, num_workers=2, persistent_workers=True, prefetch_factor=4, timeout=3",
        "16, num_workers=1, multiprocessing_context='spawn'",
    ],
)
def test_a_loader_with_workers_loads_in_the_process(arguments, grade_text, solution_text):
    demonstration = (
        "from torch.utils.data import DataLoader, TensorDataset\n"
        f"loader = DataLoader(TensorDataset(torch.zeros(64, 784)), {arguments})\n"
        "for (images,) in loader:\n    discriminator()(images)\n"
    )
    result = grade_text(f"{solution_text}\n\n{demonstration}")
    assert result.score == 100
    assert result.notes == (
        "asks a DataLoader for workers; the data were loaded in the process itself",
    )


def test_a_loader_without_workers_is_not_told(grade_text, solution_text):
    demonstration = "data.DataLoader(data.TensorDataset(torch.zeros(6, 7)), 3, num_workers=0)"
    assert grade_text(f"{solution_text}\n\n{demonstration}\n").notes == ()


@pytest.mark.parametrize(
    "moved",
    ['.to("xpu")', '.to(torch.device("hip:0"))', ".xpu()", '.to("npu").to("mps")', ".mtia()"],
)
def test_any_kind_of_accelerator_is_served_on_the_cpu(moved, grade_text, solution_text):
    assert NOISE in solution_text
    text = solution_text.replace(NOISE, f"(2 * torch.rand(batch_size, dim) - 1){moved}")
    result = grade_text(text)
    assert result.score == 100, lost(result)
    assert result.notes == (
        "asks for CUDA or another GPU; served on the CPU, which computes the same",
    )


def test_input_ends_at_once_with_a_sentence(grade_text, solution_text):
    result = grade_text(f"{solution_text}\n\nrate = float(input('rate? '))\n")
    assert result.score == 100 and "nobody answers while your file is graded" in result.notes[0]
    inside = grade_text(solution_text.replace(NOISE, "float(input())"))
    assert {function for function, _ in lost(inside)} == {"sample_noise"}
    assert all("input() waits for an answer" in message for _, message in lost(inside))


# --- what is missing here ------------------------------------------------------------------------

IMPORTS = ["import d2lx as d2l", "from d2lx import torch as d2l"]
GUARDED = "try:\n    import d2lx as d2l\nexcept ImportError:\n    pass"


@pytest.mark.parametrize("line", sample([*IMPORTS, GUARDED, "from d2lx.torch import *"], every=3))
@pytest.mark.parametrize("name", ["gan_pytorch.py", "gan_pytorch.ipynb"])
def test_an_error_that_follows_from_a_missing_package_names_it(
    line, name, grade_text, solution_text
):
    text = solution_text.replace(NOISE, "d2l.noise(batch_size, dim)")
    if name.endswith("ipynb"):
        cells = [{"cell_type": "code", "source": one} for one in (line, text)]
        text = json.dumps({"cells": cells})
    else:
        text = f"{line}\n{text}"
    messages = [message for function, message in lost(grade_text(text, name))]
    assert messages and all("NameError" in message for message in messages)
    assert all("the package 'd2lx' is not installed" in message for message in messages)


def test_any_other_error_names_no_package(grade_text, solution_text):
    text = solution_text.replace(NOISE, "nothing.of_the_kind")
    assert all("package" not in message for _, message in lost(grade_text(text)))


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="here it is Python")
def test_syntax_that_is_newer_than_the_grader_is_told_as_that(grade_text, solution_text):
    at = solution_text.index("def get_optimizer")
    newer = 'def label(names):\n    return f"{names["a"]}"\n\n\n'
    result = grade_text(solution_text[:at] + newer + solution_text[at:])
    assert result.score == 100
    [note] = result.notes
    assert "the syntax of Python 3.12 or newer" in note and "is not Python" not in note


# --- a program that ends itself -------------------------------------------------------------------


@pytest.mark.parametrize(
    "last", ["os._exit(0)", "os._exit(1)", "os.abort()", "sys.exit()", "quit()"]
)
def test_right_functions_above_a_line_that_ends_the_program_count(last, grade_text, solution_text):
    result = grade_text(f"{solution_text}\n\nimport os\n{last}\n")
    assert result.score == 100 and "what it defines was graded" in result.notes[0]


def test_an_abort_is_not_called_a_segmentation_fault(grade_text, solution_text):
    text = solution_text.replace(NOISE, "__import__('os').abort()")
    messages = [message for function, message in lost(grade_text(text))]
    assert messages and all("aborted" in message for message in messages)
    assert not any("segmentation" in message for message in messages)
