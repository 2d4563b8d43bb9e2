# differs: the penalty in a loop over the images
# only: gradient_penalty
def gradient_penalty(critic, real, fake, epsilon):
    penalties = []
    for x, y, share in zip(real, fake, epsilon):
        point = (share * x + (1 - share) * y).detach().requires_grad_()
        (slope,) = torch.autograd.grad(critic(point[None]).squeeze(), point, create_graph=True)
        penalties.append((slope.norm() - 1) ** 2)
    return sum(penalties) / len(penalties)
