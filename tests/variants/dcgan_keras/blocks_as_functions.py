# differs: blocks are functions that return a Sequential of layers with activations as layers
# only: G_block, D_block, net_G, net_D
def normal(mean=0.0):
    return keras.initializers.RandomNormal(mean, 0.02)


def G_block(filters, kernel_size=4, strides=2, padding="same"):
    return keras.Sequential([
        layers.Conv2DTranspose(filters, kernel_size, strides, padding, use_bias=False, kernel_initializer=normal()),
        layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=normal(1.0)),
        layers.ReLU(),
    ])


def D_block(filters, kernel_size=4, strides=2, padding="same", alpha=0.2):
    return keras.Sequential([
        layers.Conv2D(filters, kernel_size, strides, padding, use_bias=False, kernel_initializer=normal()),
        layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=normal(1.0)),
        layers.LeakyReLU(negative_slope=alpha),
    ])
