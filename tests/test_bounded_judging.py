"""Judging and naming take time that grows as a forged array does."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import parts
from autograder.judging.scoring import Judge
from autograder.outputs import MAX_BYTES, Outputs, ProbeStatus, read_npz
from tests.selection import sample
from tests.test_bounded_time import grows_as_its_text

FORGED = {
    "gan_pytorch": "sample_noise/sample",
    "gaussian_gan": "train/sample_noise",
    "dcgan": "init_weights/sample_convolution",
    "dog_breeds": "reorg_dog_data/found",
    "wgan_gp": "train_step/sample_noise",
}


@pytest.mark.parametrize("name", sample(FORGED, every=len(FORGED)))
def test_judging_and_naming_grow_as_a_forged_array_does(name):
    part = parts.get(name)
    answers, _ = read_npz(part.answers)
    statuses = {probe: ProbeStatus("ok") for probe in part.probe_names()}
    chance = np.random.default_rng(1)

    def forged(size):
        arrays = {**answers, FORGED[name]: chance.integers(0, 256, size).astype(np.uint8)}
        return Outputs(name, arrays, statuses)

    with Judge.for_staff(part) as judge:
        grows_as_its_text(judge.score, forged, MAX_BYTES // 4)
