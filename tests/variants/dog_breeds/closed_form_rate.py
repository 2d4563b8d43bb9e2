# differs: the rate is computed anew for each epoch from its number; evaluation written inside
# only: train
def train(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    sgd = torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9, weight_decay=wd, foreach=False)
    for epoch in range(1, num_epochs + 1):
        for group in sgd.param_groups:
            group.update(lr=lr * lr_decay ** ((epoch - 1) // lr_period))
        losses = []
        for images, labels in train_iter:
            net.train()
            loss = -F.log_softmax(net(images.to(device)), 1)[range(len(labels)), labels].mean()
            net.zero_grad()
            loss.backward()
            sgd.step()
            losses.append(loss.item())
        text = "%d %.3f" % (epoch, sum(losses) / max(len(losses), 1))
        if valid_iter is not None:
            net.eval()
            with torch.no_grad():
                right = sum((net(x.to(device)).argmax(1) == y.to(device)).sum().item() for x, y in valid_iter)
            text += " %d right" % right
        print(text)
