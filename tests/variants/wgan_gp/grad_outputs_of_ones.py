# differs: the penalty's gradient by grad_outputs, epsilon expanded to the images' shape
# only: gradient_penalty
def gradient_penalty(critic, real, fake, epsilon):
    epsilon = epsilon.expand_as(real)
    interpolates = epsilon * real + ((1 - epsilon) * fake)
    interpolates = torch.autograd.Variable(interpolates, requires_grad=True)
    scores = critic(interpolates)
    gradients = torch.autograd.grad(
        outputs=scores,
        inputs=interpolates,
        grad_outputs=torch.ones_like(scores),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0]
    gradients = gradients.view(gradients.size(0), -1)
    return ((gradients.norm(2, dim=1) - 1) ** 2).mean()
