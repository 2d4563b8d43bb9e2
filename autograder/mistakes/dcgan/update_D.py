"""How students get `update_D` wrong."""

from autograder.mistake import Mistake, before, both, drop, exchange, swap, unwrap

OPTIMIZER_MOVES = (
    "The optimizer moves nothing: its step is missing, or comes before the gradients are computed."
)
CLEAR_COMPUTE = "Clear, compute, step: in this order."
LOSS_CALLED = "The loss is called with scores first."

MISTAKES = (
    Mistake("update-d-not-detached", unwrap("net_G(Z).detach()"),
        "The generated images are not detached, so that the generator gets gradients, too.",
        "The chain back into the generator has to be cut before the discriminator sees its images."),
    Mistake("update-d-flat-labels",
        swap("torch.ones_like(scores_real)", "torch.ones(len(scores_real))"),
        "The targets have the shape (N,), and the scores another one.",
        "Targets take the scores' shape; PyTorch has functions that make a tensor like another one."),
    Mistake("update-d-half-stopped", swap("net_D(net_G(Z).detach())", "_.detach()"),
        "Half of the loss teaches nothing: no gradient comes from the generated images' scores.",
        "Are these scores cut off, or their gradients cleared again, before the "
        "step? Cut the chain where it leaves the generator alone."),
    Mistake("update-d-step-first", exchange("loss_D.backward()", "trainer_D.step()"),
        OPTIMIZER_MOVES, CLEAR_COMPUTE),
    Mistake("update-d-not-halved", drop("2"),
        "The losses of real and generated images are added, not averaged.",
        "The formula has a denominator."),
    Mistake("update-d-swapped-targets",
        both(swap("torch.ones_like", "torch.zeros_like"), swap("torch.zeros_like", "torch.ones_like")),
        "Real images are to score 0 and generated ones 1: the targets are swapped.",
        "Which of them should the discriminator believe?"),
    Mistake("update-d-fake-ones", swap("torch.zeros_like", "torch.ones_like"),
        "Generated images are to score 1 here, as if the generator were being trained.",
        "The discriminator has to tell them from real ones."),
    Mistake("update-d-smoothed", swap("torch.ones_like(scores_real)", "0.9 * _"),
        "Real images are to score 0.9: the targets are smoothed.",
        "That is a trick of its own; the formula here has a plain 1."),
    Mistake("update-d-no-zero-grad", drop("trainer_D.zero_grad()"),
        "Gradients that were there before the call are added to the new ones.",
        "The docstring wants them cleared here, before backward; to do so in `train` is not enough."),
    Mistake("update-d-zero-grad-late", exchange("trainer_D.zero_grad()", "loss_D.backward()"),
        "No gradients are there when the step is taken: they were "
        "not computed, or were cleared before it.",
        CLEAR_COMPUTE),
    Mistake("update-d-no-step", drop("trainer_D.step()"),
        OPTIMIZER_MOVES, CLEAR_COMPUTE),
    Mistake("update-d-only-real", swap("loss_D = ...", "loss_D = half_real"),
        "Only the real images' half counts.",
        "Without generated ones, the best discriminator says yes to everything."),
    Mistake("update-d-own-loss",
        before("scores_real = net_D(X)", "loss = F.binary_cross_entropy_with_logits"),
        "The binary cross-entropy is computed whatever the argument `loss` is.",
        "Call the function that is passed in."),
    Mistake("update-d-arguments-swapped",
        exchange("second scores_real", "torch.ones_like(scores_real)"),
        "The targets are passed where the scores belong.", LOSS_CALLED),
    Mistake("update-d-arguments-swapped-in-both",
        both(exchange("second scores_real", "torch.ones_like(scores_real)"),
             exchange("second scores_fake", "torch.zeros_like(scores_fake)")),
        "In both halves the targets are passed where the scores belong.", LOSS_CALLED),
    Mistake("update-d-fixed-generator-mode", before("scores_real = net_D(X)", "net_G.eval()"),
        "The generator is left in evaluation mode.",
        "Whoever changes a network's mode has to change it back."),
    Mistake("update-d-returns-real-half", swap("last loss_D", "half_real"),
        "The loss that is returned is that of real images alone.", "Return what was minimized."),
    Mistake("update-d-returns-nothing", drop("return loss_D.detach()"),
        "Nothing is returned.", "Whoever draws loss curves needs the loss."),
)


def update_d_one_minibatch(X, Z, net_D, net_G, loss, trainer_D):
    """Real and generated images go through the discriminator in one minibatch, where BatchNorm mixes them.
    Call the discriminator once for each kind."""
    both = net_D(torch.cat([X, net_G(Z).detach()]))
    scores_real, scores_fake = both[: len(X)], both[len(X) :]
    half_real = loss(scores_real, torch.ones_like(scores_real))
    half_fake = loss(scores_fake, torch.zeros_like(scores_fake))
    loss_D = (half_real + half_fake) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D.detach()
