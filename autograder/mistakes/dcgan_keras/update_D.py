"""How students get `update_D` wrong."""

from autograder.mistake import Mistake, both, drop, exchange, swap

KERAS_LOSS = "A Keras loss is called with the targets first."
KERAS_COMPUTES = "Keras computes with the moving statistics unless it is told to train, in every call."

MISTAKES = (
    Mistake("update-d-arguments-swapped", exchange("ops.ones_like(scores_real)", "last scores_real"),
        "The loss gets scores where it wants targets.", KERAS_LOSS),
    Mistake("update-d-arguments-swapped-in-both",
        both(exchange("ops.ones_like(scores_real)", "last scores_real"),
             exchange("ops.zeros_like(scores_fake)", "last scores_fake")),
        "In both halves the loss gets scores where it wants targets.", KERAS_LOSS),
    Mistake("update-d-summed", drop("2"),
        "The two halves are added and not averaged.", "Look at the formula's denominator."),
    Mistake("update-d-targets-swapped",
        both(swap("ops.ones_like", "ops.zeros_like"), swap("ops.zeros_like", "ops.ones_like")),
        "Generated images are to score 1 and real ones 0.",
        "The discriminator is to tell them apart the other way round."),
    Mistake("update-d-not-stopped", swap("fake = ...", "fake = net_G(Z, training=True)"),
        "A gradient flows back into the generator.",
        "Stop it where the generated images leave the generator."),
    Mistake("update-d-inference", drop("second training=True"),
        "The discriminator is called outside of training mode for real images.", KERAS_COMPUTES),
    Mistake("update-d-inference-for-fakes", drop("last training=True"),
        "The discriminator is called outside of training mode for generated images.", KERAS_COMPUTES),
    Mistake("update-d-inference-for-both",
        both(drop("second training=True"), drop("last training=True")),
        "The discriminator is called outside of training mode.",
        "Keras computes with the moving statistics unless it is told to train."),
    Mistake("update-d-flat-labels", swap("ops.ones_like(scores_real)", "ops.ones((len(X),))"),
        "The targets have the shape (N,), and the scores another one.",
        "Targets take the scores' shape; Keras has functions that make a tensor like another one."),
    Mistake("update-d-half-stopped", swap("net_D(fake, training=True)", "ops.stop_gradient(_)"),
        "Half of the loss teaches nothing: no gradient comes from the generated images' scores.",
        "Is nothing stopped where these scores leave the discriminator? The "
        "gradient is stopped where the images leave the generator."),
    Mistake("update-d-smoothed", swap("ops.ones_like(scores_real)", "0.9 * _"),
        "Real images are to score 0.9: the targets are smoothed.",
        "That is a trick of its own; the formula here has a plain 1."),
    Mistake("update-d-returns-nothing", drop("return ops.stop_gradient(loss_D)"),
        "Nothing is returned.", "Whoever draws loss curves needs the loss."),
    Mistake("update-d-generator-inference", drop("first training=True"),
        "The generator is called outside of training mode.",
        "Both networks compute as they do in training."),
    Mistake("update-d-no-step", drop("take_step(loss_D, net_D, trainer_D)"),
        "No weight moves.",
        "A loss alone moves none: gradients are computed, and the optimizer applies them."),
)


def update_d_one_minibatch(X, Z, net_D, net_G, loss, trainer_D):
    """Real and generated images go through the discriminator in one minibatch, where BatchNormalization mixes them.
    Call the discriminator once for each kind."""
    fake = ops.stop_gradient(net_G(Z, training=True))
    both = net_D(ops.concatenate([X, fake]), training=True)
    scores_real, scores_fake = both[: len(X)], both[len(X) :]
    half_real = loss(ops.ones_like(scores_real), scores_real)
    half_fake = loss(ops.zeros_like(scores_fake), scores_fake)
    loss_D = (half_real + half_fake) / 2
    take_step(loss_D, net_D, trainer_D)
    return ops.stop_gradient(loss_D)
