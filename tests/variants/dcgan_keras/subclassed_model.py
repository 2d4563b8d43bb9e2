# differs: the discriminator is a subclass of keras.Model, passes the mode on by hand, returns (N, 1)
# only: net_D
# remark: net_d_scores: in shape (4, 1)
# remark: net_d_gradients: in shape (4, 1)
class Discriminator(keras.Model):
    def __init__(self):
        super().__init__()
        self.blocks = [D_block(filters) for filters in (64, 128, 256, 512)]
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.last = layers.Conv2D(1, 4, use_bias=False, kernel_initializer=start)
        self.flatten = layers.Flatten()

    def call(self, x, training=False):
        for block in self.blocks:
            x = block(x, training=training)
        return self.flatten(self.last(x))


def net_D():
    return Discriminator()


class D_block(layers.Layer):
    def __init__(self, filters, kernel_size=4, strides=2, padding="same", alpha=0.2):
        super().__init__()
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.conv = layers.Conv2D(filters, kernel_size, strides, padding, use_bias=False, kernel_initializer=start)
        self.bn = layers.BatchNormalization(
            momentum=0.9, epsilon=1e-5, gamma_initializer=keras.initializers.RandomNormal(1.0, 0.02))
        self.slope = alpha

    def call(self, x, training=False):
        x = self.bn(self.conv(x), training=training)
        return ops.maximum(x, self.slope * x)
