# differs: layers are made in build; the activation is a layer of another kind; names are passed to the base
# only: G_block, D_block
def normal(mean=0.0):
    return keras.initializers.RandomNormal(mean=mean, stddev=0.02)


class G_block(layers.Layer):
    def __init__(self, filters, kernel_size=4, strides=2, padding="same", **kwargs):
        super().__init__(**kwargs)
        self.options = dict(filters=filters, kernel_size=kernel_size, strides=strides, padding=padding)

    def build(self, input_shape):
        self.conv = layers.Conv2DTranspose(**self.options, use_bias=False, kernel_initializer=normal())
        self.norm = layers.BatchNormalization(axis=-1, momentum=0.9, epsilon=1e-5, gamma_initializer=normal(1.0))
        self.conv.build(input_shape)
        self.norm.build(self.conv.compute_output_shape(input_shape))

    def call(self, x, training=None):
        return keras.activations.relu(self.norm(self.conv(x), training=training))


class D_block(layers.Layer):
    def __init__(self, filters, kernel_size=4, strides=2, padding="same", alpha=0.2, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(filters, kernel_size, strides=(strides, strides), padding=padding,
                                  use_bias=False, kernel_initializer=normal())
        self.norm = layers.BatchNormalization(momentum=0.9, epsilon=0.00001, gamma_initializer=normal(1.0))
        self.act = layers.PReLU(alpha_initializer=keras.initializers.Constant(alpha), shared_axes=[1, 2, 3])
        self.act.trainable = False

    def call(self, inputs, training=None):
        x = self.conv(inputs)
        x = self.norm(x, training=training)
        return self.act(x)
