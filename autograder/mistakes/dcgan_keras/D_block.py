"""How students get `D_block` wrong."""

from autograder.mistake import Mistake, both, drop, swap

HOW_MUCH = "How much are the old statistics to count beside the newest minibatch?"

MISTAKES = (
    Mistake("d-block-bias", drop("use_bias=False"),
        "The convolution has a bias, which BatchNormalization takes away again.",
        "Keras adds one unless it is told not to."),
    Mistake("d-block-default-epsilon", drop("epsilon=1e-5"),
        "BatchNormalization has Keras's epsilon, 0.001.",
        "The docstring of `G_block` names another one, a hundred times smaller."),
    Mistake("d-block-momentum-0.8", swap("0.9", "0.8"),
        "BatchNormalization's momentum is 0.8, as tutorials have it.", HOW_MUCH),
    Mistake("d-block-default-momentum", drop("momentum=0.9"),
        "BatchNormalization has Keras's momentum, 0.99.", HOW_MUCH),
    Mistake("d-block-fixed-slope", drop("last self.alpha"),
        "The slope is that of Keras's function, 0.2, whatever alpha says.", "Pass the argument on."),
    Mistake("d-block-layers-slope", swap("last self.alpha", "0.3"),
        "The slope is 0.3, the default of Keras's layer.",
        "The slope is an argument of the block; is it passed on?"),
    Mistake("d-block-relu", both(swap("ops.leaky_relu", "ops.relu"), drop("last self.alpha")),
        "The activation is ReLU, which belongs in the generator.",
        "The discriminator's lets a part of negative numbers through."),
    Mistake("d-block-fixed-strides", swap("strides", "2"),
        "The strides are always 2, whatever the argument says.", "Pass the argument on."),
    Mistake("d-block-stopped", swap("self.shrink(x)", "ops.stop_gradient(_)"),
        "A gradient is stopped in front of BatchNormalization.",
        "Training needs an unbroken chain from the loss back to every weight."),
    Mistake("d-block-default-kernel", drop("kernel_initializer=..."),
        "The kernel begins as Keras has it, uniform.", "Layers take an initializer for their kernel."),
)
