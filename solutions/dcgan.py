"""A deep convolutional generative adversarial network (DCGAN) on 64x64 colour images.

The generator grows noise into images with transposed convolutions, the discriminator shrinks images
to a score with convolutions, and batch normalization keeps both trainable (Radford, Metz and
Chintala, 2016).

Fill in the functions and classes that say ``YOUR CODE HERE``. Their docstrings are the specification:
arguments, shapes, and one hint. At the end of the file wait five functions that are complete and
wrong: find the bug. Everything else in this file is given and works. Where a function is to build a
network, the grader also takes a class, whose instances are the networks, or a network itself.

Check your work at any time with ``autograder check dcgan.py``.
"""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F  # noqa: N812
from torch.utils.data import DataLoader, TensorDataset

LATENT_DIM = 100
IMAGE_SIZE = 64


# ---------------------------------------------------------------------------------------------
# Given: data
# ---------------------------------------------------------------------------------------------


def load_sprites(folder=None, batch_size=256, count=4000, seed=0):
    """Return a loader of sprites: minibatches of images, (N, 3, 64, 64) in [-1, 1], and labels.

    Arguments:
        folder: of your own images, in at least one folder inside it; None draws a set (see
            `draw_sprites`), for which nothing has to be downloaded.
        batch_size: images in a minibatch.
        count, seed: of the images that are drawn.
    """
    if folder is None:
        images = draw_sprites(count, seed)
        sprites = TensorDataset(images, torch.zeros(len(images), dtype=torch.long))
    else:
        from torchvision import datasets, transforms

        steps = [
            transforms.Resize((IMAGE_SIZE, IMAGE_SIZE)),
            transforms.ToTensor(),
            transforms.Normalize(0.5, 0.5),
        ]
        sprites = datasets.ImageFolder(folder, transform=transforms.Compose(steps))
    return DataLoader(sprites, batch_size=batch_size, shuffle=True)


def load_faces(root, batch_size=128, download=False):
    """Return a loader of celebrities' faces (CelebA): like `load_sprites`, but photographs.

    Arguments:
        root: the folder that holds, or with `download` will hold, the data set (1.4 GB).
        batch_size: images in a minibatch.
    """
    from torchvision import datasets, transforms

    steps = [
        transforms.Resize(IMAGE_SIZE),
        transforms.CenterCrop(IMAGE_SIZE),
        transforms.ToTensor(),
        transforms.Normalize(0.5, 0.5),
    ]
    faces = datasets.CelebA(root, transform=transforms.Compose(steps), download=download)
    return DataLoader(faces, batch_size=batch_size, shuffle=True)


def draw_sprites(count, seed=0):
    """Draw little creatures, no two alike; the same ones every time for the same seed.

    Returns a float tensor of shape (count, 3, 64, 64) in [-1, 1].
    """
    random = np.random.default_rng(seed)
    drawn = [_draw_some(random, min(256, count - i)) for i in range(0, count, 256)]
    pixels = np.concatenate(drawn) if drawn else np.zeros((0, IMAGE_SIZE, IMAGE_SIZE, 3))
    return torch.from_numpy(np.moveaxis(pixels, 3, 1).astype(np.float32)) * 2 - 1


