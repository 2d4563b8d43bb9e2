"""Which file of a hand-in is a part's: what the files define decides, and names decide ties only."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from autograder import parts
from autograder.errors import SubmissionError
from autograder.handins import lookup
from autograder.handins.choosing import Facts, choose
from autograder.handins.names import distance, meant_for
from autograder.handins.roster import find_class
from autograder.handins.submission import find, find_in_files
from autograder.parts import EXTRAS, PARTS
from tests.written import write

PART = parts.get("gan_pytorch")
FUNCTIONS = PART.functions()
STUB = PART.stub.read_text(encoding="utf-8")
WORK = PART.solution.read_text(encoding="utf-8")
NAMES = [
    "gan_pytorch (1).py",
    "gan_pytorch(2).py",
    "gan_pytorch_v2.py",
    "gan_pytorch-final.py",
    "Copy of gan_pytorch.py",
    "Kopie von gan_pytorch.py",
    "hw4_gan_pytorch.py",
    "GAN_PyTorch.py",
    "gan-pytorch.py",
    "GAN PyTorch.py",
    "20260301_2359_gan_pytorch.py",
    "ana_12345_gan_pytorch.py",
    "gan_pytorch-checkpoint.py",
    "gan_pytorch copy.py",
    "gan_pytorch - Copy.py",
    "gan_pytorch.py.py",
    "ganpytorch.py",
    "hw4.py",
    "main.py",
    "作业四.py",
    "GANs.py",
    "Copy of GANs.ipynb",
    "gan_pytorch.ipynb",
    "Untitled7.ipynb",
]


def notebook(*cells):
    cells = [{"cell_type": "code", "metadata": {}, "source": cell} for cell in cells]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def named(name, code):
    """Return a file's bytes: the code, or a notebook with it."""
    return (notebook(code) if name.endswith(".ipynb") else code).encode()


def code_in(submission):
    data = submission.files[submission.main]
    if submission.main.endswith(".ipynb"):
        return "\n".join(cell["source"] for cell in json.loads(data)["cells"])
    return data.decode()


def everywhere(files, tmp_path):
    """Yield what each way to grade takes of a hand-in: a folder, a zip, a host's folder, a class."""
    top = write(tmp_path / "class" / "ana", files)
    yield find(top, PART)
    with zipfile.ZipFile(tmp_path / "hw.zip", "w") as archive:
        for name in files:
            archive.write(top / name, f"wrapper/{name}")
    yield find(tmp_path / "hw.zip", PART)
    [(_, on_host)] = lookup.each_or_reason(top, [PART])
    assert not isinstance(on_host, str), on_host
    yield on_host
    [(_, by_content)] = lookup.parts_in(top, PARTS, False)
    yield by_content
    write(tmp_path / "class", {"zoe/gan_pytorch.py": STUB})
    ana, _ = find_class(tmp_path / "class", PART).entries
    yield ana.load(PART)


# --- the stub beside the work ---------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_work_counts_whatever_its_name_and_the_stub_never(name, tmp_path):
    files = {name: named(name, WORK), "gan_pytorch.py": STUB}
    for submission in everywhere(files, tmp_path):
        assert code_in(submission) == WORK
        assert submission.main == f"gan_pytorch{name[name.rindex('.') :]}"
        [note] = submission.notes
        assert f"graded: {name}" in note.replace("wrapper/", "")
        assert "gan_pytorch.py (its functions are still to be written)" in note


@pytest.mark.parametrize(
    ("work", "stub"),
    [
        ("gan_pytorch.py", "starter/gan_pytorch.py"),
        ("submission/gan_pytorch.py", "starter/gan_pytorch.py"),
        ("a/b/c/gan_pytorch.py", "gan_pytorch.py"),
        ("gan_pytorch_v2.py", "a/b/c/gan_pytorch.py"),
        ("a/hw.ipynb", "gan_pytorch.ipynb"),
        ("zzz/hw.py", "aaa/gan_pytorch.ipynb"),
    ],
)
def test_the_stub_never_counts_before_the_work_at_any_depth(work, stub, tmp_path):
    files = {work: named(work, WORK), stub: named(stub, STUB)}
    for submission in everywhere(files, tmp_path):
        assert code_in(submission) == WORK


