"""A Wasserstein GAN with gradient penalty: a critic whose slope is held near one.

The discriminators of the other parts say how likely an image is to be real. A *critic* says how real it
looks, by any real number, and its loss measures how far the generated images are from the real ones:
the Wasserstein distance, as long as the critic's slope is nowhere above one. Gulrajani et al. (2017,
arXiv:1704.00028) hold the slope there by a penalty on the critic's gradient. This is their algorithm 1.

Fill in the seven functions that say ``YOUR CODE HERE``. Their docstrings are the specification:
arguments, shapes, the formula, and one hint. Everything else in this file is given and works.

Check your work at any time with ``autograder check wgan_gp.py``.
"""

import torch
from torch import nn

PIXELS = 784  # of an image, 28 x 28, in one row
NOISE_DIM = 32
N_CRITIC = 5  # steps of the critic for each step of the generator
PENALTY_WEIGHT = 10.0  # lambda in the paper


# ---------------------------------------------------------------------------------------------
# Given: networks, data, pictures
# ---------------------------------------------------------------------------------------------


def build_critic(hidden=512):
    """Build a critic of flat images: (N, 784) to (N, 1).

    It has no BatchNorm: with it the score of an image would depend on the whole minibatch, and the
    penalty is about the gradient of each score for its own image.
    """
    return nn.Sequential(
        nn.Linear(PIXELS, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, 1),
    )


def build_generator(noise_dim=NOISE_DIM, hidden=256):
    """Build a generator of flat images: (N, noise_dim) to (N, 784), in [-1, 1]."""
    return nn.Sequential(
        nn.Linear(noise_dim, hidden),
        nn.BatchNorm1d(hidden),
        nn.ReLU(),
        nn.Linear(hidden, hidden),
        nn.BatchNorm1d(hidden),
        nn.ReLU(),
        nn.Linear(hidden, PIXELS),
        nn.Tanh(),
    )


def load_digits():
    """Return scikit-learn's 1797 digits as flat images, (1797, 784), in [-1, 1].

    They have 8x8 pixels, and are enlarged to 28x28. No network is needed.
    """
    from sklearn.datasets import load_digits as load

    small = torch.tensor(load().images, dtype=torch.float32)[:, None] / 16
    large = nn.functional.interpolate(small, size=(28, 28), mode="bilinear", align_corners=False)
    return 2 * large.flatten(1) - 1


def endless_batches(images, batch_size=32, seed=0):
    """Yield minibatches of the images, (batch_size, 784), in a new order each epoch, without an end."""
    random = torch.Generator().manual_seed(seed)
    while True:
        for chosen in torch.randperm(len(images), generator=random).split(batch_size):
            if len(chosen) == batch_size:
                yield images[chosen]


def show_images(images, columns=8):
    """Draw flat images in [-1, 1], in rows of `columns`; return the figure."""
    import matplotlib.pyplot as plt

    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(0.7 * columns, 0.7 * rows), squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for axis, image in zip(axes.flat, images.detach().reshape(-1, 28, 28).tolist()):
        axis.imshow(image, cmap="gray", vmin=-1, vmax=1)
    return figure


# ---------------------------------------------------------------------------------------------
# Your part: the losses
# ---------------------------------------------------------------------------------------------


def critic_loss(scores_real, scores_fake):
    """Return the critic's loss without the penalty: mean score of fakes minus mean score of reals.

    Arguments:
        scores_real, scores_fake: the critic's scores, (N, 1), any real numbers.

    Returns a tensor of shape ().

    Hint: no sigmoid and no logarithm. What is minimized, and which scores are to be high?
    """
    loss = None
    ### BEGIN SOLUTION
    loss = scores_fake.mean() - scores_real.mean()
    ### END SOLUTION
    return loss


def generator_loss(scores_fake):
    """Return the generator's loss: minus the mean score of its images.

    Arguments:
        scores_fake: the critic's scores of generated images, (N, 1).

    Returns a tensor of shape ().

    Hint: the generator wants high scores, and an optimizer makes its loss small.
    """
    loss = None
    ### BEGIN SOLUTION
    loss = -scores_fake.mean()
    ### END SOLUTION
    return loss


