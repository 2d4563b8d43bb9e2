"""How students get `update_D` wrong."""

from autograder.mistake import Mistake, before, both, drop, exchange, move, swap, unwrap

ITS_SCORES = "Are its scores cut off, or its gradients set to zero again, before the step?"
RETURN_LOSS = "Return the loss that the step was taken for."

MISTAKES = (
    Mistake("update-d-not-detached", unwrap("net_G(Z).detach()"),
        "The discriminator's step sends gradients into the generator as well.",
        "Cut the generated points off from the generator before they are scored."),
    Mistake("update-d-freezes-g", swap("net_G(Z).detach()", "net_G.requires_grad_(False)(Z)"),
        "The generator's parameters are frozen for good, so it never learns again.",
        "Cut the points off from the generator; then its parameters need no freezing."),
    Mistake("update-d-shrinks-g",
        before("(real_scores, fake_scores) = ...",
               "for p in net_G.parameters():\n    p.data.mul_(0.99)"),
        "The generator's weights change in the discriminator's step.",
        "Here the generator only draws points."),
    Mistake("update-d-sum", drop("2"),
        "Both halves are added, not averaged: loss and step are twice as large.",
        "Look at the formula once more: what is done with the sum of the halves?"),
    Mistake("update-d-halved-twice", swap("2", "4"),
        "The mean of the halves is halved again.",
        "There are two halves, so their sum is divided once, by two."),
    Mistake("update-d-divided-by-size", swap("loss_D = ...", "loss_D = (...) / len(X)"),
        "The loss is divided by the number of points, although it is a mean already.",
        "What does `loss` return for a minibatch: a sum or a mean?"),
    Mistake("update-d-difference", swap("real_half + fake_half", "real_half - fake_half"),
        "One half is subtracted from the other.", "The discriminator pays for both kinds of errors."),
    Mistake("update-d-labels-swapped",
        both(swap("torch.ones_like", "torch.zeros_like"), swap("torch.zeros_like", "torch.ones_like")),
        "The labels are swapped: generated points are to be scored as real, and real ones not.",
        "A high score means that a point looks real; which label belongs to which half?"),
    Mistake("update-d-all-real", swap("torch.zeros_like", "torch.ones_like"),
        "The generated points get the label of real ones.",
        "That is what the generator wants; the discriminator wants the opposite."),
    Mistake("update-d-all-fake", swap("torch.ones_like", "torch.zeros_like"),
        "The real points get the label of generated ones.", "Which label does a real point have?"),
    Mistake("update-d-smoothed",
        swap("torch.ones_like(real_scores)", "torch.full_like(real_scores, 0.9)"),
        "The real points' label is 0.9.",
        "Softened labels are a known trick, but here the labels are 1 and 0."),
    Mistake("update-d-real-only", swap("loss_D = ...", "loss_D = real_half"),
        "The loss looks at the real half alone.",
        "Without generated points a high score for everything is perfect; what is missing?"),
    Mistake("update-d-fake-only", swap("loss_D = ...", "loss_D = fake_half"),
        "The loss looks at the generated half alone.",
        "Without real points a low score for everything is perfect; what is missing?"),
    Mistake("update-d-scores-noise", swap("net_G(Z).detach()", "Z"),
        "The discriminator scores the noise, not the points made of it.",
        "Who turns noise into points?"),
    Mistake("update-d-generates-from-x", swap("Z", "X"),
        "The generator is given the real points in place of the noise.",
        "What does the generator make its points of?"),
    Mistake("update-d-fake-for-real", swap("X", "fake"),
        "The generated points are scored in both halves; the real ones never are.",
        "One half is for X."),
    Mistake("update-d-own-noise", swap("Z", "torch.randn_like(_)"),
        "The function draws noise of its own.", "The noise is an argument."),
    Mistake("update-d-sigmoid-first",
        both(swap("net_D(X)", "torch.sigmoid(_)"), swap("net_D(fake)", "torch.sigmoid(_)")),
        "The scores go through a sigmoid before the loss, which has its own.",
        "Give `loss` what the network returns."),
    Mistake("update-d-scores-detached", swap("net_D(fake)", "_.detach()"),
        "The generated half gives no gradient, so the discriminator learns from real points alone.",
        ITS_SCORES),
    Mistake("update-d-real-scores-detached", swap("net_D(X)", "_.detach()"),
        "The real half gives no gradient, so the discriminator learns from generated points alone.",
        ITS_SCORES),
    Mistake("update-d-no-zero", drop("trainer_D.zero_grad()"),
        "The step is taken with the gradients that net_D holds already, too: they are not cleared here.",
        "PyTorch adds gradients up. Clear them in this function, before new ones are computed."),
    Mistake("update-d-zero-at-the-end", move("trainer_D.zero_grad()", after="trainer_D.step()"),
        "The gradients are set to zero after the step, when it is too late.",
        "The generator's step fills them in between; clear them right before new ones are computed."),
    Mistake("update-d-zero-before-step", exchange("trainer_D.zero_grad()", "loss_D.backward()"),
        "The gradients are set to zero between being computed and being used: nothing moves.",
        "Three things happen in a step; mind their order."),
    Mistake("update-d-no-step", drop("trainer_D.step()"),
        "The gradients are computed, but the discriminator never moves.",
        "Who turns gradients into a step, and when?"),
    Mistake("update-d-two-steps", before("return loss_D.detach()", "trainer_D.step()"),
        "The optimizer takes two steps with the same gradients.", "One step for each call."),
    Mistake("update-d-ascends", swap("second loss_D", "-_"),
        "The step makes the loss larger: its sign is turned around.",
        "Optimizers minimize; which sign has what is to become small?"),
    Mistake("update-d-returns-real-half", swap("last loss_D", "real_half"),
        "The right step is taken, but the real half alone is returned.", RETURN_LOSS),
    Mistake("update-d-returns-sum", swap("last loss_D", "real_half + fake_half"),
        "The right step is taken, but the sum of the halves is returned.", RETURN_LOSS),
    Mistake("update-d-returns-times-size", swap("loss_D.detach()", "_ * len(X)"),
        "The right step is taken, but the returned loss is multiplied by the number of points.",
        "The mean over the minibatch is asked for."),
    Mistake("update-d-no-return", swap("return loss_D.detach()", "loss_D.detach()"),
        "The right step is taken, but no loss is returned.",
        "The training loop wants to know the loss; return it."),
    Mistake("update-d-returns-both-halves",
        swap("loss_D.detach()", "real_half.detach(), fake_half.detach()"),
        "The right step is taken, but both halves are returned, one beside the other.",
        "One number is asked for: the loss that the step was taken for."),
    Mistake("update-d-own-loss", before("fake = net_G(Z).detach()", "loss = nn.BCEWithLogitsLoss()"),
        "The function makes a loss of its own and does not look at the one that is passed.",
        "The loss is an argument; another network may need another one."),
    Mistake("update-d-fixed-size", swap("torch.ones_like(real_scores)", "torch.ones(8, 1)"),
        "The labels are made for 8 points, whatever the minibatch's size is.",
        "The last minibatch of an epoch may be smaller; where does a tensor tell its size?"),
    Mistake("update-d-flat-labels", swap("torch.ones_like(real_scores)", "torch.ones(len(X))"),
        "The labels have shape (N,), the scores (N, 1): the loss refuses them.",
        "Make labels in the shape of the scores."),
    Mistake("update-d-item", before("trainer_D.zero_grad()", "loss_D = loss_D.item()"),
        "`backward` is called on a Python number.",
        "Only a tensor knows how it was computed; a loss becomes a number at the very end, if at all."),
    Mistake("update-d-no-grad",
        swap("(real_scores, fake_scores) = ...",
             "with torch.no_grad():\n    real_scores, fake_scores = (net_D(X), net_D(fake))"),
        "The loss has no gradient: nothing that it is computed from "
        "leads back to the discriminator's parameters.",
        "Only the generator's points are made without gradients; the scores and the loss need "
        "them, so neither may be detached, made anew, or stand under no_grad."),
    Mistake("update-d-centres-x", before("fake = net_G(Z).detach()", "X -= X.mean(0)"),
        "The real points are changed in place, for everybody else too.",
        "The points are the caller's; compute with copies."),
)


def update_d_half_by_half(X, Z, net_D, net_G, loss, trainer_D):
    """The discriminator takes a whole step for each half.
    Both halves make one loss, and one step."""
    fake = net_G(Z).detach()
    real_scores, fake_scores = net_D(X), net_D(fake)
    real_half = loss(real_scores, torch.ones_like(real_scores))
    fake_half = loss(fake_scores, torch.zeros_like(fake_scores))
    loss_D = (real_half + fake_half) / 2
    trainer_D.zero_grad()
    real_half.backward()
    trainer_D.step()
    trainer_D.zero_grad()
    fake_half = loss(net_D(fake), torch.zeros_like(fake_scores))
    fake_half.backward()
    trainer_D.step()
    return loss_D.detach()
