"""How students get `critic_loss` wrong."""

from autograder.mistake import Mistake, drop, exchange, swap

MISTAKES = (
    Mistake("critic-loss-sign", exchange("scores_fake.mean()", "scores_real.mean()"),
        "The sign is turned around: the critic learns to score generated images higher.",
        "An optimizer makes the loss small; which mean score is to become small?"),
    Mistake("critic-loss-sum", swap("every (...).mean()", "(...).sum()"),
        "The scores are summed over the minibatch.", "Does the loss change when the minibatch doubles?"),
    Mistake("critic-loss-real-only", swap("scores_fake.mean() - scores_real.mean()", "-scores_real.mean()"),
        "Only real images count.", "The critic compares two mean scores."),
    Mistake("critic-loss-fake-only", drop("scores_real.mean()"),
        "Only generated images count.", "The critic compares two mean scores."),
    Mistake("critic-loss-added", swap("scores_fake.mean() - scores_real.mean()",
                                      "scores_fake.mean() + scores_real.mean()"),
        "The two mean scores are added.", "One is to become small, the other one large."),
    Mistake("critic-loss-halved", swap("scores_fake.mean() - scores_real.mean()", "(_) / 2"),
        "The difference is halved.", "It is a distance, not a mean of two halves."),
    Mistake("critic-loss-squared", swap("scores_fake.mean() - scores_real.mean()", "(_) ** 2"),
        "The difference is squared.", "Its sign matters: the critic makes it small, not zero."),
    Mistake("critic-loss-sigmoid", swap("scores_fake.mean() - scores_real.mean()",
                                        "scores_fake.sigmoid().mean() - scores_real.sigmoid().mean()"),
        "The scores go through a sigmoid first.", "A critic's scores are no logits; nothing squeezes them."),
    Mistake("critic-loss-cross-entropy",
        swap("scores_fake.mean() - scores_real.mean()",
             "nn.functional.softplus(scores_fake).mean() + nn.functional.softplus(-scores_real).mean()"),
        "This is the cross-entropy of a discriminator.", "A critic's loss has no logarithm."),
    Mistake("critic-loss-detached", swap("scores_fake", "_.detach()"),
        "The scores of generated images are cut off, so that the critic learns nothing from them.",
        "Cut off the images where they are made, not their scores."),
)  # fmt: skip