@pytest.mark.parametrize("name", NAMES[::5])
def test_one_file_of_any_name_is_the_parts(name, tmp_path):
    for submission in everywhere({name: named(name, WORK), "utils.py": "x = 1\n"}, tmp_path):
        assert code_in(submission) == WORK
        assert submission.notes == ()


def test_a_stub_that_is_all_there_is_stays_graded(tmp_path):
    for submission in everywhere({"gan_pytorch.py": STUB, "utils.py": "x = 1\n"}, tmp_path):
        assert code_in(submission) == STUB


def test_a_stub_whose_texts_were_changed_is_still_one():
    changed = STUB.replace("YOUR CODE HERE", "my code").replace("Draw uniform", "Draws uniform")
    facts = Facts.of({"gan_pytorch.py": changed.encode(), "x.py": WORK.encode()})
    assert choose(facts, PART).main == "x.py"
    assert not facts.total("gan_pytorch.py", PART)


# --- two files with work --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        (["gan_pytorch.py", "gan_pytorch (1).py"], "gan_pytorch.py"),
        (["gan_pytorch (1).py", "gan_pytorch (2).py"], "gan_pytorch (2).py"),
        (["gan_pytorch_v9.py", "gan_pytorch_v10.py"], "gan_pytorch_v10.py"),
        (["old/gan_pytorch.py", "hw4_gan_pytorch.py"], "hw4_gan_pytorch.py"),
        (["gan_pytorch.py", "gan_pytorch.ipynb"], "gan_pytorch.py"),
        (["gan_pytorch.ipynb", "hw4.py"], "gan_pytorch.ipynb"),
        (["a/gan_pytorch.py", "gan_pytorch.py"], "gan_pytorch.py"),
        (["gan_pytorch-checkpoint.py", "hw4.py"], "hw4.py"),
    ],
)
def test_of_two_finished_files_names_decide_in_either_order(files, chosen):
    for order in (files, files[::-1]):
        choice = choose(Facts.of({name: named(name, WORK) for name in order}), PART)
        assert choice.main == chosen
        assert [why for _, why in choice.aside] == ["writes as many functions"]


def test_the_file_that_writes_more_counts():
    half = STUB + "\n".join(f"def {name}(*args):\n    return 1\n" for name in FUNCTIONS[:6])
    choice = choose(Facts.of({"gan_pytorch.py": half.encode(), "b.py": WORK.encode()}), PART)
    assert choice.main == "b.py"
    assert choice.aside == (("gan_pytorch.py", "writes 6 of the functions, not 11"),)


def test_a_file_that_takes_its_functions_from_others_counts_with_them():
    models = "\n".join(f"def {name}(*args):\n    return 1\n" for name in FUNCTIONS[:7])
    losses = "\n".join(f"def {name}(*args):\n    return 1\n" for name in FUNCTIONS[7:])
    main = "from src.models import *\nfrom losses import (\n" + ",\n".join(FUNCTIONS[7:]) + ")\n"
    files = {"src/models.py": models, "losses.py": losses, "hw.py": main}
    submission = find_in_files("ana", {n: t.encode() for n, t in files.items()}, PART, "ana")
    assert submission.main == "gan_pytorch.py"
    assert submission.files["gan_pytorch.py"] == main.encode()
    assert set(submission.files) == {"gan_pytorch.py", "losses.py", "src/models.py"}
    assert submission.notes == ()


def test_files_that_import_each_other_in_a_ring_are_read():
    files = {f"m{n}.py": f"from m{(n + 1) % 9} import *\n".encode() for n in range(9)}
    files["m3.py"] += WORK.encode()
    assert choose(Facts.of(files), PART).main == "m3.py"


# --- a module and a notebook complete each other --------------------------------------------------


def split(text, count):
    """Return the stub with the first functions written, and one with the rest written."""
    solved, gaps = {}, {}
    for source, found in ((WORK, solved), (STUB, gaps)):
        for name in FUNCTIONS:
            start = source.index(f"\ndef {name}(") + 1
            end = source.find("\n\n\n", start)
            found[name] = source[start : end if end > 0 else len(source)]
    first = second = STUB
    for number, name in enumerate(FUNCTIONS):
        if number < count:
            first = first.replace(gaps[name], solved[name])
        else:
            second = second.replace(gaps[name], solved[name])
    return first, second


