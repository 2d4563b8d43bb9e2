from autograder.diagnosis import Mistake
MISTAKES = ()