def _draw_some(random, count):
    """Draw creatures side by side; return (count, 64, 64, 3) in [0, 1]. The middle is (0, 0)."""
    y, x = ((np.mgrid[:IMAGE_SIZE, :IMAGE_SIZE] + 0.5) / (IMAGE_SIZE / 2) - 1).astype(np.float32)

    def draw(low, high):
        return random.uniform(low, high, (count, 1, 1)).astype(np.float32)

    def ellipse(cx, cy, rx, ry, power=2.0):
        """Return how much of each pixel lies inside; two of them, left and right, where cx != 0."""
        away_x = (np.abs(np.abs(x) - cx) if np.any(cx) else np.abs(x)) / rx
        inside = 1 - away_x**power - np.abs((y - cy) / ry) ** power
        return np.clip(inside * 16 * np.minimum(rx, ry) + 0.5, 0, 1)

    def paint(mask, colour):
        pixels[...] += mask[..., None].astype(np.float32) * (colour.astype(np.float32) - pixels)

    def colour(hue, light, vivid):
        wheel = 0.5 + 0.5 * np.cos(2 * np.pi * (hue[..., None] + np.array([0, 1, 2]) / 3))
        return light[..., None] * (1 - vivid[..., None] * (1 - wheel))

    # Not quite white, which a Tanh never reaches: the discriminator would have it too easy.
    pixels = np.full((count, IMAGE_SIZE, IMAGE_SIZE, 3), 0.92, np.float32)
    hue = draw(0, 1)
    coat = colour(hue, draw(0.8, 1.0), draw(0.6, 0.9))
    away = random.choice([0.0, 0.33, 0.5], (count, 1, 1))
    trim = colour(hue + away, draw(0.7, 1.0), draw(0.3, 0.9))
    dark = coat * 0.35
    top, wide, high = draw(0.0, 0.12), draw(0.38, 0.58), draw(0.36, 0.56)
    square = draw(2.0, 3.6)
    kind = random.integers(0, 4, (count, 1, 1))  # of ears: none, round, long, wide

    has_ears = (kind > 0).astype(float)
    ear_x, ear_y = wide * draw(0.45, 0.75), top - high * draw(0.85, 1.05)
    ear_w = np.choose(kind, [0.1, 0.17, 0.1, 0.24])
    ear_h = np.choose(kind, [0.1, 0.17, 0.34, 0.12])
    for grow, tone in ((0.05, dark), (0.0, coat), (-0.05, trim)):
        paint(has_ears * ellipse(ear_x, ear_y, ear_w + grow, ear_h + grow), tone)
    feet = wide * draw(0.4, 0.6)
    for grow, tone in ((0.05, dark), (0.0, trim)):
        paint(ellipse(feet, top + high * 0.95, 0.17 + grow, 0.11 + grow), tone)
    arms = top + high * draw(0.0, 0.3)
    for grow, tone in ((0.05, dark), (0.0, coat)):
        paint(ellipse(wide * 1.02, arms, 0.14 + grow, 0.1 + grow), tone)
    for grow, tone in ((0.05, dark), (0.0, coat)):
        paint(ellipse(0, top, wide + grow, high + grow, square), tone)
    paint(ellipse(0, top + high * 0.45, wide * draw(0.45, 0.7), high * draw(0.4, 0.5)), trim)
    eye_x, eye_y, eye = wide * draw(0.35, 0.55), top - high * draw(0.3, 0.5), draw(0.1, 0.16)
    paint(ellipse(eye_x, eye_y, eye, eye * draw(1.0, 1.4)), np.full(3, 0.95))
    paint(ellipse(eye_x - eye * draw(0.0, 0.4), eye_y, eye * 0.55, eye * 0.7), np.full(3, 0.05))
    paint(ellipse(0, top + draw(-0.02, 0.06), draw(0.06, 0.18), 0.045), dark * 0.5)
    return pixels


# ---------------------------------------------------------------------------------------------
# Given: looking at what was learned
# ---------------------------------------------------------------------------------------------


def show_grid(images, rows=3, columns=7):
    """Draw images, (N, 3, H, W) in [-1, 1], on a grid; those that find no place are left out."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(rows, columns, figsize=(columns, rows), squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for axis, image in zip(axes.flat, images):
        axis.imshow(np.moveaxis(image.detach().cpu().numpy(), 0, 2) / 2 + 0.5)
    figure.subplots_adjust(0, 0, 1, 1, wspace=0.05, hspace=0.05)
    return figure


def show_losses(losses_D, losses_G):
    """Draw both networks' losses, one number an epoch."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 4))
    epochs = range(1, len(losses_D) + 1)
    axis.plot(epochs, losses_D, label="discriminator")
    axis.plot(epochs, losses_G, label="generator")
    axis.set(xlabel="epoch", ylabel="loss")
    axis.legend()
    return figure