@pytest.mark.parametrize("count", [3, 8])
def test_a_module_and_a_notebook_complete_each_other(count, tmp_path):
    module, cells = split(WORK, count)
    files = {"gan_pytorch.py": module, "gan_pytorch.ipynb": notebook("import torch\n", cells)}
    for submission in everywhere(files, tmp_path):
        assert submission.main == "gan_pytorch.ipynb"
        assert "graded together" in submission.notes[0]
        code = code_in(submission)
        for name in FUNCTIONS:
            assert code.count(f"def {name}(") == 1
    one = find(tmp_path / "class" / "ana" / "gan_pytorch.py", PART)
    assert code_in(one) == code


# --- no such part ---------------------------------------------------------------------------------


def test_a_hand_in_without_the_part_says_which_part_it_holds(tmp_path):
    write(tmp_path, {"hw.py": parts.get("dcgan").solution.read_bytes(), "x.py": "x = 1\n"})
    with pytest.raises(SubmissionError, match=r"holds no gan_pytorch\.py .*hw\.py holds dcgan"):
        find(tmp_path, PART)
    with pytest.raises(SubmissionError, match=r"none of the functions of gan_pytorch, but .*dcgan"):
        find(tmp_path / "hw.py", PART)
    [(part, _)] = lookup.parts_in(tmp_path / "hw.py", PARTS, False)
    assert part.name == "dcgan"


def test_a_given_module_is_called_that_and_not_graded(tmp_path):
    write(tmp_path, {"gan_training.py": PART.given[0].read_bytes()})
    for path in (tmp_path / "gan_training.py", tmp_path):
        with pytest.raises(SubmissionError, match="the homework gives"):
            find(path, PART)
        with pytest.raises(SubmissionError, match="the homework gives"):
            lookup.parts_in(path, PARTS, False)


@pytest.mark.parametrize("part", [p for p in (*PARTS, *EXTRAS) if not p.file], ids=lambda p: p.name)
def test_each_solution_and_each_stub_is_its_own_parts_alone(part):
    for path in (part.solution, part.stub):
        if path.is_file():
            facts = Facts.of({"hw.py": path.read_bytes()})
            assert facts.belongs["hw.py"] == {part.name: True}


def test_a_helper_called_train_is_no_other_parts_file(tmp_path):
    write(tmp_path, {"gan_pytorch.py": WORK, "loop.py": "def train(net):\n    return net\n"})
    found = dict(lookup.each_or_reason(tmp_path, PARTS))
    assert [part.name for part, one in found.items() if not isinstance(one, str)] == ["gan_pytorch"]


def test_one_notebook_may_hold_several_parts(tmp_path):
    gaussian = parts.get("gaussian_gan")
    both = notebook(WORK, gaussian.solution.read_text(encoding="utf-8"))
    write(tmp_path, {"GANs homework.ipynb": both})
    held = [part.name for part, _ in lookup.parts_in(tmp_path, PARTS, False)]
    assert held == ["gan_pytorch", "gaussian_gan"]


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in NAMES if "pytorch" in n.lower() and "npy" not in n])
def test_a_changed_name_is_close_to_the_parts(name):
    assert meant_for(name.rpartition(".")[0]) == PART
    assert distance(name.rpartition(".")[0], PART) < distance("hw4", PART)


def test_a_longer_name_of_a_part_is_meant():
    assert meant_for("my dcgan_keras (2)") == parts.get("dcgan_keras")
    assert meant_for("my dcgan (2)") == parts.get("dcgan")
    assert meant_for("hw4") is None


def test_an_archive_in_memory_is_chosen_from_in_the_same_way():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("hw4.py", WORK)
        archive.writestr("gan_pytorch.py", STUB)
    files = {"gan_pytorch.py": STUB.encode(), "final.zip": buffer.getvalue()}
    submission = find_in_files("ana", files, PART, "ana")
    assert code_in(submission) == WORK
