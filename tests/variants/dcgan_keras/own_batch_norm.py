# differs: a normalization of one's own, from keras.ops and add_weight
# only: G_block
class Norm(layers.Layer):
    def build(self, shape):
        width = (shape[-1],)
        self.gamma = self.add_weight(shape=width, initializer=keras.initializers.RandomNormal(1.0, 0.02), name="gamma")
        self.beta = self.add_weight(shape=width, initializer="zeros", name="beta")
        self.mean = self.add_weight(shape=width, initializer="zeros", trainable=False)
        self.variance = self.add_weight(shape=width, initializer="ones", trainable=False)

    def call(self, x, training=False):
        mean, variance = self.mean, self.variance
        if training:
            mean, variance = ops.mean(x, (0, 1, 2)), ops.var(x, (0, 1, 2))
            self.mean.assign(0.9 * self.mean + 0.1 * mean)
            self.variance.assign(0.9 * self.variance + 0.1 * variance)
        return (x - mean) / ops.sqrt(variance + 1e-5) * self.gamma + self.beta


class G_block(layers.Layer):
    def __init__(self, filters, kernel_size=4, strides=2, padding="same"):
        super().__init__()
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.steps = [
            layers.Conv2DTranspose(filters, kernel_size, strides, padding, use_bias=False, kernel_initializer=start),
            Norm(),
            layers.Activation("relu"),
        ]

    def call(self, x):
        for step in self.steps:
            x = step(x)
        return x
