# differs: steps by closures, halves in a list, targets expanded from one number
# only: update_D, update_G
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    with torch.no_grad():
        images = [X, net_G(Z)]

    def closure():
        trainer_D.zero_grad()
        halves = []
        for x, target in zip(images, (1.0, 0.0)):
            y = net_D(x)
            halves.append(loss(y, torch.tensor(target).expand_as(y)))
        total = sum(halves) / len(halves)
        total.backward()
        return total

    return trainer_D.step(closure)


def update_G(Z, net_D, net_G, loss, trainer_G):
    def closure():
        trainer_G.zero_grad()
        y = net_D(net_G(Z))
        total = loss(y, torch.tensor(1.0).expand_as(y))
        total.backward()
        return total

    return trainer_G.step(closure).item()
