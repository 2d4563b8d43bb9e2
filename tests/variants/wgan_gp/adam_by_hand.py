# differs: Adam written from the paper, without the first moment
# only: get_optimizer
class OwnAdam(torch.optim.Optimizer):
    def __init__(self, parameters):
        super().__init__(parameters, {"lr": 1e-4})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                state["t"] = state.get("t", 0) + 1
                v = 0.9 * state.get("v", torch.zeros_like(p)) + 0.1 * p.grad**2
                state["v"] = v
                p -= group["lr"] * p.grad / ((v / (1 - 0.9 ** state["t"])).sqrt() + 1e-8)


def get_optimizer(network):
    return OwnAdam(network.parameters())
