# differs: the head is a class with a functional relu; parameters are frozen in a loop; pretrained=True
# only: get_net
class Head(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.out = nn.Linear(256, n)
        self.hidden = nn.Linear(512, 256)

    def forward(self, x):
        return self.out(F.relu(self.hidden(x)))


def get_net(device):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            finetune_net = torchvision.models.resnet34(pretrained=True)
        except Exception:
            print("no network: random weights")
            finetune_net = torchvision.models.resnet34(pretrained=False)
    for param in finetune_net.parameters():
        param.requires_grad = False
    finetune_net.fc = Head(NUM_BREEDS)
    return finetune_net.to(device)
