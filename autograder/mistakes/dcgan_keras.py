"""How students get `dcgan_keras.py` wrong: most ways lead through a default that is not PyTorch's.

A mistake either swaps one text (`old`) in the solution's function or class for another (`new`), or
replaces everything between its first markers (`body`). `loses` names exactly the checks that it loses.
After a change here: `autograder record dcgan_keras`.
"""

from autograder.mistake import Mistake

BLOCK_G = ("g_block_images", "g_block_settings", "g_block_gradients", "g_block_statistics")
BLOCK_D = ("d_block_images", "d_block_settings", "d_block_gradients", "d_block_statistics")
NET_G, G_START = ("net_g_images", "net_g_gradients"), ("net_g_start",)
NET_D, D_START = ("net_d_scores", "net_d_gradients"), ("net_d_start",)
UPDATE_D, UPDATE_G = ("update_d_value", "update_d_step"), ("update_g_value", "update_g_step")

NO_BIAS = "            use_bias=False,\n"
KERNEL = "            kernel_initializer=keras.initializers.RandomNormal(stddev=0.02),\n"
LAST_KERNEL = "                kernel_initializer=keras.initializers.RandomNormal(stddev=0.02),\n"
GAMMA = "            gamma_initializer=keras.initializers.RandomNormal(mean=1.0, stddev=0.02),\n"
RELU = "ops.relu(self.norm(self.grow(x)))"
LEAKY = "ops.leaky_relu(self.norm(self.shrink(x)), self.alpha)"
TAKE_D, TAKE_G = "take_step(loss_D, net_D, trainer_D)", "take_step(loss_G, net_G, trainer_G)"


def of(function, *rows):
    """Return mistakes in one function, a row each: id, says, hint, loses, old text, new text."""
    return tuple(
        Mistake(id, function, says, hint, loses, old=old, new=new)
        for id, says, hint, loses, old, new in rows
    )


OF_G_BLOCK = of(
    "G_block",
    (
        "g-block-bias",
        "The transposed convolution has a bias, which BatchNormalization takes away again.",
        "Keras adds one unless it is told not to.",
        BLOCK_G,
        NO_BIAS,
        "",
    ),
    (
        "g-block-default-epsilon",
        "BatchNormalization has Keras's epsilon, 0.001.",
        "The docstring names another one, a hundred times smaller.",
        BLOCK_G,
        "            epsilon=1e-5,\n",
        "",
    ),
    (
        "g-block-default-momentum",
        "BatchNormalization has Keras's momentum, 0.99.",
        "How much are the old statistics to count beside the newest minibatch?",
        ("g_block_statistics",),
        "            momentum=0.9,\n",
        "",
    ),
    (
        "g-block-torch-momentum",
        "BatchNormalization's momentum is 0.1, which is PyTorch's way of counting.",
        "In Keras the momentum is the part that the old statistics keep.",
        ("g_block_statistics",),
        "momentum=0.9",
        "momentum=0.1",
    ),
    (
        "g-block-no-relu",
        "There is no ReLU after BatchNormalization.",
        "Without something that bends, the blocks together are one linear map.",
        BLOCK_G,
        RELU,
        "self.norm(self.grow(x))",
    ),
    (
        "g-block-relu-in-layer",
        "ReLU comes before BatchNormalization.",
        "The docstring names the three steps in their order.",
        BLOCK_G,
        RELU,
        "self.norm(ops.relu(self.grow(x)))",
    ),
    (
        "g-block-channels-first",
        "BatchNormalization takes the second axis for the channels.",
        "In Keras images have their channels last, and its default knows that.",
        (*BLOCK_G, "g_block_start"),  # of 8 scales nothing can be told
        "            momentum=0.9,\n",
        "            axis=1,\n            momentum=0.9,\n",
    ),
    (
        "g-block-fixed-padding",
        "The padding is always the same, whatever the argument says.",
        "The first block of the generator needs another one; pass the argument on.",
        ("g_block_settings",),
        "padding=padding",
        'padding="same"',
    ),
    (
        "g-block-fixed-strides",
        "The strides are always 2, whatever the argument says.",
        "The first block of the generator needs others; pass the argument on.",
        ("g_block_settings",),
        "strides=strides",
        "strides=2",
    ),
    (
        "g-block-stopped",
        "A gradient is stopped in front of BatchNormalization.",
        "Training needs an unbroken chain from the loss back to every weight.",
        ("g_block_gradients",),
        "self.norm(self.grow(x))",
        "self.norm(ops.stop_gradient(self.grow(x)))",
    ),
    (
        "g-block-default-kernel",
        "The kernel begins as Keras has it, uniform.",
        "Layers take an initializer for their kernel.",
        ("g_block_start",),
        KERNEL,
        "",
    ),
    (
        "g-block-default-gamma",
        "BatchNormalization's factors all begin at 1.",
        "They take an initializer, too.",
        ("g_block_start",),
        GAMMA,
        "",
    ),
)

