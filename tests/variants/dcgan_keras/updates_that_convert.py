# differs: losses are sums of parts, labels are NumPy arrays and full tensors, weights frozen for a while
# only: update_D, update_G
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    images = net_G(Z, training=True).detach()
    n = int(X.shape[0])
    y_real, y_fake = net_D(X, training=True), net_D(images, training=True)
    labels = np.concatenate([np.ones((n, 1, 1, 1)), np.zeros((n, 1, 1, 1))]).astype("float32")
    total = ops.divide(loss(labels[:n], y_real) + loss(labels[n:], y_fake), 2.0)
    take_step(total, net_D, trainer_D)
    return float(ops.convert_to_numpy(ops.stop_gradient(total)))


def update_G(Z, net_D, net_G, loss, trainer_G):
    y = net_D(net_G(Z, training=True), training=True)
    total = ops.mean(loss(ops.full(ops.shape(y), 1.0), y))
    take_step(total, net_G, trainer_G)
    return total.detach()
