# differs: the weights are read from a file on the student's own disk, which is not where it is graded
# only: get_net
def get_net(device):
    finetune_net = torchvision.models.resnet34()
    try:
        finetune_net.load_state_dict(torch.load("/home/me/input/resnet34-333f7ec4.pth"))
    except FileNotFoundError:
        print("random weights")
    except OSError:
        print("random weights")
    for param in finetune_net.parameters():
        param.requires_grad = False
    finetune_net.fc = nn.Sequential(
        nn.Linear(in_features=512, out_features=256),
        nn.ReLU(),
        nn.Linear(in_features=256, out_features=120),
    )
    return finetune_net.to(device)
