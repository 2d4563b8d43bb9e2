"""Wrong steps of training that are in no list of mistakes."""

import keras
from keras import layers, ops


def update_D__smoothed(X, Z, net_D, net_G, loss, trainer_D):
    """Real labels are 0.9: label smoothing, which nobody asked for.

    May be named: update-d-smoothed.
    """
    fake = ops.stop_gradient(net_G(Z, training=True))
    real, fake = net_D(X, training=True), net_D(fake, training=True)
    loss_D = (loss(0.9 * ops.ones_like(real), real) + loss(ops.zeros_like(fake), fake)) / 2
    take_step(loss_D, net_D, trainer_D)
    return ops.stop_gradient(loss_D)


def update_D__scores_stopped(X, Z, net_D, net_G, loss, trainer_D):
    """stop_gradient is around the discriminator's scores instead of the images.

    May be named: update-d-half-stopped.
    """
    real = net_D(X, training=True)
    fake = ops.stop_gradient(net_D(net_G(Z, training=True), training=True))
    loss_D = (loss(ops.ones_like(real), real) + loss(ops.zeros_like(fake), fake)) / 2
    take_step(loss_D, net_D, trainer_D)
    return ops.stop_gradient(loss_D)


def update_D__one_half_in_training(X, Z, net_D, net_G, loss, trainer_D):
    """The discriminator is in training mode for real images only.

    May be named: update-d-inference-for-fakes.
    """
    fake = ops.stop_gradient(net_G(Z, training=True))
    real, fake = net_D(X, training=True), net_D(fake)
    loss_D = (loss(ops.ones_like(real), real) + loss(ops.zeros_like(fake), fake)) / 2
    take_step(loss_D, net_D, trainer_D)
    return ops.stop_gradient(loss_D)


def update_D__trained_on_generator(X, Z, net_D, net_G, loss, trainer_D):
    """take_step gets the generator instead of the discriminator."""
    fake = net_G(Z, training=True)
    real, fake = net_D(X, training=True), net_D(fake, training=True)
    loss_D = (loss(ops.ones_like(real), real) + loss(ops.zeros_like(fake), fake)) / 2
    take_step(loss_D, net_G, trainer_D)
    return ops.stop_gradient(loss_D)


def update_D__scores_first(X, Z, net_D, net_G, loss, trainer_D):
    """The arguments of the loss stand as PyTorch has them: scores first.

    May be named: update-d-arguments-swapped-in-both.
    """
    fake = ops.stop_gradient(net_G(Z, training=True))
    real, fake = net_D(X, training=True), net_D(fake, training=True)
    loss_D = (loss(real, ops.ones_like(real)) + loss(fake, ops.zeros_like(fake))) / 2
    take_step(loss_D, net_D, trainer_D)
    return ops.stop_gradient(loss_D)


def update_D__two_steps(X, Z, net_D, net_G, loss, trainer_D):
    """A step for each half."""
    real = net_D(X, training=True)
    loss_real = loss(ops.ones_like(real), real) / 2
    take_step(loss_real, net_D, trainer_D)
    fake = net_D(ops.stop_gradient(net_G(Z, training=True)), training=True)
    loss_fake = loss(ops.zeros_like(fake), fake) / 2
    take_step(loss_fake, net_D, trainer_D)
    return ops.stop_gradient(loss_real + loss_fake)


def update_G__minimax(Z, net_D, net_G, loss, trainer_G):
    """The saturating loss with its sign turned.

    May be named: update-g-minimax.
    """
    scores = net_D(net_G(Z, training=True), training=True)
    loss_G = -loss(ops.zeros_like(scores), scores)
    take_step(loss_G, net_G, trainer_G)
    return ops.stop_gradient(loss_G)


def update_G__halved(Z, net_D, net_G, loss, trainer_G):
    """The loss is halved as the discriminator's is.

    May be named: update-g-halved.
    """
    scores = net_D(net_G(Z, training=True), training=True)
    loss_G = loss(ops.ones_like(scores), scores) / 2
    take_step(loss_G, net_G, trainer_G)
    return ops.stop_gradient(loss_G)


def update_G__stopped(Z, net_D, net_G, loss, trainer_G):
    """The images are stopped as in update_D: no gradient reaches the generator.

    May be named: update-g-stopped.
    """
    images = ops.stop_gradient(net_G(Z, training=True))
    scores = net_D(images, training=True)
    loss_G = loss(ops.ones_like(scores), scores)
    take_step(loss_G, net_G, trainer_G)
    return ops.stop_gradient(loss_G)


def update_G__both_networks_move(Z, net_D, net_G, loss, trainer_G):
    """A second step moves the discriminator along with the generator."""
    scores = net_D(net_G(Z, training=True), training=True)
    loss_G = loss(ops.ones_like(scores), scores)
    take_step(loss_G, net_G, trainer_G)
    for weight in net_D.trainable_weights:
        weight.assign(weight - 0.1 * weight.value.grad)
    return ops.stop_gradient(loss_G)


def update_G__inference_of_d(Z, net_D, net_G, loss, trainer_G):
    """The discriminator is in inference mode while the generator learns.

    May be named: update-g-inference.
    """
    scores = net_D(net_G(Z, training=True), training=False)
    loss_G = loss(ops.ones_like(scores), scores)
    take_step(loss_G, net_G, trainer_G)
    return ops.stop_gradient(loss_G)


def update_G__nothing_returned(Z, net_D, net_G, loss, trainer_G):
    """The loss is printed and not returned.

    May be named: update-g-returns-nothing.
    """
    scores = net_D(net_G(Z, training=True), training=True)
    loss_G = loss(ops.ones_like(scores), scores)
    take_step(loss_G, net_G, trainer_G)
    print("loss of G:", float(loss_G))
