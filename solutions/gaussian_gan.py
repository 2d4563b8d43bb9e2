"""A generative adversarial network in two dimensions: the smallest one that can be watched.

The real data are points in the plane, drawn from one Gaussian that is stretched and turned. The
generator is a single linear layer, which is just enough: a linear map of Gaussian noise can become
any Gaussian. Everything can be drawn, and a run takes seconds, so this is the place to see what the
two players do to each other before the images get large.

Fill in the five functions that say ``YOUR CODE HERE``. Their docstrings are the specification:
arguments, shapes, the formula, and one hint. Everything else in this file is given and works.

Check your work at any time with ``autograder check gaussian_gan.py``.
"""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

NUM_EXAMPLES = 1000
BATCH_SIZE = 8
LATENT_DIM = 2
NUM_EPOCHS = 20
LR_D, LR_G = 0.05, 0.005
MAP = [[1.0, 2.0], [-0.1, 0.5]]  # what stretches and turns the real data
SHIFT = [1.0, 2.0]  # and where their middle lies


# ---------------------------------------------------------------------------------------------
# Given: data and pictures
# ---------------------------------------------------------------------------------------------


def make_data(num_examples=NUM_EXAMPLES, seed=None):
    """Draw the real points x A + b, where x is standard normal; a tensor of shape (num_examples, 2).

    Their mean is b = (1, 2), their covariance A^T A = ((1.01, 1.95), (1.95, 4.25)).
    """
    random = torch.Generator()
    if seed is not None:
        random.manual_seed(seed)
    else:
        random.seed()
    points = torch.randn(num_examples, 2, generator=random)
    return points @ torch.tensor(MAP) + torch.tensor(SHIFT)


def make_iterator(points, batch_size=BATCH_SIZE):
    """Return what yields minibatches of the points in a new order each epoch.

    As loaders of data do, it yields tuples: here of one tensor, (X,), with X of (batch_size, 2).
    """
    return DataLoader(TensorDataset(points), batch_size, shuffle=True)


def moments(points):
    """Return the mean, of shape (2,), and the covariance, of shape (2, 2), of points."""
    centred = points - points.mean(0)
    return points.mean(0), centred.T @ centred / len(points)


def count_params(model):
    """Return how many numbers the model learns."""
    return sum(p.numel() for p in model.parameters())


