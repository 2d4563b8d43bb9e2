# differs: asks for CUDA wherever it can; served on the CPU
# only: evaluate_loss_acc, train
# note: served on the CPU
def evaluate_loss_acc(data_iter, net, device):
    training = net.training
    net.eval()
    loss, acc, n = 0.0, 0.0, 0
    with torch.no_grad():
        for X, y in data_iter:
            out = net(X.cuda())
            loss += F.cross_entropy(out, y.cuda()).item() * len(y)
            acc += (out.argmax(1) == y.cuda()).float().sum().item()
            n += len(y)
    net.train(training)
    return loss / n, acc / n


def train(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    net = net.cuda()
    net.train()
    optimizer = torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9, weight_decay=wd)
    for epoch in range(num_epochs):
        if epoch and epoch % lr_period == 0:
            optimizer.param_groups[0]["lr"] *= lr_decay
        for X, y in train_iter:
            optimizer.zero_grad()
            F.cross_entropy(net(X.to("cuda")), y.to("cuda")).backward()
            optimizer.step()
        if valid_iter is not None:
            evaluate_loss_acc(valid_iter, net, device)
