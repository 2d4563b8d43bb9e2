# differs: the length as a root of summed squares, with a small number below the root; mixed by lerp
# only: gradient_penalty
def gradient_penalty(critic, real, fake, epsilon):
    mixed = torch.lerp(fake.detach(), real, epsilon).requires_grad_()
    total = torch.sum(critic(mixed))
    gradient = torch.autograd.grad(total, [mixed], create_graph=True)[0]
    length = torch.sqrt(torch.einsum("np,np->n", gradient, gradient) + 1e-12)
    return torch.mean(length**2 - 2 * length + 1)
