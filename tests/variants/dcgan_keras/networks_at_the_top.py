# differs: both networks are variables of the module
# only: net_G, net_D
start = keras.initializers.RandomNormal(stddev=0.02)
net_G = keras.Sequential([
    G_block(512, strides=1, padding="valid"), G_block(256), G_block(128), G_block(64),
    layers.Conv2DTranspose(3, 4, strides=2, padding="same", use_bias=False, kernel_initializer=start, activation="tanh")])
net_D = keras.Sequential([
    D_block(64), D_block(128), D_block(256), D_block(512),
    layers.Conv2D(1, kernel_size=4, use_bias=False, kernel_initializer=start)])
