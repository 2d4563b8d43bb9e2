# differs: progress is told after each fifth of an epoch, which is never less than one minibatch
# only: train
def train(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    criterion = nn.CrossEntropyLoss()
    trainer = torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr, 0.9, weight_decay=wd)
    for epoch in range(num_epochs):
        net.train()
        running = 0.0
        for i, (X, y) in enumerate(train_iter):
            for p in net.parameters():
                p.grad = None
            loss = criterion(net(X.to(device)), y.to(device))
            loss.backward()
            trainer.step()
            running += float(loss)
            if (i + 1) % max(1, len(train_iter) // 5) == 0:
                print(epoch, i, running / (i + 1))
        if (epoch + 1) % lr_period == 0:
            trainer.param_groups[0]["lr"] *= lr_decay
        if valid_iter:
            print(evaluate_loss_acc(valid_iter, net, device))
