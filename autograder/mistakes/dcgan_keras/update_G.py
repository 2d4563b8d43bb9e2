"""How students get `update_G` wrong."""

from autograder.mistake import Mistake, drop, exchange, swap

MISTAKES = (
    Mistake("update-g-arguments-swapped", exchange("ops.ones_like(scores)", "last scores"),
        "The loss gets scores where it wants targets.",
        "A Keras loss is called with the targets first."),
    Mistake("update-g-target-zero", swap("ops.ones_like", "ops.zeros_like"),
        "Generated images are to score 0, which is the discriminator's wish.",
        "The generator wants to be taken for real."),
    Mistake("update-g-stopped", swap("net_G(Z, training=True)", "ops.stop_gradient(_)"),
        "No gradient reaches the generator's weights.",
        "Are gradients computed for its weights, and is nothing stopped on the way "
        "back to them? Stopping belongs in the other network's step."),
    Mistake("update-g-minimax", swap("loss(...)", "-loss(ops.zeros_like(scores), scores)"),
        "The loss is minus the discriminator's, whose gradient vanishes where images are bad.",
        "Keep the loss as it is and turn the target round instead."),
    Mistake("update-g-halved", swap("loss(...)", "_ / 2"),
        "The loss is halved, as the discriminator's is.",
        "Here is one minibatch only, and so nothing to average."),
    Mistake("update-g-flat-labels", swap("ops.ones_like(scores)", "ops.ones((len(Z),))"),
        "The targets have the shape (N,), and the scores another one.",
        "Targets take the scores' shape; Keras has functions that make a tensor like another one."),
    Mistake("update-g-returns-nothing", drop("return ops.stop_gradient(loss_G)"),
        "Nothing is returned.", "Whoever draws loss curves needs the loss."),
    Mistake("update-g-inference", drop("last training=True"),
        "The discriminator is called outside of training mode.",
        "Keras computes with the moving statistics unless it is told to train."),
    Mistake("update-g-no-step", drop("take_step(loss_G, net_G, trainer_G)"),
        "No weight moves.",
        "A loss alone moves none: gradients are computed, and the optimizer applies them."),
    Mistake("update-g-wrong-network", swap("last net_G", "net_D"),
        "The step moves the discriminator instead of the generator.",
        "Whose weights are to make these images better?"),
)
