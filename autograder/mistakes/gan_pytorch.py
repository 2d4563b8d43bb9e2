"""How students get `gan_pytorch.py` wrong."""

from autograder.diagnosis import Mistake

MISTAKES: tuple[Mistake, ...] = ()
