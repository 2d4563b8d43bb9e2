"""A DCGAN on 64x64 colour images, in Keras 3.

The networks are those of `dcgan.py`, and so are their numbers: another framework, the same outputs.
What differs is how they are said. Images have their channels last, (N, H, W, channels); a layer finds
out for itself how many channels come in; and BatchNormalization's defaults are not PyTorch's.

Fill in the functions and classes that say ``YOUR CODE HERE``. Their docstrings are the specification.
Where a function is to build a network, the grader also takes a class, whose instances are the networks,
or a network itself.
Keras computes with PyTorch here (the first lines see to it), so that gradients are PyTorch's.

Check your work at any time with ``autograder check dcgan_keras.py``.
"""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers, ops

LATENT_DIM = 100


# ---------------------------------------------------------------------------------------------
# Given: training
# ---------------------------------------------------------------------------------------------


def take_step(loss, network, trainer):
    """Let an optimizer move a network's weights by one step; leave no gradients of steps before.

    Arguments:
        loss: the number that is to become smaller, a tensor that knows how it was computed.
        network: whose weights move, and no others.
        trainer: a Keras optimizer.
    """
    network.zero_grad()
    loss.backward()
    weights = network.trainable_weights
    gradients = [weight.value.grad for weight in weights]
    with torch.no_grad():
        trainer.apply(gradients, weights)


def train(net_D, net_G, images, num_epochs, lr, batch_size=256, seed=0):
    """Train both networks against each other, with your `update_D` and `update_G`.

    Arguments:
        images: (count, 64, 64, 3) in [-1, 1]; sprites, for example, are
            ``np.moveaxis(dcgan.draw_sprites(4000).numpy(), 1, 3)``.
        num_epochs: passes over the images.
        lr: the learning rate of both networks; 0.005 suits sprites.

    Returns two lists, the discriminator's losses and the generator's: the mean of each epoch.
    """
    random = np.random.default_rng(seed)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    trainers = [keras.optimizers.Adam(lr, beta_1=0.5, beta_2=0.999) for _ in range(2)]
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sums, order = np.zeros(2), random.permutation(len(images))
        for start in range(0, len(images), batch_size):
            X = ops.convert_to_tensor(images[order[start : start + batch_size]])
            Z = keras.random.normal((len(X), 1, 1, LATENT_DIM))
            loss_D = update_D(X, Z, net_D, net_G, loss, trainers[0])
            loss_G = update_G(Z, net_D, net_G, loss, trainers[1])
            sums += len(X) * np.array([float(loss_D), float(loss_G)])
        losses_D.append(sums[0] / len(images))
        losses_G.append(sums[1] / len(images))
    return losses_D, losses_G


# ---------------------------------------------------------------------------------------------
# Your part: the generator
# ---------------------------------------------------------------------------------------------


class G_block(layers.Layer):
    """One step of the generator: transposed convolution, BatchNormalization, ReLU.

    Arguments:
        filters: channels of the images that come out.
        kernel_size, strides, padding: of the transposed convolution, which has no bias.

    Maps (N, H, W, channels) to (N, H', W', filters): with the defaults both sides double,
    16x16 -> 32x32; with strides=1 and padding="valid" one pixel becomes 4x4.

    BatchNormalization is to compute what PyTorch's does: it adds 1e-5 to the variance, and in its
    moving mean and variance the newest minibatch counts 0.1, all that came before 0.9.

    Weights begin as DCGANs do: kernels normal with mean 0 and standard deviation 0.02,
    BatchNormalization's factors (gamma) normal with mean 1 and standard deviation 0.02.

    Hint: Keras's momentum says how much the old statistics count; its defaults are 0.99 and 1e-3.
    """

    def __init__(self, filters, kernel_size=4, strides=2, padding="same"):
        super().__init__()
        ### BEGIN SOLUTION
        self.grow = layers.Conv2DTranspose(
            filters,
            kernel_size,
            strides=strides,
            padding=padding,
            use_bias=False,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.02),
        )
        self.norm = layers.BatchNormalization(
            momentum=0.9,
            epsilon=1e-5,
            gamma_initializer=keras.initializers.RandomNormal(mean=1.0, stddev=0.02),
        )
        ### END SOLUTION

    def call(self, x):
        ### BEGIN SOLUTION
        return ops.relu(self.norm(self.grow(x)))
        ### END SOLUTION


def net_G():
    """Build the generator.

    Channels: 100 -> 512 -> 256 -> 128 -> 64 -> 3. Four `G_block`s, the first with strides=1 and
    padding="valid"; then a transposed convolution 4x4, strides 2, padding "same", without bias, its
    kernel as those of the blocks, and tanh. 3576704 trainable parameters.

    Returns a Keras model that maps noise, (N, 1, 1, 100), to images, (N, 64, 64, 3), in [-1, 1].

    Hint: sides go 1 -> 4 -> 8 -> 16 -> 32 -> 64.
    """
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((1, 1, LATENT_DIM)),
            G_block(512, strides=1, padding="valid"),
            G_block(256),
            G_block(128),
            G_block(64),
            layers.Conv2DTranspose(
                3,
                kernel_size=4,
                strides=2,
                padding="same",
                use_bias=False,
                activation="tanh",
                kernel_initializer=keras.initializers.RandomNormal(stddev=0.02),
            ),
        ]
    )
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------
# Your part: the discriminator
# ---------------------------------------------------------------------------------------------