def show_losses(losses_D, losses_G):
    """Draw both losses over the epochs, with log 2, where neither player is ahead."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(5, 3))
    axis.plot(losses_D, label="discriminator")
    axis.plot(losses_G, label="generator")
    axis.axhline(0.693, color="0.7", linewidth=1, linestyle=":")
    axis.set_xlabel("epoch")
    axis.set_ylabel("loss")
    axis.legend()
    return figure


def show_points(real, fake, axis=None):
    """Draw real and generated points on top of each other."""
    import matplotlib.pyplot as plt

    if axis is None:
        _, axis = plt.subplots(figsize=(4, 4))
    axis.scatter(*real.T.tolist(), s=6, label="real")
    axis.scatter(*fake.detach().T.tolist(), s=6, label="generated")
    axis.legend(loc="upper left")
    return axis.figure


class Watch:
    """Stand between an iterator and the training, and keep what the generator draws.

    Give it to `train` in place of the iterator; then `clouds` has what the generator made of the same
    noise at the beginning of each epoch.
    """

    def __init__(self, data_iter, net_G, noise):
        self.data_iter, self.net_G, self.noise = data_iter, net_G, noise
        self.clouds = []

    def __iter__(self):
        with torch.no_grad():
            self.clouds.append(self.net_G(self.noise))
        yield from self.data_iter

    def __len__(self):
        return len(self.data_iter)


def animate(real, clouds, pause=200):
    """Return an animation of clouds of generated points on the real ones; `pause` is in ms.

    In a notebook: ``HTML(animate(points, watch.clouds).to_jshtml())``.
    """
    import matplotlib.pyplot as plt
    from matplotlib.animation import FuncAnimation

    figure, axis = plt.subplots(figsize=(4, 4))
    axis.scatter(*real.T.tolist(), s=6, label="real")
    moving = axis.scatter(*clouds[0].T.tolist(), s=6, label="generated")
    axis.legend(loc="upper left")

    def show(epoch):
        moving.set_offsets(clouds[epoch].numpy())
        axis.set_title(f"before epoch {epoch + 1}")
        return (moving,)

    animation = FuncAnimation(figure, show, frames=len(clouds), interval=pause)
    plt.close(figure)  # or the notebook shows it twice
    return animation


# ---------------------------------------------------------------------------------------------
# Your part: the two networks
# ---------------------------------------------------------------------------------------------


def net_G():
    """Build the generator: one linear layer, 2 -> 2, with a bias; 6 parameters.

    Returns an nn.Module that maps noise, (N, 2), to points, (N, 2).

    Hint: the data are Gaussian, and so is the noise; which maps keep a Gaussian one?
    """
    model = None
    ### BEGIN SOLUTION
    model = nn.Sequential(nn.Linear(2, 2))
    ### END SOLUTION
    return model


def net_D():
    """Build the discriminator; a high score means "looks real".

    Layers: linear 2 -> 5; Tanh; linear 5 -> 3; Tanh; linear 3 -> 1. Every linear layer has a bias:
    37 parameters.

    Returns an nn.Module that maps points, (N, 2), to scores, (N, 1). The scores are logits, for
    `nn.BCEWithLogitsLoss`. You may instead end the network with a sigmoid, so that it returns
    probabilities, for `nn.BCELoss`; then use that loss in `train`.

    Hint: `nn.Sequential` chains layers; nothing but the choice above comes after the last linear.
    """
    model = None
    ### BEGIN SOLUTION
    model = nn.Sequential(
        nn.Linear(2, 5),
        nn.Tanh(),
        nn.Linear(5, 3),
        nn.Tanh(),
        nn.Linear(3, 1),
    )
    ### END SOLUTION
    return model


# ---------------------------------------------------------------------------------------------
# Your part: one step of each player
# ---------------------------------------------------------------------------------------------


def update_D(X, Z, net_D, net_G, loss, trainer_D):
    """Take one step of the discriminator on a real and a generated minibatch.

    With l for `loss`, a mean over the minibatch, the discriminator minimizes

        ( l(D(X), 1) + l(D(G(Z)), 0) ) / 2,

    the mean of a real and a generated half. Score X and G(Z) one after the other, or joined in one
    minibatch.

    Arguments:
        X: real points, (N, 2), for any N.
        Z: noise, (N, latent_dim).
        net_D, net_G: the two networks, any that fit together; D returns (N, 1).
        loss: a function of scores and labels, both (N, 1), such as `nn.BCEWithLogitsLoss()`.
        trainer_D: the optimizer of net_D's parameters.

    Returns the loss of before the step, one number: a tensor of shape () or a float.

    The generator is left as it was, and gets no gradient. The generator's own step leaves gradients
    in net_D; they must not count here, so this function clears them.

    Hint: `.detach()` cuts a tensor off from what it was computed with.
    """
    ### BEGIN SOLUTION
    fake = net_G(Z).detach()
    real_scores, fake_scores = net_D(X), net_D(fake)
    real_half = loss(real_scores, torch.ones_like(real_scores))
    fake_half = loss(fake_scores, torch.zeros_like(fake_scores))
    loss_D = (real_half + fake_half) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D.detach()
    ### END SOLUTION


def update_G(Z, net_D, net_G, loss, trainer_G):
    """Take one step of the generator: its points are to be taken for real.

    With l for `loss`, the generator minimizes l(D(G(Z)), 1).

    Arguments:
        Z: noise, (N, latent_dim), for any N.
        net_D, net_G: the two networks, any that fit together; D returns (N, 1).
        loss: a function of scores and labels, both (N, 1), such as `nn.BCEWithLogitsLoss()`.
        trainer_G: the optimizer of net_G's parameters.

    Returns the loss of before the step, one number: a tensor of shape () or a float.

    The discriminator's parameters are left as they were, and stay trainable; gradients may be left
    in them. Gradients that net_G has from an earlier step must not count: this function clears them.

    Hint: the gradient reaches the generator through the discriminator; what must not be cut here?
    """
    ### BEGIN SOLUTION
    scores = net_D(net_G(Z))
    loss_G = loss(scores, torch.ones_like(scores))
    trainer_G.zero_grad()
    loss_G.backward()
    trainer_G.step()
    return loss_G.detach()
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------
# Your part: the training
# ---------------------------------------------------------------------------------------------


def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Initialize both networks and train them against each other.

    First draw every weight matrix of both networks, whatever their layers are, from a normal
    distribution with mean 0 and standard deviation 0.02, and set every bias to 0 (biases that are
    drawn as the weights are will do, too). Then, for each epoch and each minibatch X of `data_iter`,
    draw standard normal noise Z, one row for each row of X, and call `update_D`, then `update_G` with
    the same Z or with noise drawn anew. Pass them a loss that is a mean over the minibatch. Both
    networks learn by Adam, with the learning rates lr_D and lr_G and everything else as PyTorch has it.

    Arguments:
        net_D, net_G: networks as the functions above return them.
        data_iter: yields tuples (X,), with X of shape (N, 2); iterate once for each epoch. There may be
            any number of minibatches, and the last one may be smaller.
        num_epochs: how often to go through the data.
        lr_D, lr_G: the learning rates of discriminator and generator.
        latent_dim: the length of a noise vector.
        data: all the real points, for pictures that you may want to draw; not needed otherwise.

    Returns two lists, (losses_D, losses_G): of each epoch the mean over its minibatches of what the
    updates returned, as floats.

    Hint: make the loss (the one that fits your `net_D`) and both optimizers once, before the epochs.
    """
    losses_D, losses_G = [], []
    ### BEGIN SOLUTION
    for network in (net_D, net_G):
        for parameter in network.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, 0, 0.02)
            else:
                nn.init.zeros_(parameter)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr_D)
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr_G)
    for _ in range(num_epochs):
        batch_losses = []
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            loss_D = update_D(X, Z, net_D, net_G, loss, trainer_D)
            loss_G = update_G(Z, net_D, net_G, loss, trainer_G)
            batch_losses.append((float(loss_D), float(loss_G)))
        mean_D, mean_G = torch.tensor(batch_losses).mean(0).tolist()
        losses_D.append(mean_D)
        losses_G.append(mean_G)
    ### END SOLUTION
    return losses_D, losses_G
