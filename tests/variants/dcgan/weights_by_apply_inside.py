# differs: init_weights under no_grad with in-place sums; train draws the weights at its end of the arguments
# only: init_weights
@torch.no_grad()
def init_weights(m):
    kind = m.__class__.__name__
    if kind in ("Conv2d", "ConvTranspose2d", "Conv1d"):
        m.weight.copy_(torch.randn(m.weight.shape) * 0.02)
    if kind.startswith("BatchNorm"):
        m.weight.copy_(1 + 0.02 * torch.randn_like(m.weight))
        m.bias.mul_(0)
