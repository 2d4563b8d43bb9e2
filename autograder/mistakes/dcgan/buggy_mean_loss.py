"""How students get `buggy_mean_loss` wrong."""

from autograder.mistake import Mistake, both, drop, swap

MISTAKES = (
    Mistake("bug-mean-as-given", swap("seen += size", "seen = size"),
        "The bug is still there.", "Try minibatches of different sizes with a loss that is always 1."),
    Mistake("bug-mean-minibatches", swap("last size", "1"),
        "The sum over images is divided by the number of minibatches.",
        "What is it a sum of? Count the same."),
    Mistake("bug-mean-largest", swap("seen += size", "seen = max(seen, size)"),
        "The sum is divided by the size of the largest minibatch.",
        "Count the images of all minibatches."),
    Mistake("bug-mean-unweighted", both(drop("second size"), swap("last size", "1")),
        "Each minibatch counts the same, whatever its size.",
        "A mean over images gives each image the same weight."),
)
