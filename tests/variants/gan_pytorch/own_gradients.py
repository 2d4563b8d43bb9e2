# differs: activations and a loss as torch.autograd.Function with backward passes written by hand
# only: discriminator, bce_loss
class Leaky(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.where(x > 0, x, 0.01 * x)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * torch.where(x > 0, 1.0, 0.01)


class BCE(torch.autograd.Function):
    @staticmethod
    def forward(ctx, s, t):
        ctx.save_for_backward(s, t)
        return (F.softplus(s) - s * t).mean()

    @staticmethod
    def backward(ctx, grad):
        s, t = ctx.saved_tensors
        return grad * (torch.sigmoid(s) - t) / s.numel(), None


class D(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(784, 256), nn.Linear(256, 256), nn.Linear(256, 1)])

    def forward(self, x):
        x = x.reshape(x.shape[0], -1)
        x = Leaky.apply(self.layers[0](x))
        x = Leaky.apply(self.layers[1](x))
        return self.layers[2](x)


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return D()


bce_loss = BCE.apply
