"""A graded homework on generative adversarial networks, and its autograder."""

__version__ = "0.1.0"