OF_D_BLOCK = of(
    "D_block",
    (
        "d-block-bias",
        "The convolution has a bias, which BatchNormalization takes away again.",
        "Keras adds one unless it is told not to.",
        BLOCK_D,
        NO_BIAS,
        "",
    ),
    (
        "d-block-default-epsilon",
        "BatchNormalization has Keras's epsilon, 0.001.",
        "The docstring of `G_block` names another one, a hundred times smaller.",
        BLOCK_D,
        "            epsilon=1e-5,\n",
        "",
    ),
    (
        "d-block-default-momentum",
        "BatchNormalization has Keras's momentum, 0.99.",
        "How much are the old statistics to count beside the newest minibatch?",
        ("d_block_statistics",),
        "            momentum=0.9,\n",
        "",
    ),
    (
        "d-block-fixed-slope",
        "The slope is that of Keras's function, 0.2, whatever alpha says.",
        "Pass the argument on.",
        ("d_block_settings",),
        ", self.alpha)",
        ")",
    ),
    (
        "d-block-layers-slope",
        "The slope is 0.3, the default of Keras's layer.",
        "The slope is an argument of the block; is it passed on?",
        BLOCK_D,
        LEAKY,
        "ops.leaky_relu(self.norm(self.shrink(x)), 0.3)",
    ),
    (
        "d-block-relu",
        "The activation is ReLU, which belongs in the generator.",
        "The discriminator's lets a part of negative numbers through.",
        BLOCK_D,
        LEAKY,
        "ops.relu(self.norm(self.shrink(x)))",
    ),
    (
        "d-block-fixed-strides",
        "The strides are always 2, whatever the argument says.",
        "Pass the argument on.",
        ("d_block_settings",),
        "strides=strides",
        "strides=2",
    ),
    (
        "d-block-stopped",
        "A gradient is stopped in front of BatchNormalization.",
        "Training needs an unbroken chain from the loss back to every weight.",
        ("d_block_gradients",),
        "self.norm(self.shrink(x))",
        "self.norm(ops.stop_gradient(self.shrink(x)))",
    ),
    (
        "d-block-default-kernel",
        "The kernel begins as Keras has it, uniform.",
        "Layers take an initializer for their kernel.",
        ("d_block_start",),
        KERNEL,
        "",
    ),
)

OF_NET_G = of(
    "net_G",
    (
        "net-g-no-tanh",
        "The images are not squeezed into (-1, 1).",
        "What stands at the end of the description?",
        NET_G,
        '                activation="tanh",\n',
        "",
    ),
    (
        "net-g-sigmoid",
        "The last activation is a sigmoid, whose images lie in (0, 1).",
        "Another one reaches from -1 to 1.",
        NET_G,
        '"tanh"',
        '"sigmoid"',
    ),
    (
        "net-g-first-block-same",
        "The first block pads as the others do, so that one pixel becomes one.",
        "It has to become 4x4.",
        NET_G,
        'strides=1, padding="valid"),',
        "strides=1),",
    ),
    (
        "net-g-last-bias",
        "The last layer has a bias.",
        "Count the parameters: three are too many.",
        NET_G,
        "                use_bias=False,\n",
        "",
    ),
    (
        "net-g-last-kernel",
        "The last layer's kernel begins as Keras has it.",
        "Give it the initializer of the blocks.",
        G_START,
        LAST_KERNEL,
        "",
    ),
)

