"""The dog breeds part: the whole way as its user goes it, and the answers' second witness."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from autograder import parts
from autograder.outputs import read_npz
from tests import oracles
from tests.oracles import dog_breeds as oracle

PART = parts.get("dog_breeds")
STORED, _ = read_npz(PART.answers)
WITNESSED = sorted(k for k in STORED if not k.rpartition("/")[2].startswith("sample"))
# Relative to the largest element. float32 keeps seven digits, of which 34 layers and the difference of
# two small steps lose one (measured: 6e-7). Pictures are rounded to 1/255 after each of two passes, so
# that a tie may fall to either side.
CLOSE, PICTURE = 1e-5, 1.01 / 255
PICTURES = ("tall", "wide", "small")


@pytest.fixture(scope="module")
def dogs(one_thread):
    """Import the solution, as a student's notebook would import it."""
    spec = importlib.util.spec_from_file_location("dog_breeds_solution", PART.solution)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


# --- the whole way ----------------------------------------------------------------------------


@pytest.fixture
def miniature(dogs, tmp_path):
    dogs.make_miniature(tmp_path / "data", images_per_breed=2, test_images=3)
    return tmp_path / "data"


def test_the_miniature_is_small_complete_and_the_same_every_time(dogs, miniature, tmp_path):
    with open(miniature / "labels.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 24 and {row["breed"] for row in rows} == set(dogs.MINIATURE_BREEDS)
    assert {p.stem for p in (miniature / "train").iterdir()} == {row["id"] for row in rows}
    assert len(list((miniature / "test").iterdir())) == 3
    dogs.make_miniature(tmp_path / "again", images_per_breed=2, test_images=3)
    for path in miniature.rglob("*.jpg"):
        again = tmp_path / "again" / path.relative_to(miniature)
        assert again.read_bytes() == path.read_bytes()


@pytest.mark.exhaustive(reason="3 s; the quick run grades each function")
def test_the_whole_way_from_images_to_submission(dogs, miniature, tmp_path, monkeypatch, capsys):
    def offline(*args, **kwargs):
        raise OSError("no network here")

    monkeypatch.setattr("torchvision.models._api.load_state_dict_from_url", offline)
    monkeypatch.setattr(dogs, "NUM_BREEDS", 12)
    new, device = tmp_path / "new", torch.device("cpu")
    dogs.reorg_dog_data(miniature, "labels.csv", "train", "test", new, 0.1)
    loaders = dogs.make_loaders(
        new, dogs.transform_for_training(), dogs.transform_for_testing(), batch_size=6
    )
    train_iter, valid_iter, train_valid_iter, test_iter, breeds = loaders
    assert [len(it.dataset) for it in loaders[:4]] == [12, 12, 24, 3]
    assert breeds == sorted(dogs.MINIATURE_BREEDS) and len(train_valid_iter) == 4

    torch.manual_seed(0)
    net = dogs.get_net(device)
    assert "random" in capsys.readouterr().out
    before = {name: value.clone() for name, value in net.named_parameters()}
    dogs.train(net, train_iter, valid_iter, 1, 0.03, 1e-4, device, 10, 0.1)
    assert "epoch 1: loss" in capsys.readouterr().out
    moved = {name for name, value in net.named_parameters() if not torch.equal(value, before[name])}
    assert moved == {"fc.0.weight", "fc.0.bias", "fc.2.weight", "fc.2.bias"}

    path = tmp_path / "submission.csv"
    dogs.write_submission(net, test_iter, new / "test" / "unknown", breeds, device, path)
    with open(path, newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["id", *breeds]
    assert [row[0] for row in rows] == sorted(p.stem for p in (miniature / "test").iterdir())
    np.testing.assert_allclose([sum(map(float, row[1:])) for row in rows], 1, atol=1e-5)


def test_an_interrupted_copy_leaves_nothing_under_a_right_name(
    dogs, miniature, tmp_path, monkeypatch
):
    def half(source, target):
        Path(target).write_bytes(Path(source).read_bytes()[:10])
        raise KeyboardInterrupt

    arguments = (miniature, "labels.csv", "train", "test", tmp_path / "new", 0.1)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(dogs.shutil, "copyfile", half)
        dogs.reorg_dog_data(*arguments)
    assert list((tmp_path / "new").rglob("*.jpg")) == []
    dogs.reorg_dog_data(*arguments)
    assert len(list((tmp_path / "new").rglob("*.jpg"))) == 24 + 24 + 3
    assert list((tmp_path / "new").rglob("*.part")) == []


def test_the_published_numbers_of_parameters(dogs, monkeypatch):
    def offline(*args, **kwargs):
        raise OSError("no network here")

    monkeypatch.setattr("torchvision.models._api.load_state_dict_from_url", offline)
    net = dogs.get_net("cpu")
    assert sum(p.numel() for p in net.parameters()) == 21446840
    assert sum(p.numel() for p in net.parameters() if p.requires_grad) == 162168


# --- the second witness -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def derived(one_thread):
    return oracles.derive(oracle, PART.key)


def agrees(key: str, one: np.ndarray, other: np.ndarray) -> bool:
    if key.rpartition("/")[2] in PICTURES:
        return oracles.agrees(one, other, PICTURE, smallest=1.0)
    rows = key.endswith("gradients") and one.ndim == 2
    return oracles.agrees(one, other, CLOSE, 0 if rows else 0.1, rows)


def test_no_stored_answer_is_without_a_witness(derived):
    assert set(WITNESSED) == set(derived)


@pytest.mark.parametrize("key", WITNESSED)
def test_the_stored_answer_is_right(key, derived):
    assert agrees(key, STORED[key], derived[key])


@pytest.mark.parametrize("key", WITNESSED)
def test_a_wrong_answer_would_be_noticed(key, derived):
    wrong = STORED[key].copy()
    if wrong.dtype == bool:
        wrong ^= True
    elif wrong.dtype == np.uint8:  # a text, which may be empty
        wrong = np.append(wrong, np.uint8(33))
    elif wrong.dtype.kind in "iu":
        wrong += 1
    else:
        wrong = wrong.astype(np.float64)
        wrong.reshape(-1)[-1] += 1e-2 * max(np.abs(wrong).max(), 0.1)
    assert not agrees(key, wrong, derived[key])


def test_what_is_drawn_by_chance_is_what_the_specification_says():
    area, ratio = (STORED[f"transform_for_training/sample_{name}"] for name in ("area", "ratio"))
    assert 0.07 < area.min() < 0.25 and 0.7 < area.max() < 1.05
    assert 0.72 < ratio.min() < 0.88 and 1.13 < ratio.max() < 1.38
    for name in ("brightness", "contrast", "saturation"):
        factor = STORED[f"transform_for_training/sample_{name}"]
        assert 0.55 < factor.min() < 0.78 and 1.22 < factor.max() < 1.45
    assert not STORED["transform_for_training/sample_turn"].any()
