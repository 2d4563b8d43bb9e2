"""The old name of `autograder.platforms.nbgrader.cells`, still in the settings of older courses."""

from autograder.platforms.nbgrader.cells import GradeCells, SaveGrades

__all__ = ["GradeCells", "SaveGrades"]
