# tries: to import the autograder
import autograder.scoring

raise RuntimeError("LOOT: " + autograder.scoring.__file__)
