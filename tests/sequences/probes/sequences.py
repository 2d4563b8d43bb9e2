"""Ask a `sequences.py` what it computes. Runs in the worker; imports `autograder.probing` only."""

from autograder.probing.formula import formula
from autograder.probing.networks import BATCH
from autograder.probing.roles import Roles, ask_in_roles

STEPS = 5
LSTM = Roles(4, {"input": (4, 3), "state": (4, 4), "bias": (4,)}, state="state")
ATTENTION = Roles(4, {"projection": (6, 6), "bias": (6,)})


def sequences(width):
    return lambda key: formula(key, (BATCH, STEPS * width), 1.5)


def probe_lstm_classifier(student):
    return ask_in_roles(
        lambda batch: student.lstm_classifier(),
        *("lstm_classifier", sequences(3), 1000, LSTM, (STEPS, 3)),
    )


def probe_attention(student):
    return ask_in_roles(
        lambda batch: student.attention(),
        *("attention", sequences(6), 2000, ATTENTION, (STEPS, 6)),
    )
