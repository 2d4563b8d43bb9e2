"""Ask the solution for the answers that notebooks with a `gan-checks.npz` load. Runs in the worker."""

from typing import Any

import numpy as np
import torch

from autograder.probing.formula import formula

SCORES = 100  # in each of the two minibatches
SPREAD = 3.0  # scores lie in (-3, 3), where no loss is flat
REAL, FAKE = 2311, 2312  # the formula's keys


def probe_losses(student: Any) -> dict[str, Any]:
    """Return two minibatches of scores, (N,) in float64, and the four losses of them."""
    logits = {
        "logits_real": formula(REAL, (SCORES,), SPREAD),
        "logits_fake": formula(FAKE, (SCORES,), SPREAD),
    }
    real, fake = map(torch.from_numpy, logits.values())
    losses = {
        "d_loss_true": student.discriminator_loss(real, fake),
        "g_loss_true": student.generator_loss(fake),
        "d_loss_lsgan_true": student.ls_discriminator_loss(real, fake),
        "g_loss_lsgan_true": student.ls_generator_loss(fake),
    }
    return {**logits, **{name: np.array(loss.numpy()) for name, loss in losses.items()}}