def gradient_penalty(critic, real, fake, epsilon):
    """Return how far the critic's slope is from one, between real and generated images.

    With one number of `epsilon` for each pair of a real image x and a fake one, the critic is asked at

        mixed = epsilon x + (1 - epsilon) fake,

    a point on the line between the two. The penalty of one pair is (|g| - 1)^2, where g is the gradient
    of the critic's score of this point for this point, and |g| its Euclidean length over all pixels.
    It is two-sided: a slope below one costs as much as one above. Returned is the mean over the
    minibatch, without a weight.

    Arguments:
        critic: maps (N, P) to scores (N, 1), each image by itself.
        real, fake: images, (N, P), for any N and P.
        epsilon: numbers between 0 and 1, (N, 1).

    Returns a tensor of shape (). The critic is to learn from it: `backward` on it must reach the
    critic's parameters. The function itself changes neither its arguments nor any `.grad`.

    Hint: `torch.autograd.grad` returns gradients; look up its arguments `grad_outputs` and
    `create_graph`.
    """
    penalty = None
    ### BEGIN SOLUTION
    mixed = (epsilon * real + (1 - epsilon) * fake).detach().requires_grad_(True)
    scores = critic(mixed)
    (slopes,) = torch.autograd.grad(scores.sum(), mixed, create_graph=True)
    lengths = slopes.norm(2, dim=1)
    penalty = ((lengths - 1) ** 2).mean()
    ### END SOLUTION
    return penalty


# ---------------------------------------------------------------------------------------------
# Your part: one step of each player
# ---------------------------------------------------------------------------------------------


def get_optimizer(network):
    """Return the optimizer of a network's parameters: Adam, learning rate 1e-4, betas (0, 0.9).

    Everything else stays as PyTorch has it.

    Hint: a first beta of 0 means that no momentum is carried from one step to the next.
    """
    optimizer = None
    ### BEGIN SOLUTION
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4, betas=(0.0, 0.9))
    ### END SOLUTION
    return optimizer


def update_critic(
    critic, generator, real, noise, epsilon, optimizer, penalty_weight=PENALTY_WEIGHT
):
    """Take one step of the critic: minimize `critic_loss` plus penalty_weight times the penalty.

    Arguments:
        critic, generator: the two networks, any that fit together.
        real: real images, (N, P).
        noise: noise for the generator, (N, noise_dim).
        epsilon: numbers between 0 and 1, (N, 1), for `gradient_penalty`.
        optimizer: of the critic's parameters.
        penalty_weight: lambda.

    Returns the whole loss of before the step, one number: a tensor of shape () or a float.

    The generator is left as it was, and gets no gradient. The generator's own step leaves gradients in
    the critic; they must not count here, so this function clears them.

    Hint: `.detach()` cuts the generated images off from the generator.
    """
    ### BEGIN SOLUTION
    fake = generator(noise).detach()
    loss = critic_loss(critic(real), critic(fake))
    penalty = gradient_penalty(critic, real, fake, epsilon)
    total = loss + penalty_weight * penalty
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach()
    ### END SOLUTION


def update_generator(critic, generator, noise, optimizer):
    """Take one step of the generator: minimize `generator_loss` of the images it makes of the noise.

    Arguments:
        critic, generator: the two networks, any that fit together.
        noise: (N, noise_dim).
        optimizer: of the generator's parameters.

    Returns the loss of before the step, one number: a tensor of shape () or a float.

    The critic's parameters are left as they were, and stay trainable; gradients may be left in them.
    Gradients that the generator has from an earlier step must not count: this function clears them.

    Hint: the gradient reaches the generator through the critic; what must not be cut here?
    """
    ### BEGIN SOLUTION
    scores = critic(generator(noise))
    loss = generator_loss(scores)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()
    ### END SOLUTION


def train_step(
    critic,
    generator,
    batches,
    noise_dim,
    critic_optimizer,
    generator_optimizer,
    n_critic=N_CRITIC,
):
    """Take `n_critic` steps of the critic, then one of the generator.

    Each step of the critic takes the next minibatch of real images from `batches`, draws standard
    normal noise, (N, noise_dim), and an epsilon for each pair, (N, 1), evenly from (0, 1), with N the
    size of the minibatch, and calls `update_critic`. Then `update_generator` gets new noise, as many
    rows as the last minibatch had.

    Arguments:
        critic, generator: the two networks.
        batches: an iterator of minibatches (N, P); take n_critic of them by `next`, and no more.
        noise_dim: the length of a noise vector.
        critic_optimizer, generator_optimizer: of the two networks.
        n_critic: steps of the critic.

    Returns two numbers, (loss of the critic, loss of the generator): what the last `update_critic` and
    `update_generator` returned, as floats.

    Hint: nothing that is drawn at random may be used twice.
    """
    loss_critic = loss_generator = None
    ### BEGIN SOLUTION
    for _ in range(n_critic):
        real = next(batches)
        noise = torch.randn(len(real), noise_dim)
        epsilon = torch.rand(len(real), 1)
        loss_critic = update_critic(critic, generator, real, noise, epsilon, critic_optimizer)
    noise = torch.randn(len(real), noise_dim)
    loss_generator = update_generator(critic, generator, noise, generator_optimizer)
    loss_critic, loss_generator = float(loss_critic), float(loss_generator)
    ### END SOLUTION
    return loss_critic, loss_generator
