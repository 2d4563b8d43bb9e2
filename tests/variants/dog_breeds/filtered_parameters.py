# differs: all parameters that require a gradient, filtered; the rate set in param_groups by hand
# only: train
def train(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    net = net.to(device)
    trainer = torch.optim.SGD(filter(lambda p: p.requires_grad, net.parameters()), lr, 0.9, weight_decay=wd)
    loss_fn = nn.CrossEntropyLoss()
    net.train()
    for epoch in range(1, num_epochs + 1):
        train_l_sum, n = 0.0, 0
        if epoch > 1 and (epoch - 1) % lr_period == 0:
            for group in trainer.param_groups:
                group["lr"] = group["lr"] * lr_decay
        for X, y in train_iter:
            X, y = X.to(device), y.to(device)
            net.zero_grad()
            l = loss_fn(net(X), y)
            l.backward()
            trainer.step()
            train_l_sum += l.item() * y.shape[0]
            n += y.shape[0]
        s = "epoch %d, loss %f" % (epoch, train_l_sum / n)
        if valid_iter is not None:
            s += ", valid %f %f" % evaluate_loss_acc(valid_iter, net, device)
        print(s)