class D_block(layers.Layer):
    """One step of the discriminator: convolution, BatchNormalization, LeakyReLU.

    Arguments:
        filters: channels of the images that come out.
        kernel_size, strides, padding: of the convolution, which has no bias.
        alpha: the slope of LeakyReLU below zero.

    Maps (N, H, W, channels) to (N, H', W', filters): with the defaults both sides halve,
    16x16 -> 8x8; with strides=1 and padding="valid" 4x4 becomes one pixel.

    BatchNormalization, and the weights that training begins with: as in `G_block`.

    Hint: `G_block` the other way round, but for its activation.
    """

    def __init__(self, filters, kernel_size=4, strides=2, padding="same", alpha=0.2):
        super().__init__()
        ### BEGIN SOLUTION
        self.shrink = layers.Conv2D(
            filters,
            kernel_size,
            strides=strides,
            padding=padding,
            use_bias=False,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.02),
        )
        self.norm = layers.BatchNormalization(
            momentum=0.9,
            epsilon=1e-5,
            gamma_initializer=keras.initializers.RandomNormal(mean=1.0, stddev=0.02),
        )
        self.alpha = alpha
        ### END SOLUTION

    def call(self, x):
        ### BEGIN SOLUTION
        return ops.leaky_relu(self.norm(self.shrink(x)), self.alpha)
        ### END SOLUTION


def net_D():
    """Build the discriminator.

    Channels: 3 -> 64 -> 128 -> 256 -> 512 -> 1. Four `D_block`s, then a convolution 4x4 without bias,
    padding "valid", its kernel as those of the blocks. 2765696 trainable parameters.

    Returns a Keras model that maps images, (N, 64, 64, 3), to scores, (N, 1, 1, 1). The scores are
    logits: any real number, so nothing squeezes them at the end.

    Hint: sides go 64 -> 32 -> 16 -> 8 -> 4 -> 1.
    """
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((64, 64, 3)),
            D_block(64),
            D_block(128),
            D_block(256),
            D_block(512),
            layers.Conv2D(
                1,
                kernel_size=4,
                use_bias=False,
                kernel_initializer=keras.initializers.RandomNormal(stddev=0.02),
            ),
        ]
    )
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------
# Your part: steps of training
# ---------------------------------------------------------------------------------------------


def update_D(X, Z, net_D, net_G, loss, trainer_D):
    """Take one step of the discriminator: real images are to score 1, generated ones 0.

        loss_D = (loss of 1 and D(X) + loss of 0 and D(G(Z))) / 2

    D(X) and D(G(Z)) are two calls of net_D, so that real and generated images are normalized apart.
    Both networks compute in training mode, in every call, which Keras does only where it is told to.

    Arguments:
        X: real images, (N, H, W, 3).
        Z: noise, (N, 1, 1, latent_dim).
        net_D, net_G: the networks; net_D's scores have shape (N, 1, 1, 1).
        loss: a Keras loss, called as loss(targets, scores), both of the scores' shape.
        trainer_D: the optimizer of net_D's weights, for `take_step`.

    Returns loss_D, one number, as it was before the step. The generator is left alone: its weights,
    their gradients, and whether they can be trained stay as they were.

    Hint: through what `ops.stop_gradient` returns, no gradient flows back.
    """
    ### BEGIN SOLUTION
    fake = ops.stop_gradient(net_G(Z, training=True))
    scores_real = net_D(X, training=True)
    scores_fake = net_D(fake, training=True)
    half_real = loss(ops.ones_like(scores_real), scores_real)
    half_fake = loss(ops.zeros_like(scores_fake), scores_fake)
    loss_D = (half_real + half_fake) / 2
    take_step(loss_D, net_D, trainer_D)
    return ops.stop_gradient(loss_D)
    ### END SOLUTION


def update_G(Z, net_D, net_G, loss, trainer_G):
    """Take one step of the generator: its images are to score 1.

        loss_G = loss of 1 and D(G(Z))

    Arguments: as those of `update_D`; trainer_G is the optimizer of net_G's weights. Both networks
    compute in training mode here, too.

    Returns loss_G, one number, as it was before the step. The discriminator's weights, and whether they
    can be trained, stay as they were.

    Hint: here the gradient has to flow through the discriminator, back into the generator.
    """
    ### BEGIN SOLUTION
    scores = net_D(net_G(Z, training=True), training=True)
    loss_G = loss(ops.ones_like(scores), scores)
    take_step(loss_G, net_G, trainer_G)
    return ops.stop_gradient(loss_G)
    ### END SOLUTION
