# differs: a whole file of its own, without the given helpers, with a demonstration behind a main guard
import csv, filecmp, os, shutil
import torch, torchvision
from torch import nn
from torchvision import transforms as T

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def safe_copy(a, b):
    os.makedirs(os.path.dirname(b), exist_ok=True)
    if not os.path.exists(b):
        shutil.copy(a, b)
    elif not filecmp.cmp(a, b, False):
        raise IOError("different file: " + b)


def reorg_dog_data(data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio):
    with open(f"{data_dir}/{label_file}") as f:
        labels = {r["id"]: r["breed"] for r in csv.DictReader(f)}
    ids = sorted(n[:-4] for n in os.listdir(f"{data_dir}/{train_dir}"))
    if sorted(labels) != ids:
        raise ValueError("ids without a partner: %s" % sorted(set(ids) ^ set(labels)))
    for breed in sorted(set(labels.values())):
        mine = [i for i in ids if labels[i] == breed]
        cut = len(mine) - max(1, int(valid_ratio * len(mine)))
        for k, i in enumerate(mine):
            src = f"{data_dir}/{train_dir}/{i}.jpg"
            for split in ("train_valid", "train" if k < cut else "valid"):
                safe_copy(src, f"{new_data_dir}/{split}/{breed}/{i}.jpg")
    for n in os.listdir(f"{data_dir}/{test_dir}"):
        safe_copy(f"{data_dir}/{test_dir}/{n}", f"{new_data_dir}/test/unknown/{n}")


def transform_for_training():
    return T.Compose([T.RandomResizedCrop(224), T.RandomHorizontalFlip(), T.ColorJitter(.4, .4, .4),
                      T.ToTensor(), T.Normalize(MEAN, STD)])


def transform_for_testing():
    return T.Compose([T.Resize(256), T.CenterCrop(224), T.ToTensor(), T.Normalize(MEAN, STD)])


def get_net(device=torch.device("cuda" if torch.cuda.is_available() else "cpu")):
    try:
        net = torchvision.models.resnet34(weights=torchvision.models.ResNet34_Weights.IMAGENET1K_V1)
    except Exception as e:
        print(e)
        net = torchvision.models.resnet34(weights=None)
    for p in net.parameters():
        p.requires_grad = False
    net.fc = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 120))
    return net.to(device)


loss = nn.CrossEntropyLoss(reduction="none")


def evaluate_loss_acc(data_iter, net, device):
    mode, l, a, n = net.training, 0, 0, 0
    net.eval()
    with torch.no_grad():
        for X, y in data_iter:
            X, y = X.to(device), y.to(device)
            z = net(X)
            l += loss(z, y).sum()
            a += (z.argmax(1) == y).sum()
            n += y.numel()
    net.train(mode)
    return l / n, a / n


def train(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    opt = torch.optim.SGD((p for p in net.parameters() if p.requires_grad), lr=lr, momentum=0.9, weight_decay=wd)
    milestones = list(range(lr_period, num_epochs + 1, lr_period))
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, milestones, lr_decay)
    for epoch in range(num_epochs):
        net.train()
        for X, y in train_iter:
            l = loss(net(X.to(device)), y.to(device)).mean()
            opt.zero_grad()
            l.backward()
            opt.step()
        sched.step()
        if valid_iter is not None:
            print("epoch", epoch, *evaluate_loss_acc(valid_iter, net, device))


def write_submission(net, test_iter, test_dir, breeds, device, path):
    net.eval()
    preds = []
    for X, _ in test_iter:
        preds.extend(torch.softmax(net(X.to(device)), 1).cpu().detach().numpy())
    with open(path, "w") as f:
        f.write("id," + ",".join(breeds) + "\n")
        for i, p in zip(sorted(os.listdir(test_dir)), preds):
            f.write(i.split(".")[0] + "," + ",".join(str(x) for x in p) + "\n")


if __name__ == "__main__":
    net = get_net()
