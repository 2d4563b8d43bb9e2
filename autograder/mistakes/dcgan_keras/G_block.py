"""How students get `G_block` wrong."""

from autograder.mistake import Mistake, before, both, drop, swap, unwrap

HOW_MUCH = "How much are the old statistics to count beside the newest minibatch?"

MISTAKES = (
    Mistake("g-block-bias", drop("use_bias=False"),
        "The transposed convolution has a bias, which BatchNormalization takes away again.",
        "Keras adds one unless it is told not to."),
    Mistake("g-block-default-epsilon", drop("epsilon=1e-5"),
        "BatchNormalization has Keras's epsilon, 0.001.",
        "The docstring names another one, a hundred times smaller."),
    Mistake("g-block-momentum-0.8", swap("0.9", "0.8"),
        "BatchNormalization's momentum is 0.8, as tutorials have it.", HOW_MUCH),
    Mistake("g-block-default-momentum", drop("momentum=0.9"),
        "BatchNormalization has Keras's momentum, 0.99.", HOW_MUCH),
    Mistake("g-block-torch-momentum", swap("0.9", "0.1"),
        "BatchNormalization's momentum is 0.1, which is PyTorch's way of counting.",
        "In Keras the momentum is the part that the old statistics keep."),
    Mistake("g-block-no-relu", unwrap("ops.relu(self.norm(self.grow(x)))"),
        "No ReLU is applied after BatchNormalization.",
        "Without something that bends, the blocks together are one linear map."),
    Mistake("g-block-relu-in-layer",
        both(swap("ops.relu", "self.norm"), swap("last self.norm", "ops.relu")),
        "ReLU comes before BatchNormalization.", "The docstring names the three steps in their order."),
    Mistake("g-block-channels-first", before("momentum=0.9", "axis=1"),
        "BatchNormalization takes the second axis for the channels.",
        "In Keras images have their channels last, and its default knows that."),
    Mistake("g-block-fixed-padding", swap("padding", '"same"'),
        "The padding is always the same, whatever the argument says.",
        "The first block of the generator needs another one; pass the argument on."),
    Mistake("g-block-fixed-strides", swap("strides", "2"),
        "The strides are always 2, whatever the argument says.",
        "The first block of the generator needs others; pass the argument on."),
    Mistake("g-block-stopped", swap("self.grow(x)", "ops.stop_gradient(_)"),
        "A gradient is stopped in front of BatchNormalization.",
        "Training needs an unbroken chain from the loss back to every weight."),
    Mistake("g-block-default-kernel", drop("kernel_initializer=..."),
        "The kernel begins as Keras has it, uniform.", "Layers take an initializer for their kernel."),
    Mistake("g-block-default-gamma", drop("gamma_initializer=..."),
        "BatchNormalization's factors all begin at 1.", "They take an initializer, too."),
)
