# differs: weights="DEFAULT", no fallback without a network, layers of the head put in one by one
# only: get_net
# remark: net_pretrained: cannot be downloaded
def get_net(device):
    from torchvision.models import resnet34
    net = resnet34(weights="DEFAULT").to(device)
    for name, p in net.named_parameters():
        p.requires_grad_("fc" in name)
    fc = nn.Sequential()
    fc.add_module("hidden", nn.Linear(net.fc.in_features, 256))
    fc.add_module("relu", nn.ReLU(inplace=True))
    fc.add_module("output", nn.Linear(256, 120))
    net.fc = fc.to(device)
    return net
