"""How students get `buggy_step` wrong."""

from autograder.mistake import Mistake, before, swap, unwrap

MISTAKES = (
    Mistake("bug-step-as-given", unwrap("net_G(noise).detach()"),
        "The bug is still there.",
        "Look at the gradients of the generator's parameters before and after a step."),
    Mistake("bug-step-cleared", before("solver.zero_grad()", "net_G.zero_grad()"),
        "The generator's gradients are cleared, and with them those that were there before.",
        "Do not let a gradient come so far in the first place."),
    Mistake("bug-step-detached-scores", swap("last logits_fake", "_.detach()"),
        "The generated images' scores are detached, so that half of the loss teaches nothing.",
        "Cut the chain where it enters the discriminator, not where it leaves."),
    Mistake("bug-step-frozen",
        swap("fake = net_G(noise).detach()", "net_G.requires_grad_(False)\nfake = net_G(noise)"),
        "The generator is frozen, and stays so.",
        "It is to be as it was, ready to be trained in its own step."),
)