def sample_images(net_G, latent_dim=LATENT_DIM, count=21):
    """Let the generator draw images: (count, 3, 64, 64) in [-1, 1]."""
    weight = next(net_G.parameters())
    with torch.no_grad():
        return net_G(torch.randn(count, latent_dim, 1, 1, device=weight.device))


def latent_walk(net_G, start, end, steps=7):
    """Draw what lies between two noise vectors, (latent_dim, 1, 1): images (steps, 3, 64, 64).

    A mean of two normal vectors is shorter than either; the walk is stretched back, so that the
    generator sees noise of the length that it was trained on. It draws with the running statistics
    of its BatchNorms, so that an image does not depend on the others of the walk.
    """
    share = torch.linspace(0, 1, steps, device=start.device).reshape(-1, 1, 1, 1)
    noise = (1 - share) * start + share * end
    noise = noise / ((1 - share) ** 2 + share**2).sqrt()
    mode = net_G.training
    net_G.eval()
    with torch.no_grad():
        images = net_G(noise)
    net_G.train(mode)
    return images


# ---------------------------------------------------------------------------------------------
# Your part: the generator
# ---------------------------------------------------------------------------------------------


class G_block(nn.Module):
    """One step of the generator: transposed convolution, BatchNorm (PyTorch's defaults), ReLU.

    Arguments:
        out_channels, in_channels: of the images that come out and go in.
        kernel_size, strides, padding: of the transposed convolution, which has no bias.

    Maps (N, in_channels, H, W) to (N, out_channels, H', W'): with the defaults both sides double,
    16x16 -> 32x32; with strides=1 and padding=0 one pixel becomes 4x4.

    Hint: BatchNorm subtracts the mean at once; what could a bias in front of it do?
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        ### BEGIN SOLUTION
        self.grow = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.norm = nn.BatchNorm2d(out_channels)
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return F.relu(self.norm(self.grow(x)))
        ### END SOLUTION


def net_G():
    """Build the generator.

    Channels: 100 -> 512 -> 256 -> 128 -> 64 -> 3. Four `G_block`s, the first with strides=1 and
    padding=0; then a transposed convolution 4x4, stride 2, padding 1, without bias, and Tanh.
    3576704 parameters.

    Returns an nn.Module, in training mode as it is built, that maps noise, (N, 100, 1, 1), to images,
    (N, 3, 64, 64), in [-1, 1].

    Hint: sides go 1 -> 4 -> 8 -> 16 -> 32 -> 64.
    """
    ### BEGIN SOLUTION
    return nn.Sequential(
        G_block(512, LATENT_DIM, strides=1, padding=0),
        G_block(256, 512),
        G_block(128, 256),
        G_block(64, 128),
        nn.ConvTranspose2d(64, 3, kernel_size=4, stride=2, padding=1, bias=False),
        nn.Tanh(),
    )
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------
# Your part: the discriminator
# ---------------------------------------------------------------------------------------------


class D_block(nn.Module):
    """One step of the discriminator: convolution, BatchNorm (PyTorch's defaults), LeakyReLU.

    Arguments:
        out_channels, in_channels: of the images that come out and go in.
        kernel_size, strides, padding: of the convolution, which has no bias.
        alpha: the slope of LeakyReLU below zero.

    Maps (N, in_channels, H, W) to (N, out_channels, H', W'): with the defaults both sides halve,
    16x16 -> 8x8; with strides=1 and padding=0 4x4 becomes one pixel.

    Hint: `G_block` the other way round, but for its activation.
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        ### BEGIN SOLUTION
        self.shrink = nn.Conv2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.norm = nn.BatchNorm2d(out_channels)
        self.alpha = alpha
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return F.leaky_relu(self.norm(self.shrink(x)), self.alpha)
        ### END SOLUTION


def net_D():
    """Build the discriminator.

    Channels: 3 -> 64 -> 128 -> 256 -> 512 -> 1. Four `D_block`s, then a convolution 4x4 without bias
    and without padding. 2765696 parameters.

    Returns an nn.Module that maps images, (N, 3, 64, 64), to scores, (N, 1, 1, 1). The scores are
    logits: any real number, so nothing squeezes them at the end.

    Hint: sides go 64 -> 32 -> 16 -> 8 -> 4 -> 1.
    """
    ### BEGIN SOLUTION
    return nn.Sequential(
        D_block(64),
        D_block(128, 64),
        D_block(256, 128),
        D_block(512, 256),
        nn.Conv2d(512, 1, kernel_size=4, bias=False),
    )
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------
# Your part: training
# ---------------------------------------------------------------------------------------------


def init_weights(m):
    """Draw the weights that training begins with. Use it as ``network.apply(init_weights)``.

    Weights of convolutions and of transposed convolutions: normal, mean 0, standard deviation 0.02.
    Weights of BatchNorm: normal, mean 1, standard deviation 0.02; its biases: 0. Other modules, such as
    linear layers, and other parameters, such as a convolution's bias, stay as they are. (A convolution
    without bias has None in its place.) Every call draws anew: nothing is seeded here.

    Arguments:
        m: one module of the network; `apply` calls this function with each of them in turn.

    Hint: `isinstance` tells what m is, `nn.init` fills a parameter in place.
    """
    ### BEGIN SOLUTION
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0.0, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)
    ### END SOLUTION