OF_NET_D = of(
    "net_D",
    (
        "net-d-sigmoid",
        "A sigmoid squeezes the scores.",
        "Scores are logits; the loss takes care of the rest.",
        NET_D,
        "                kernel_size=4,\n",
        '                kernel_size=4,\n                activation="sigmoid",\n',
    ),
    (
        "net-d-last-same",
        'The last layer has padding "same", and gives 16 scores for an image.',
        "One score is asked for: 4x4 become one.",
        NET_D,
        "                kernel_size=4,\n",
        '                kernel_size=4,\n                padding="same",\n',
    ),
    (
        "net-d-last-bias",
        "The last layer has a bias.",
        "Count the parameters: one is too many.",
        NET_D,
        "                use_bias=False,\n",
        "",
    ),
    (
        "net-d-last-kernel",
        "The last layer's kernel begins as Keras has it.",
        "Give it the initializer of the blocks.",
        D_START,
        LAST_KERNEL,
        "",
    ),
)

OF_UPDATE_D = of(
    "update_D",
    (
        "update-d-arguments-swapped",
        "The loss gets scores where it wants targets.",
        "A Keras loss is called with the targets first.",
        UPDATE_D,
        "loss(ops.ones_like(scores_real), scores_real)",
        "loss(scores_real, ops.ones_like(scores_real))",
    ),
    (
        "update-d-summed",
        "The two halves are added and not averaged.",
        "Look at the formula's denominator.",
        UPDATE_D,
        "(half_real + half_fake) / 2",
        "half_real + half_fake",
    ),
    (
        "update-d-targets-swapped",
        "Generated images are to score 1 and real ones 0.",
        "The discriminator is to tell them apart the other way round.",
        UPDATE_D,
        "half_real = loss(ops.ones_like(scores_real), scores_real)\n"
        "    half_fake = loss(ops.zeros_like(scores_fake), scores_fake)",
        "half_real = loss(ops.zeros_like(scores_real), scores_real)\n"
        "    half_fake = loss(ops.ones_like(scores_fake), scores_fake)",
    ),
    (
        "update-d-not-stopped",
        "A gradient flows back into the generator.",
        "Stop it where the generated images leave the generator.",
        ("update_d_alone",),
        "ops.stop_gradient(net_G(Z, training=True))",
        "net_G(Z, training=True)",
    ),
    (
        "update-d-inference",
        "The discriminator is called outside of training mode.",
        "Keras computes with the moving statistics unless it is told to train.",
        ("update_d_mode",),
        "net_D(X, training=True)",
        "net_D(X)",
    ),
    (
        "update-d-generator-inference",
        "The generator is called outside of training mode.",
        "Both networks compute as they do in training.",
        ("update_d_mode",),
        "net_G(Z, training=True)",
        "net_G(Z)",
    ),
    (
        "update-d-no-step",
        "No step is taken.",
        "A loss alone moves no weight.",
        ("update_d_step",),
        TAKE_D,
        "pass",
    ),
)

OF_UPDATE_G = of(
    "update_G",
    (
        "update-g-arguments-swapped",
        "The loss gets scores where it wants targets.",
        "A Keras loss is called with the targets first.",
        UPDATE_G,
        "loss(ops.ones_like(scores), scores)",
        "loss(scores, ops.ones_like(scores))",
    ),
    (
        "update-g-target-zero",
        "Generated images are to score 0, which is the discriminator's wish.",
        "The generator wants to be taken for real.",
        UPDATE_G,
        "ops.ones_like(scores)",
        "ops.zeros_like(scores)",
    ),
    (
        "update-g-inference",
        "The discriminator is called outside of training mode.",
        "Keras computes with the moving statistics unless it is told to train.",
        ("update_g_mode",),
        "net_G(Z, training=True), training=True)",
        "net_G(Z, training=True))",
    ),
    (
        "update-g-no-step",
        "No step is taken.",
        "A loss alone moves no weight.",
        ("update_g_step",),
        TAKE_G,
        "pass",
    ),
    (
        "update-g-wrong-network",
        "The step moves the discriminator.",
        "Whose weights are to make these images better?",
        ("update_g_step", "update_g_alone"),
        TAKE_G,
        "take_step(loss_G, net_D, trainer_G)",
    ),
)

MISTAKES = (*OF_G_BLOCK, *OF_D_BLOCK, *OF_NET_G, *OF_NET_D, *OF_UPDATE_D, *OF_UPDATE_G)
