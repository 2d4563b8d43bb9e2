"""How students get `generator_loss` wrong."""

from autograder.mistake import Mistake, swap

MISTAKES = (
    Mistake("generator-loss-sign", swap("-scores_fake.mean()", "scores_fake.mean()"),
        "The sign is turned around: the generator makes its images look worse.",
        "An optimizer makes the loss small; are low scores what the generator wants?"),
    Mistake("generator-loss-sum", swap("scores_fake.mean()", "scores_fake.sum()"),
        "The scores are summed over the minibatch.", "Does the loss change when the minibatch doubles?"),
    Mistake("generator-loss-cross-entropy",
        swap("-scores_fake.mean()", "nn.functional.softplus(-scores_fake).mean()"),
        "This is the cross-entropy of another GAN.", "The scores are no logits; no logarithm is needed."),
    Mistake("generator-loss-absolute", swap("-scores_fake.mean()", "-scores_fake.abs().mean()"),
        "The scores lose their signs.", "A score of minus three is worse than one of two."),
    Mistake("generator-loss-squares", swap("-scores_fake.mean()", "((scores_fake - 1) ** 2).mean()"),
        "This is the least-squares loss, which pulls the scores to 1.",
        "A critic's scores have no target; higher is always better."),
    Mistake("generator-loss-detached", swap("scores_fake", "_.detach()"),
        "No gradient comes through the loss.", "Is something cut off here that the generator needs?"),
)  # fmt: skip