def update_D(X, Z, net_D, net_G, loss, trainer_D):
    """Take one step of the discriminator: real images are to score 1, generated ones 0.

        loss_D = (loss(D(X), 1) + loss(D(G(Z)), 0)) / 2

    Arguments:
        X: real images, (N, 3, H, W).
        Z: noise, (N, latent_dim, 1, 1).
        net_D, net_G: the networks; net_D's scores have shape (N, 1, 1, 1).
        loss: called as loss(scores, targets), both of the scores' shape; returns one number.
        trainer_D: the optimizer of net_D's parameters.

    D(X) and D(G(Z)) are two calls of net_D, so that its BatchNorms normalize real and generated images
    apart. Both networks stay in training mode. Clear the gradients of net_D here, before the new ones
    are computed: those of earlier steps may still be there.

    Returns loss_D, one number, as it was before the step. The generator is left alone: its parameters,
    their gradients, their readiness to learn (requires_grad) and its mode stay as they were.

    Hint: what does a tensor no longer know once it is detached?
    """
    ### BEGIN SOLUTION
    scores_real = net_D(X)
    scores_fake = net_D(net_G(Z).detach())
    half_real = loss(scores_real, torch.ones_like(scores_real))
    half_fake = loss(scores_fake, torch.zeros_like(scores_fake))
    loss_D = (half_real + half_fake) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D.detach()
    ### END SOLUTION


def update_G(Z, net_D, net_G, loss, trainer_G):
    """Take one step of the generator: its images are to score 1.

        loss_G = loss(D(G(Z)), 1)

    Arguments: as those of `update_D`; trainer_G is the optimizer of net_G's parameters.

    Both networks stay in training mode. Clear the gradients of net_G here, before the new ones are
    computed.

    Returns loss_G, one number, as it was before the step. The discriminator's parameters, their
    readiness to learn (requires_grad) and its mode stay as they were; gradients may be left in it.

    Hint: here the gradient has to flow through the discriminator, back into the generator.
    """
    ### BEGIN SOLUTION
    scores = net_D(net_G(Z))
    loss_G = loss(scores, torch.ones_like(scores))
    trainer_G.zero_grad()
    loss_G.backward()
    trainer_G.step()
    return loss_G.detach()
    ### END SOLUTION


