"""Judge what a `sequences.py` computed. NumPy only: nothing of the student's runs here."""

import pytest

from autograder.compare import close, field

NETWORK = 2e-4  # relative to the largest element

check = pytest.mark.check


def judge_outputs(outputs, answers, name):
    close(field(outputs, "public"), answers["public"], NETWORK, f"{name}: wrong outputs")


def judge_gradients(outputs, answers, name):
    close(field(outputs, "hidden"), answers["hidden"], NETWORK, f"{name}: wrong on unseen inputs")
    for which in ("gradients", "input_gradient"):
        close(field(outputs, which), answers[which], NETWORK, f"{name}: wrong gradients")


@check(points=25, probe="lstm_classifier", public=True)
def test_lstm_outputs(outputs, answers):
    """The LSTM scores sequences as described."""
    judge_outputs(outputs, answers, "lstm_classifier")


@check(points=25, probe="lstm_classifier")
def test_lstm_gradients(outputs, answers):
    """The LSTM is right on unseen sequences, and in every gradient."""
    judge_gradients(outputs, answers, "lstm_classifier")


@check(points=25, probe="attention", public=True)
def test_attention_outputs(outputs, answers):
    """The attention mixes values as described."""
    judge_outputs(outputs, answers, "attention")


@check(points=25, probe="attention")
def test_attention_gradients(outputs, answers):
    """The attention is right on unseen inputs, and in every gradient."""
    judge_gradients(outputs, answers, "attention")
