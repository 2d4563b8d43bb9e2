"""Wrong blocks and networks that are in no list of mistakes."""

import keras
from keras import layers, ops


def _normal(mean=0.0):
    return keras.initializers.RandomNormal(mean=mean, stddev=0.02)


def _norm():
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=_normal(1.0))


class G_block__layer_norm(layers.Layer):
    """LayerNormalization stands where BatchNormalization is asked for."""

    def __init__(self, filters, kernel_size=4, strides=2, padding="same"):
        super().__init__()
        self.conv = layers.Conv2DTranspose(
            filters, kernel_size, strides, padding, use_bias=False, kernel_initializer=_normal()
        )
        self.norm = layers.LayerNormalization(epsilon=1e-5)

    def call(self, x):
        return ops.relu(self.norm(self.conv(x)))


class G_block__upsampled(layers.Layer):
    """UpSampling2D and an ordinary convolution, as other tutorials have it."""

    def __init__(self, filters, kernel_size=4, strides=2, padding="same"):
        super().__init__()
        self.up = layers.UpSampling2D(strides if strides > 1 else 4)
        self.conv = layers.Conv2D(
            filters, kernel_size, 1, "same", use_bias=False, kernel_initializer=_normal()
        )
        self.norm = _norm()

    def call(self, x):
        return ops.relu(self.norm(self.conv(self.up(x))))


class G_block__swish(layers.Layer):
    """SiLU stands for ReLU."""

    def __init__(self, filters, kernel_size=4, strides=2, padding="same"):
        super().__init__()
        self.conv = layers.Conv2DTranspose(
            filters, kernel_size, strides, padding, use_bias=False, kernel_initializer=_normal()
        )
        self.norm = _norm()

    def call(self, x):
        return ops.silu(self.norm(self.conv(x)))


class G_block__strides_not_passed(layers.Layer):
    """strides is not passed on: the convolution keeps Keras's 1, and the sides do not grow."""

    def __init__(self, filters, kernel_size=4, strides=2, padding="same"):
        super().__init__()
        self.conv = layers.Conv2DTranspose(
            filters, kernel_size, padding=padding, use_bias=False, kernel_initializer=_normal()
        )
        self.norm = _norm()

    def call(self, x):
        return ops.relu(self.norm(self.conv(x)))


class G_block__deviation_of_keras(layers.Layer):
    """The kernel's deviation is Keras's own 0.05; gamma is right."""

    def __init__(self, filters, kernel_size=4, strides=2, padding="same"):
        super().__init__()
        self.conv = layers.Conv2DTranspose(
            filters, kernel_size, strides, padding, use_bias=False, kernel_initializer="random_normal"
        )
        self.norm = _norm()

    def call(self, x):
        return ops.relu(self.norm(self.conv(x)))


class D_block__dropout(layers.Layer):
    """Dropout at the end, as a tutorial on digits has it."""

    def __init__(self, filters, kernel_size=4, strides=2, padding="same", alpha=0.2):
        super().__init__()
        self.conv = layers.Conv2D(
            filters, kernel_size, strides, padding, use_bias=False, kernel_initializer=_normal()
        )
        self.norm = _norm()
        self.act = layers.LeakyReLU(negative_slope=alpha)
        self.drop = layers.Dropout(0.3)

    def call(self, x, training=None):
        return self.drop(self.act(self.norm(self.conv(x), training=training)), training=training)


class D_block__slope_of_keras(layers.Layer):
    """LeakyReLU with Keras's own slope, 0.3: alpha is not used.

    May be named: d-block-layers-slope.
    """

    def __init__(self, filters, kernel_size=4, strides=2, padding="same", alpha=0.2):
        super().__init__()
        self.conv = layers.Conv2D(
            filters, kernel_size, strides, padding, use_bias=False, kernel_initializer=_normal()
        )
        self.norm = _norm()
        self.act = layers.LeakyReLU()

    def call(self, x):
        return self.act(self.norm(self.conv(x)))


class D_block__norm_last(layers.Layer):
    """The activation comes before BatchNormalization, and the epsilon is Keras's."""

    def __init__(self, filters, kernel_size=4, strides=2, padding="same", alpha=0.2):
        super().__init__()
        self.conv = layers.Conv2D(
            filters, kernel_size, strides, padding, use_bias=False, kernel_initializer=_normal()
        )
        self.norm = layers.BatchNormalization(momentum=0.9, gamma_initializer=_normal(1.0))
        self.alpha = alpha

    def call(self, x):
        return self.norm(ops.leaky_relu(self.conv(x), self.alpha))


class D_block__momentum_half(layers.Layer):
    """The moving statistics forget at 0.5."""

    def __init__(self, filters, kernel_size=4, strides=2, padding="same", alpha=0.2):
        super().__init__()
        self.conv = layers.Conv2D(
            filters, kernel_size, strides, padding, use_bias=False, kernel_initializer=_normal()
        )
        self.norm = layers.BatchNormalization(
            momentum=0.5, epsilon=1e-5, gamma_initializer=_normal(1.0)
        )
        self.alpha = alpha

    def call(self, x):
        return ops.leaky_relu(self.norm(self.conv(x)), self.alpha)


def net_G__dense_first():
    """A dense layer and a reshape stand for the first block."""
    return keras.Sequential(
        [
            keras.Input((1, 1, 100)),
            layers.Flatten(),
            layers.Dense(4 * 4 * 512, use_bias=False),
            layers.Reshape((4, 4, 512)),
            G_block(256),
            G_block(128),
            G_block(64),
            layers.Conv2DTranspose(
                3, 4, 2, "same", use_bias=False, activation="tanh", kernel_initializer=_normal()
            ),
        ]
    )


def net_G__sigmoid():
    """Sigmoid at the end: images in [0, 1].

    May be named: net-g-sigmoid.
    """
    return keras.Sequential(
        [
            keras.Input((1, 1, 100)),
            G_block(512, strides=1, padding="valid"),
            G_block(256),
            G_block(128),
            G_block(64),
            layers.Conv2DTranspose(
                3, 4, 2, "same", use_bias=False, activation="sigmoid", kernel_initializer=_normal()
            ),
        ]
    )


def net_D__dense_head():
    """A dense layer gives the score."""
    return keras.Sequential(
        [
            keras.Input((64, 64, 3)),
            D_block(64),
            D_block(128),
            D_block(256),
            D_block(512),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


def net_D__padded_same():
    """The last convolution is padded "same": 16 scores for each image.

    May be named: net-d-last-same.
    """
    return keras.Sequential(
        [
            keras.Input((64, 64, 3)),
            D_block(64),
            D_block(128),
            D_block(256),
            D_block(512),
            layers.Conv2D(1, 4, padding="same", use_bias=False, kernel_initializer=_normal()),
        ]
    )


def net_D__first_block_without_norm():
    """The first block has no BatchNormalization, as the paper has it."""
    return keras.Sequential(
        [
            keras.Input((64, 64, 3)),
            layers.Conv2D(64, 4, 2, "same", use_bias=False, kernel_initializer=_normal()),
            layers.LeakyReLU(negative_slope=0.2),
            D_block(128),
            D_block(256),
            D_block(512),
            layers.Conv2D(1, 4, use_bias=False, kernel_initializer=_normal()),
        ]
    )
