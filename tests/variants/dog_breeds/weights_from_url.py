# differs: the state dict is fetched by its address and loaded into an empty ResNet; a subclass of it
# only: get_net
from torchvision.models.resnet import BasicBlock, ResNet


class DogNet(ResNet):
    def __init__(self):
        super().__init__(BasicBlock, [3, 4, 6, 3])
        try:
            state = torch.hub.load_state_dict_from_url("https://download.pytorch.org/models/resnet34-b627a593.pth")
            self.load_state_dict(state)
        except IOError as e:
            print("random weights:", e)
        for p in self.parameters():
            p.requires_grad = False
        self.fc = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 120))


def get_net(device):
    return DogNet().to(device)
