# differs: both networks are classes, whose instances are the networks
# only: net_G, net_D
class net_G(keras.Model):
    def __init__(self):
        super().__init__()
        self.main = keras.Sequential([
            G_block(512, strides=1, padding="valid"), G_block(256), G_block(128), G_block(64),
            layers.Conv2DTranspose(3, 4, 2, "same", use_bias=False,
                                   kernel_initializer=keras.initializers.RandomNormal(stddev=0.02))])

    def call(self, z, training=None):
        return ops.tanh(self.main(z, training=training))


class net_D(keras.Model):
    def __init__(self):
        super().__init__()
        self.main = keras.Sequential([
            D_block(64), D_block(128), D_block(256), D_block(512),
            layers.Conv2D(1, 4, use_bias=False, kernel_initializer=keras.initializers.RandomNormal(stddev=0.02))])

    def call(self, x, training=None):
        return self.main(x, training=training)
