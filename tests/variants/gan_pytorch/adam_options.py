# differs: Adam one step after another (foreach=False), amsgrad and decay off, a zero-decay AdamW
# only: get_optimizer
def get_optimizer(model):
    return torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.5, 0.999), weight_decay=0,
                             amsgrad=False, foreach=False)
