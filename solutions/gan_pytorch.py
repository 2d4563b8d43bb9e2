"""Generative adversarial networks on 28x28 digits.

Two networks play a game. The generator turns noise into images; the discriminator scores images,
high for real ones and low for generated ones. Each learns from the other's mistakes.

Fill in the eleven functions that say ``YOUR CODE HERE``. Their docstrings are the specification:
arguments, shapes, the formula, and one hint. Everything else in this file is given and works.

Check your work at any time with ``autograder check gan_pytorch.py``.
"""

import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F  # noqa: N812
from torch.utils import data

NOISE_DIM = 96
BATCH_SIZE = 128
NUM_TRAIN = 50000
NUM_VAL = 5000


# ---------------------------------------------------------------------------------------------
# Given: data and image helpers
# ---------------------------------------------------------------------------------------------


class ChunkSampler(data.Sampler):
    """Draw the `num_samples` consecutive indices that begin at `start`, always in that order."""

    def __init__(self, num_samples, start=0):
        self.num_samples = num_samples
        self.start = start

    def __iter__(self):
        return iter(range(self.start, self.start + self.num_samples))

    def __len__(self):
        return self.num_samples


class Flatten(nn.Module):
    """Turn a minibatch of anything, (N, ...), into a minibatch of vectors, (N, D)."""

    def forward(self, x):
        return x.reshape(x.shape[0], -1)


class Unflatten(nn.Module):
    """Turn vectors of length C*H*W into images: (N, C*H*W) -> (N, C, H, W)."""

    def __init__(self, N=-1, C=128, H=7, W=7):  # noqa: N803
        super().__init__()
        self.shape = (N, C, H, W)

    def forward(self, x):
        return x.reshape(self.shape)


def initialize_weights(m):
    """Draw the weights of a linear or transposed-convolution layer by Xavier's uniform rule.

    Use it as ``network.apply(initialize_weights)``.
    """
    if isinstance(m, (nn.Linear, nn.ConvTranspose2d)):
        nn.init.xavier_uniform_(m.weight)


def preprocess_img(x):
    """Map pixels from [0, 1] to [-1, 1], the range that a Tanh can reach."""
    return 2 * x - 1


def deprocess_img(x):
    """Map pixels from [-1, 1] back to [0, 1]."""
    return (x + 1) / 2


def rel_error(x, y):
    """Return the largest difference of two arrays, relative to the size of their elements."""
    x, y = np.asarray(x), np.asarray(y)
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


def count_params(model):
    """Return how many numbers the model learns."""
    return sum(p.numel() for p in model.parameters())


