"""How students get `net_D` wrong."""

from autograder.mistake import Mistake, before, drop

MISTAKES = (
    Mistake("net-d-sigmoid", before("use_bias=False", 'activation="sigmoid"'),
        "A sigmoid squeezes the scores.", "Scores are logits; the loss takes care of the rest."),
    Mistake("net-d-last-same", before("use_bias=False", 'padding="same"'),
        'The last layer has padding "same", and gives 16 scores for an image.',
        "One score is asked for: 4x4 become one."),
    Mistake("net-d-last-bias", drop("use_bias=False"),
        "The last layer has a bias.", "Count the parameters: one is too many."),
    Mistake("net-d-last-kernel", drop("kernel_initializer=..."),
        "The last layer's kernel begins as Keras has it.", "Give it the initializer of the blocks."),
)
