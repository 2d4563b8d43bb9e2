# differs: real and generated points are scored and labelled as one minibatch
# only: update_D
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    with torch.no_grad():
        points = torch.cat((net_G(Z), X))
    labels = torch.zeros(len(points), 1)
    labels[len(Z):] = 1
    trainer_D.zero_grad()
    value = loss(net_D(points), labels)
    value.backward()
    trainer_D.step()
    return value.item()