def show_images(images):
    """Draw N square images, given as N rows of pixels, on a grid that is as square as can be."""
    import matplotlib.pyplot as plt

    images = np.reshape(images, (len(images), -1))
    side = math.ceil(math.sqrt(len(images)))
    edge = math.isqrt(images.shape[1])
    figure, axes = plt.subplots(side, side, figsize=(side, side), squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for axis, image in zip(axes.flat, images):
        axis.imshow(image.reshape(edge, edge), cmap="gray")
    figure.subplots_adjust(wspace=0.05, hspace=0.05)
    return figure


# ---------------------------------------------------------------------------------------------
# Your part: noise and the two networks
# ---------------------------------------------------------------------------------------------


def sample_noise(batch_size, dim, seed=None):
    """Draw uniform noise for the generator.

    Arguments:
        batch_size: how many noise vectors.
        dim: the length of each vector.
        seed: if given, the noise is the same every time for the same seed.

    Returns a float tensor of shape (batch_size, dim), each element drawn independently and
    uniformly from (-1, 1).

    Hint: `torch.rand` covers an interval of another length, in another place.
    """
    if seed is not None:
        torch.manual_seed(seed)
    ### BEGIN SOLUTION
    return 2 * torch.rand(batch_size, dim) - 1
    ### END SOLUTION


def discriminator(seed=None):
    """Build the network that scores images; a high score means "looks real".

    Layers: flatten; linear 784 -> 256; LeakyReLU, slope 0.01; linear 256 -> 256; LeakyReLU,
    slope 0.01; linear 256 -> 1. Every linear layer has a bias: 267009 parameters.

    Returns an nn.Module that maps images, (N, 1, 28, 28) or (N, 784), to scores, (N, 1). The
    scores are logits: any real number, so nothing squeezes them at the end.

    Hint: `nn.Sequential` chains layers; `Flatten` above is one of them.
    """
    if seed is not None:
        torch.manual_seed(seed)
    model = None
    ### BEGIN SOLUTION
    model = nn.Sequential(
        Flatten(),
        nn.Linear(784, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 1),
    )
    ### END SOLUTION
    return model


def generator(noise_dim=NOISE_DIM, seed=None):
    """Build the network that turns noise into images.

    Layers: linear noise_dim -> 1024; ReLU; linear 1024 -> 1024; ReLU; linear 1024 -> 784; Tanh.
    Every linear layer has a bias: 1858320 parameters for a noise_dim of 4.

    Returns an nn.Module that maps noise, (N, noise_dim), to flat images, (N, 784), in [-1, 1].

    Hint: the real images are rescaled to [-1, 1] too; which layer keeps yours there?
    """
    if seed is not None:
        torch.manual_seed(seed)
    model = None
    ### BEGIN SOLUTION
    model = nn.Sequential(
        nn.Linear(noise_dim, 1024),
        nn.ReLU(),
        nn.Linear(1024, 1024),
        nn.ReLU(),
        nn.Linear(1024, 784),
        nn.Tanh(),
    )
    ### END SOLUTION
    return model


# ---------------------------------------------------------------------------------------------
# Your part: the losses and the optimizer
# ---------------------------------------------------------------------------------------------


def bce_loss(input, target):
    """Compute the binary cross-entropy of logits, averaged over the minibatch.

    With s = input and t = target the loss of one element is

        -t log(sigmoid(s)) - (1 - t) log(1 - sigmoid(s)).

    Arguments:
        input: scores (logits), a float tensor of any shape.
        target: the labels, a float tensor of the same shape, each 0 or 1.

    Returns one number, a tensor of shape (). It must be finite for every finite logit: at
    s = 100 the sigmoid rounds to 1, and log(1 - 1) is minus infinity.

    Hint: -log(sigmoid(s)) = softplus(-s), where softplus(s) = log(1 + exp(s)).
    """
    loss = None
    ### BEGIN SOLUTION
    loss = (F.softplus(input) - target * input).mean()
    ### END SOLUTION
    return loss


def discriminator_loss(logits_real, logits_fake):
    """Compute what the discriminator minimizes: real images are to be 1, generated ones 0.

        loss = -E[log D(x)] - E[log(1 - D(G(z)))]

    The first mean runs over the real minibatch, the second over the generated one; they are added,
    not averaged.

    Arguments:
        logits_real: the discriminator's scores for real images, (N, 1).
        logits_fake: its scores for generated images, (N, 1).

    Returns one number, a tensor of shape (), through which gradients flow.

    Hint: `bce_loss` does the work; which target belongs to which scores?
    """
    loss = None
    ### BEGIN SOLUTION
    loss_real = bce_loss(logits_real, torch.ones_like(logits_real))
    loss_fake = bce_loss(logits_fake, torch.zeros_like(logits_fake))
    loss = loss_real + loss_fake
    ### END SOLUTION
    return loss


def generator_loss(logits_fake):
    """Compute what the generator minimizes: its images are to be taken for real.

        loss = -E[log D(G(z))]

    Arguments:
        logits_fake: the discriminator's scores for generated images, (N, 1).

    Returns one number, a tensor of shape (), through which gradients flow.

    Hint: the generator wants the opposite of what the discriminator wants.
    """
    loss = None
    ### BEGIN SOLUTION
    loss = bce_loss(logits_fake, torch.ones_like(logits_fake))
    ### END SOLUTION
    return loss


def get_optimizer(model):
    """Build the optimizer that both networks use: Adam.

    Learning rate 1e-3, beta1 = 0.5, beta2 = 0.999, everything else as PyTorch has it, over all of
    the model's parameters.

    Hint: the two betas are one argument, a pair.
    """
    optimizer = None
    ### BEGIN SOLUTION
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))
    ### END SOLUTION
    return optimizer


def ls_discriminator_loss(scores_real, scores_fake):
    """Compute the least-squares GAN's loss for the discriminator (Mao et al., 2017, equation 9).

        loss = 1/2 E[(D(x) - 1)^2] + 1/2 E[D(G(z))^2]

    Arguments:
        scores_real: the discriminator's scores for real images, (N, 1); no sigmoid is applied.
        scores_fake: its scores for generated images, (N, 1).

    Returns one number, a tensor of shape (), through which gradients flow.

    Hint: two means over two minibatches, each with its own factor one half.
    """
    loss = None
    ### BEGIN SOLUTION
    loss = 0.5 * ((scores_real - 1) ** 2).mean() + 0.5 * (scores_fake**2).mean()
    ### END SOLUTION
    return loss


def ls_generator_loss(scores_fake):
    """Compute the least-squares GAN's loss for the generator (Mao et al., 2017, equation 9).

        loss = 1/2 E[(D(G(z)) - 1)^2]

    Arguments:
        scores_fake: the discriminator's scores for generated images, (N, 1).

    Returns one number, a tensor of shape (), through which gradients flow.

    Hint: compare `ls_discriminator_loss`: where does the generator want its scores to be?
    """
    loss = None
    ### BEGIN SOLUTION
    loss = 0.5 * ((scores_fake - 1) ** 2).mean()
    ### END SOLUTION
    return loss


# ---------------------------------------------------------------------------------------------
# Your part: the convolutional networks
# ---------------------------------------------------------------------------------------------


