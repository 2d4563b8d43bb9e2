# differs: an Adam of one's own, the weights drawn inside train, lists of tensors, keywords
# only: train
class Adam(torch.optim.Optimizer):
    def __init__(self, params, lr):
        super().__init__(params, dict(lr=lr))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = 0.5 * s.get("m", 0) + 0.5 * p.grad
                s["v"] = 0.999 * s.get("v", 0) + 0.001 * p.grad ** 2
                m, v = s["m"] / (1 - 0.5 ** s["t"]), s["v"] / (1 - 0.999 ** s["t"])
                p -= group["lr"] * m / (v.sqrt() + 1e-8)


def train(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    for net in net_D, net_G:
        for name, w in net.named_parameters():
            if w.dim() > 1:
                w.data = 0.02 * torch.randn_like(w)
            elif name.endswith("weight"):
                w.data = 1 + 0.02 * torch.randn_like(w)
            else:
                w.data.zero_()
    criterion = nn.BCEWithLogitsLoss(reduction="none")
    loss = lambda y, t: criterion(y, t).mean()
    solver_D, solver_G = Adam(net_D.parameters(), lr), Adam(net_G.parameters(), lr)
    curves = ([], [])
    for epoch in range(1, num_epochs + 1):
        found = []
        for batch in data_iter:
            X = batch[0]
            Z = torch.normal(0, 1, size=(X.shape[0], latent_dim, 1, 1))
            d = update_D(X=X, Z=Z, net_D=net_D, net_G=net_G, loss=loss, trainer_D=solver_D)
            g = update_G(Z=Z, net_D=net_D, net_G=net_G, loss=loss, trainer_G=solver_G)
            found += [torch.tensor([d, g])] * len(X)
        mean = torch.stack(found).mean(0)
        curves[0].append(mean[0])
        curves[1].append(mean[1])
        print(f"epoch {epoch}: {mean}")
    return curves
