# differs: LambdaLR, all parameters in the optimizer, an evaluation written out inside train
# only: train
def train(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    opt = torch.optim.SGD([{"params": net.parameters()}], lr=lr, momentum=0.9, weight_decay=wd, foreach=False)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda e: lr_decay ** (e // lr_period))
    history = []
    for epoch in range(num_epochs):
        for m in (net,):
            m.train()
        for X, y in train_iter:
            loss = F.nll_loss(F.log_softmax(net(X.to(device)), dim=-1), y.to(device))
            loss.backward()
            opt.step()
            opt.zero_grad(set_to_none=False)
        sched.step()
        if valid_iter is None:
            continue
        net.eval()
        hits = n = 0
        for X, y in valid_iter:
            with torch.no_grad():
                hits += int((net(X.to(device)).argmax(1).cpu() == y).sum())
            n += len(y)
        history.append(hits / n)
    return history