def build_dc_classifier(batch_size=BATCH_SIZE):
    """Build the convolutional discriminator.

    Layers: unflatten to (1, 28, 28); convolution 5x5, 32 filters, stride 1; LeakyReLU, slope 0.01;
    max pooling 2x2, stride 2; convolution 5x5, 64 filters, stride 1; LeakyReLU, slope 0.01; max
    pooling 2x2, stride 2; flatten; linear 1024 -> 1024; LeakyReLU, slope 0.01; linear 1024 -> 1.
    No padding; biases everywhere: 1102721 parameters.

    Arguments:
        batch_size: the size of a minibatch, should your layers want to know it.

    Returns an nn.Module that maps images, (N, 784) or (N, 1, 28, 28), to scores, (N, 1).

    Hint: two 5x5 convolutions and two poolings take 28 -> 24 -> 12 -> 8 -> 4; 4 * 4 * 64 = 1024.
    """
    model = None
    ### BEGIN SOLUTION
    model = nn.Sequential(
        Unflatten(-1, 1, 28, 28),
        nn.Conv2d(1, 32, kernel_size=5, stride=1),
        nn.LeakyReLU(0.01),
        nn.MaxPool2d(2, stride=2),
        nn.Conv2d(32, 64, kernel_size=5, stride=1),
        nn.LeakyReLU(0.01),
        nn.MaxPool2d(2, stride=2),
        Flatten(),
        nn.Linear(4 * 4 * 64, 4 * 4 * 64),
        nn.LeakyReLU(0.01),
        nn.Linear(4 * 4 * 64, 1),
    )
    ### END SOLUTION
    return model


def build_dc_generator(noise_dim=NOISE_DIM):
    """Build the convolutional generator (Chen et al., 2016, InfoGAN, appendix C.1).

    Layers: linear noise_dim -> 1024; ReLU; BatchNorm; linear 1024 -> 6272; ReLU; BatchNorm;
    unflatten to (128, 7, 7); transposed convolution 4x4, 64 filters, stride 2, padding 1; ReLU;
    BatchNorm; transposed convolution 4x4, 1 filter, stride 2, padding 1; Tanh; flatten to 784.
    Biases everywhere: 6580801 parameters for a noise_dim of 4.

    Returns an nn.Module that maps noise, (N, noise_dim), to flat images, (N, 784), in [-1, 1]. It
    stays in training mode: BatchNorm always uses the statistics of the minibatch.

    Hint: BatchNorm comes after its ReLU here; `Unflatten` above has the right defaults.
    """
    model = None
    ### BEGIN SOLUTION
    model = nn.Sequential(
        nn.Linear(noise_dim, 1024),
        nn.ReLU(),
        nn.BatchNorm1d(1024),
        nn.Linear(1024, 7 * 7 * 128),
        nn.ReLU(),
        nn.BatchNorm1d(7 * 7 * 128),
        Unflatten(-1, 128, 7, 7),
        nn.ConvTranspose2d(128, 64, kernel_size=4, stride=2, padding=1),
        nn.ReLU(),
        nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, kernel_size=4, stride=2, padding=1),
        nn.Tanh(),
        Flatten(),
    )
    ### END SOLUTION
    return model


# ---------------------------------------------------------------------------------------------
# Given: the training loop
# ---------------------------------------------------------------------------------------------


def run_a_gan(
    D,  # noqa: N803
    G,  # noqa: N803
    D_solver,  # noqa: N803
    G_solver,  # noqa: N803
    discriminator_loss,
    generator_loss,
    loader_train,
    show_every=250,
    batch_size=128,
    noise_size=96,
    num_epochs=10,
):
    """Train a discriminator and a generator against each other.

    Each iteration takes one step of the discriminator on a real and a generated minibatch, then one
    step of the generator on fresh noise.

    Arguments:
        D, G: the two networks.
        D_solver, G_solver: their optimizers.
        discriminator_loss, generator_loss: functions of scores.
        loader_train: yields (images, labels) with images in [0, 1] of shape (N, 1, 28, 28).
        show_every: print the losses and keep samples every so many iterations.
        batch_size: minibatches of another size (the last one of an epoch) are left out.
        noise_size: the length of a noise vector.
        num_epochs: passes over the training data.

    Returns a list of sample batches, NumPy arrays of shape (16, 784): one for each printed line.
    """
    device = next(D.parameters()).device
    samples = []
    iteration = 0
    for _ in range(num_epochs):
        for images, _labels in loader_train:
            if len(images) != batch_size:
                continue
            real = preprocess_img(images.to(device))

            noise = sample_noise(batch_size, noise_size).to(device)
            fake = G(noise).detach().reshape(batch_size, 1, 28, 28)
            d_loss = discriminator_loss(D(real), D(fake))
            D_solver.zero_grad()
            d_loss.backward()
            D_solver.step()

            noise = sample_noise(batch_size, noise_size).to(device)
            fake = G(noise)
            g_loss = generator_loss(D(fake.reshape(batch_size, 1, 28, 28)))
            G_solver.zero_grad()
            g_loss.backward()
            G_solver.step()

            if iteration % show_every == 0:
                print(f"Iter: {iteration}, D: {d_loss.item():.4}, G: {g_loss.item():.4}")
                samples.append(fake[:16].detach().cpu().numpy())
            iteration += 1
    return samples
