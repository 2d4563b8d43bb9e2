# differs: a class of its own around the pretrained layers, which run under no_grad; the head is fc
# only: get_net
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        try:
            base = torchvision.models.get_model("resnet34", weights="IMAGENET1K_V1")
        except OSError as e:
            print("offline:", e)
            base = torchvision.models.resnet34()
        self.backbone = nn.Sequential(*list(base.children())[:-1])
        self.fc = nn.Sequential(nn.Flatten(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, NUM_BREEDS))

    def forward(self, x):
        with torch.no_grad():
            x = self.backbone(x)
        return self.fc(x)


def get_net(device):
    return Net().to(device)
