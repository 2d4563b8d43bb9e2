"""How students get `lstm_classifier` wrong."""

from autograder.mistake import Mistake  # noqa: F401

MISTAKES = ()


def lstm_forgets_its_cell():
    """The cell's state begins at zero in every step.
    Two states go from one step to the next."""

    class Classifier(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell, self.head = nn.LSTMCell(INPUTS, HIDDEN), nn.Linear(HIDDEN, CLASSES)

        def forward(self, x):
            h = torch.zeros(len(x), HIDDEN)
            for step in x.unbind(1):
                h, _ = self.cell(step, (h, torch.zeros_like(h)))
            return self.head(h)

    return Classifier()


def lstm_first_state():
    """The first state is classified.
    Which state has seen the whole sequence?"""

    class Classifier(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(INPUTS, HIDDEN, batch_first=True)
            self.head = nn.Linear(HIDDEN, CLASSES)

        def forward(self, x):
            return self.head(self.lstm(x)[0][:, 0])

    return Classifier()


def lstm_no_tanh_of_the_cell():
    """The cell's state goes out without Tanh.
    Look at the last formula of an LSTM once more."""

    class Classifier(nn.Module):
        def __init__(self):
            super().__init__()
            self.gates = nn.Linear(INPUTS + HIDDEN, 4 * HIDDEN)
            self.head = nn.Linear(HIDDEN, CLASSES)

        def forward(self, x):
            h = c = torch.zeros(len(x), HIDDEN)
            for step in x.unbind(1):
                i, f, g, o = self.gates(torch.cat([step, h], 1)).chunk(4, 1)
                c = f.sigmoid() * c + i.sigmoid() * g.tanh()
                h = o.sigmoid() * c
            return self.head(h)

    return Classifier()
