# differs: AdamW without its decay is Adam; a group of parameters with options of its own
# only: get_optimizer
def get_optimizer(network):
    group = {"params": list(network.parameters()), "lr": 1e-4, "betas": (0, 0.9)}
    return torch.optim.AdamW([group], weight_decay=0)
