"""How students get `buggy_pictures` wrong."""

from autograder.mistake import Mistake, exchange, swap

MISTAKES = (
    Mistake("bug-pictures-as-given", exchange("first 2", "3"),
        "The bug is still there.", "Draw an image that is higher than it is wide."),
    Mistake("bug-pictures-reshaped",
        swap("pictures = ...", "pictures = images.reshape(len(images), *images.shape[2:], 3)"),
        "The numbers are put into the right shape in the wrong order.",
        "Reshaping keeps the order in memory; the axes have to change places."),
    Mistake("bug-pictures-channels-first", swap("pictures = ...", "pictures = images"),
        "The channels are still in front of height and width.",
        "The library that draws them wants them last."),
    Mistake("bug-pictures-flipped", swap("images.permute(0, 2, 3, 1)", "_.flip(1)"),
        "The pictures stand on their heads.", "Only the order of the axes changes."),
)
