# differs: momentum, weight decay and the schedule by hand, without an optimizer
# only: train
def train(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    params = [p for p in net.fc.parameters()]
    velocity = [torch.zeros_like(p) for p in params]
    for epoch in range(num_epochs):
        net.train()
        rate = lr * lr_decay ** (epoch // lr_period)
        for X, y in train_iter:
            out = net(X.to(device))
            loss = -torch.log_softmax(out, 1)[torch.arange(len(y)), y.to(device)].mean()
            grads = torch.autograd.grad(loss, params)
            with torch.no_grad():
                for p, v, g in zip(params, velocity, grads):
                    v.mul_(0.9).add_(g + wd * p)
                    p.sub_(rate * v)
        if valid_iter:
            print(epoch, evaluate_loss_acc(valid_iter, net, device))