def train(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Train both networks against each other.

    Begin by drawing the weights of both anew (`init_weights`). Each network has its own Adam, with
    learning rate lr, beta1 = 0.5 and beta2 = 0.999; the loss is the binary cross-entropy of logits,
    averaged over the minibatch, and right for very large scores (like 80), too. For each minibatch draw
    noise from the standard normal distribution, each vector by itself, call
    ``update_D(X, Z, net_D, net_G, loss, trainer_D)``, and then
    ``update_G(Z, net_D, net_G, loss, trainer_G)``, which may have the same noise or new.

    Arguments:
        data_iter: yields (images, labels), one minibatch or many; the last one of an epoch may be
            smaller.
        num_epochs: passes over data_iter.
        lr: the learning rate of both networks: 0.005 suits minibatches of 256 sprites, 0.0002 suits
            minibatches of 128 faces.
        latent_dim: noise has the shape (N, latent_dim, 1, 1).

    Returns two lists, the discriminator's losses and the generator's: for each epoch the mean over
    its images, so that a minibatch counts by the number of its images.

    Hint: PyTorch has this loss as a class; an epoch's mean is a sum divided by a count.
    """
    ### BEGIN SOLUTION
    device = next(net_G.parameters()).device
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D, sum_G, count = 0.0, 0.0, 0
        for X, _labels in data_iter:
            X = X.to(device)
            Z = torch.randn(len(X), latent_dim, 1, 1, device=device)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            count += len(X)
        losses_D.append(sum_D / count)
        losses_G.append(sum_G / count)
    return losses_D, losses_G
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------
# Your part: larger networks for faces
# ---------------------------------------------------------------------------------------------


def faces_net_G():
    """Build the generator of faces.

    Channels: 100 -> 1024 -> 512 -> 256 -> 128 -> 3. Five transposed convolutions 4x4 without bias,
    the first with stride 1 and no padding, the others with stride 2 and padding 1; after each,
    the last included, a BatchNorm; then ReLU, but Tanh at the end. 12658438 parameters.

    Returns an nn.Module that maps noise, (N, 100, 1, 1), to images, (N, 3, 64, 64), in [-1, 1].

    Hint: all but the last of these steps you have built already.
    """
    ### BEGIN SOLUTION
    return nn.Sequential(
        G_block(1024, LATENT_DIM, strides=1, padding=0),
        G_block(512, 1024),
        G_block(256, 512),
        G_block(128, 256),
        nn.ConvTranspose2d(128, 3, kernel_size=4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(3),
        nn.Tanh(),
    )
    ### END SOLUTION


def faces_net_D():
    """Build the discriminator of faces.

    Channels: 3 -> 32 -> 64 -> 128 -> 128 -> 1. Five convolutions 4x4 with bias and without padding,
    of stride 2, but the third of stride 1; after each but the last a BatchNorm and LeakyReLU, slope
    0.2. 430625 parameters.

    Returns an nn.Module that maps images, (N, 3, 64, 64), to scores, (N, 1), which are logits.

    Hint: sides go 64 -> 31 -> 14 -> 11 -> 4 -> 1.
    """
    ### BEGIN SOLUTION
    layers = []
    for inputs, outputs, stride in ((3, 32, 2), (32, 64, 2), (64, 128, 1), (128, 128, 2)):
        layers += [
            nn.Conv2d(inputs, outputs, kernel_size=4, stride=stride),
            nn.BatchNorm2d(outputs),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(128, 1, kernel_size=4, stride=2), nn.Flatten())
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------
# Find the bug
#
# Five functions, each with a fault of a kind that published tutorials have had. The docstrings are
# right; the code is not. Correct it: one line is enough in most of them, three in one.
# ---------------------------------------------------------------------------------------------


def buggy_block(in_channels, out_channels):
    """Build a step of a discriminator: convolution, BatchNorm, LeakyReLU, slope 0.2.

    The convolution is 4x4, stride 2, padding 1, without bias. BatchNorm forgets fast: in its running
    mean and variance the newest minibatch counts 0.8, all that came before 0.2. For the rest it is as
    PyTorch has it.

    Returns an nn.Module that maps (N, in_channels, H, W) to (N, out_channels, H / 2, W / 2).
    """
    convolution = nn.Conv2d(in_channels, out_channels, 4, stride=2, padding=1, bias=False)
    ### BEGIN SOLUTION
    norm = nn.BatchNorm2d(out_channels, momentum=0.8)
    ### STUB
    # norm = nn.BatchNorm2d(out_channels, 0.8)
    ### END SOLUTION
    block = nn.Sequential(convolution, norm, nn.LeakyReLU(0.2))
    return block


def buggy_step(real, noise, net_D, net_G, solver):
    """Take one step of the discriminator with `solver`; return its loss as a Python number.

    The loss is the mean of both halves of the binary cross-entropy. Everything about the generator
    stays as it was: its parameters, and whatever gradients they hold.
    """
    ### BEGIN SOLUTION
    fake = net_G(noise).detach()
    ### STUB
    # fake = net_G(noise)
    ### END SOLUTION
    logits_real, logits_fake = net_D(real), net_D(fake)
    loss = (F.softplus(-logits_real).mean() + F.softplus(logits_fake).mean()) / 2
    solver.zero_grad()
    loss.backward()
    solver.step()
    return loss.item()


def buggy_losses(real, noise, net_D, net_G, epoch, num_epochs):
    """Return both networks' losses for one minibatch, and the part of the training that is done.

    Arguments:
        real, noise: one minibatch, (N, 3, H, W) and (N, latent_dim, 1, 1).
        net_D, net_G: the networks; net_D's scores are logits of shape (N, 1, 1, 1).
        epoch, num_epochs: which epoch this is, counted from 0, and how many there are.

    Returns the discriminator's loss (the mean of its two halves), the generator's loss, and a number
    that is 1 in the last epoch.
    """
    batch_size = len(real)
    logits_real, logits_fake = net_D(real), net_D(net_G(noise))
    ### BEGIN SOLUTION
    ones = torch.ones(batch_size, 1, 1, 1)
    ### STUB
    # ones = torch.ones(cur_batch_size, 1, 1, 1)
    ### END SOLUTION
    half_real = F.binary_cross_entropy_with_logits(logits_real, ones)
    ### BEGIN SOLUTION
    half_fake = F.binary_cross_entropy_with_logits(logits_fake, 0 * ones)
    ### STUB
    # half_fake = F.binary_cross_entropy_with_logits(fake_logits, 0 * ones)
    ### END SOLUTION
    loss_G = F.binary_cross_entropy_with_logits(logits_fake, ones)
    ### BEGIN SOLUTION
    done = (epoch + 1) / num_epochs
    ### STUB
    # done = (epoch + 1) / n_epoch
    ### END SOLUTION
    return (half_real + half_fake) / 2, loss_G, done


def buggy_mean_loss(data_iter, loss):
    """Return the mean loss over all images of data_iter, as a Python number.

    Arguments:
        data_iter: yields (images, labels); minibatches may differ in size.
        loss: called as loss(images); returns the mean over one minibatch.
    """
    total, seen = 0.0, 0
    for images, _labels in data_iter:
        size = len(images)
        total += size * float(loss(images))
        ### BEGIN SOLUTION
        seen += size
        ### STUB
        # seen = size
        ### END SOLUTION
    return total / seen


def buggy_pictures(images):
    """Turn the generator's images into pictures for matplotlib, which wants the channels last.

    Maps images, (N, 3, H, W) in [-1, 1], to pictures, (N, H, W, 3) in [0, 1].
    """
    ### BEGIN SOLUTION
    pictures = images.permute(0, 2, 3, 1)
    ### STUB
    # pictures = images.permute(0, 3, 2, 1)
    ### END SOLUTION
    return (pictures + 1) / 2
