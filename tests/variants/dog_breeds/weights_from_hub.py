# differs: the network comes from torch.hub; the last layer is replaced by setattr
# only: get_net
def get_net(device):
    try:
        net = torch.hub.load("pytorch/vision", "resnet34", weights="DEFAULT")
    except Exception as problem:
        print(problem)
        net = torchvision.models.resnet34()
    for layer in net.children():
        for p in layer.parameters():
            p.requires_grad = False
    setattr(net, "fc", nn.Sequential(nn.Linear(512, 256, bias=True), nn.Threshold(0, 0), nn.Linear(256, 120)))
    return net.to(device=device)
