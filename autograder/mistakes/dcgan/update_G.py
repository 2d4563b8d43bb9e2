"""How students get `update_G` wrong."""

from autograder.mistake import Mistake, before, both, drop, exchange, swap

OPTIMIZER_MOVES = (
    "The optimizer moves nothing: its step is missing, or comes before the gradients are computed."
)
CLEAR_COMPUTE = "Clear, compute, step: in this order."
BOTH_NETWORKS = (
    "Both networks stay in training mode here; BatchNorm computes otherwise in the other one."
)

MISTAKES = (
    Mistake("update-g-zeros", swap("torch.ones_like", "torch.zeros_like"),
        "The generator is rewarded where its images are found out: the target is 0.",
        "The generator wants the opposite of what the discriminator wants."),
    Mistake("update-g-minimax", swap("loss(...)", "-loss(scores, torch.zeros_like(scores))"),
        "The loss is minus the discriminator's, whose gradient vanishes where images are bad.",
        "Keep the loss as it is and turn the target round instead."),
    Mistake("update-g-detached", swap("net_G(Z)", "_.detach()"),
        "No gradient reaches the generator.",
        "Is `backward` called on the loss itself? And nothing may be detached on the "
        "way back here; that belongs in the other network's step."),
    Mistake("update-g-no-zero-grad", drop("trainer_G.zero_grad()"),
        "Gradients that were there before the call are added to the new ones.",
        "The docstring wants them cleared here, before backward; to do so in `train` is not enough."),
    Mistake("update-g-no-step", drop("trainer_G.step()"),
        OPTIMIZER_MOVES, CLEAR_COMPUTE),
    Mistake("update-g-zero-grad-late", exchange("trainer_G.zero_grad()", "loss_G.backward()"),
        "No gradients are there when the step is taken: they were "
        "not computed, or were cleared before it.",
        CLEAR_COMPUTE),
    Mistake("update-g-step-first", exchange("loss_G.backward()", "trainer_G.step()"),
        OPTIMIZER_MOVES, CLEAR_COMPUTE),
    Mistake("update-g-flat-labels", swap("loss(...)", "loss(scores, torch.ones(len(scores)))"),
        "The targets have the shape (N,), and the scores another one.",
        "Targets take the scores' shape; PyTorch has functions that make a tensor like another one."),
    Mistake("update-g-arguments-swapped", exchange("second scores", "torch.ones_like(scores)"),
        "The targets are passed where the scores belong.", "The loss is called with scores first."),
    Mistake("update-g-halved", swap("loss(...)", "_ / 2"),
        "The loss is halved, as the discriminator's is.",
        "Here is one minibatch only, and so nothing to average."),
    Mistake("update-g-smoothed", swap("torch.ones_like(scores)", "0.9 * _"),
        "Generated images are to score 0.9: the targets are smoothed.",
        "That is a trick of its own; the formula here has a plain 1."),
    Mistake("update-g-frozen-discriminator",
        before("scores = net_D(net_G(Z))", "net_D.requires_grad_(False)"),
        "The discriminator is frozen for the step and never thawed.",
        "It has to learn again in the next step."),
    Mistake("update-g-discriminator-mode", before("scores = net_D(net_G(Z))", "net_D.eval()"),
        "The discriminator is left in evaluation mode.", BOTH_NETWORKS),
    Mistake("update-g-discriminator-eval",
        both(before("scores = net_D(net_G(Z))", "net_D.eval()"),
             before("loss_G = ...", "net_D.train()")),
        "The discriminator scores the images in evaluation mode.", BOTH_NETWORKS),
    Mistake("update-g-trains-discriminator",
        before("return loss_G.detach()", "torch.optim.SGD(net_D.parameters(), lr=0.1).step()"),
        "The discriminator's parameters take a step, too.",
        "Each update is for one network; the other one holds still."),
    Mistake("update-g-own-loss", swap("loss", "F.binary_cross_entropy_with_logits"),
        "The binary cross-entropy is computed whatever the argument `loss` is.",
        "Call the function that is passed in."),
    Mistake("update-g-returns-nothing", drop("return loss_G.detach()"),
        "Nothing is returned.", "Whoever draws loss curves needs the loss."),
    Mistake("update-g-returns-scores-mean", swap("last loss_G", "scores.mean()"),
        "The mean of the scores is returned instead of the loss.", "Return what was minimized."),
)
