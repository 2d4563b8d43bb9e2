"""How students get `attention` wrong."""

from autograder.mistake import Mistake  # noqa: F401

MISTAKES = ()


def attention_no_scale():
    """The scores are not divided by the root of the width.
    Look at the formula once more."""

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))

        def forward(self, x):
            scores = self.query(x) @ self.key(x).transpose(1, 2)
            return self.out(torch.softmax(scores, dim=-1) @ self.value(x))

    return Attention()


def attention_over_queries():
    """The softmax runs over the queries.
    Which weights are to add up to one?"""

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)

        def forward(self, x):
            q, k, v = self.qkv(x).chunk(3, -1)
            return self.out(torch.softmax(q @ k.transpose(1, 2) / WIDTH**0.5, dim=1) @ v)

    return Attention()


def attention_of_its_input():
    """The input itself stands where the value belongs.
    Three linear maps of the input are asked for."""

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))

        def forward(self, x):
            scores = self.query(x) @ self.key(x).transpose(1, 2) / WIDTH**0.5
            return self.out(torch.softmax(scores, dim=-1) @ x)

    return Attention()
