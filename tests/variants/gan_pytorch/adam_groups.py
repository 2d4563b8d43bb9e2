# differs: one group for each parameter, rates and betas set afterwards
# only: get_optimizer
def get_optimizer(model):
    solver = torch.optim.Adam([{"params": [p]} for p in model.parameters()], lr=2e-4)
    for group in solver.param_groups:
        group["lr"], group["betas"] = 0.001, (0.5, 0.999)
    return solver
