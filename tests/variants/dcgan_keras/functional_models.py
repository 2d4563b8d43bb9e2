# differs: whole networks by the functional interface, the last activation a layer of its own
# only: net_G, net_D
def net_G():
    noise = keras.Input((1, 1, 100))
    x = G_block(512, strides=1, padding="valid")(noise)
    for filters in (256, 128, 64):
        x = G_block(filters)(x)
    start = keras.initializers.RandomNormal(stddev=0.02)
    x = layers.Conv2DTranspose(3, 4, 2, "same", use_bias=False, kernel_initializer=start)(x)
    return keras.Model(noise, layers.Activation("tanh")(x))


def net_D():
    images = keras.Input((64, 64, 3))
    x = images
    for filters in (64, 128, 256, 512):
        x = D_block(filters)(x)
    start = keras.initializers.RandomNormal(stddev=0.02)
    return keras.Model(images, layers.Conv2D(1, 4, use_bias=False, kernel_initializer=start)(x))
