# differs: evaluates with a decorator, weighs batch means by their sizes, returns a list of NumPy numbers
# only: evaluate_loss_acc
import numpy as np


@torch.no_grad()
def evaluate_loss_acc(data_iter, net, device):
    is_training = net.training
    net.train(False)
    try:
        results = []
        for X, y in data_iter:
            logp = torch.log_softmax(net(X.to(device)).double(), -1).cpu().numpy()
            rows = np.arange(len(y))
            results.append([-logp[rows, y.numpy()].mean(), (logp.argmax(-1) == y.numpy()).mean(), len(y)])
        r = np.array(results)
        return list(np.average(r[:, :2], axis=0, weights=r[:, 2]))
    finally:
        net.train(is_training)
