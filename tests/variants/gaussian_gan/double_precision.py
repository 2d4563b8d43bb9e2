# differs: everything in double precision, which is cast where it meets single precision
# only: net_G, net_D
def net_G():
    return nn.Linear(2, 2).double()


def net_D():
    layers = [nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3), nn.Tanh(), nn.Linear(3, 1)]
    return nn.Sequential(*layers).to(torch.float64)
