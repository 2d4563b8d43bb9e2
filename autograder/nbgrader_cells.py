"""The earlier name of `autograder.platforms.nbgrader.cells`, which a course's settings may hold."""

from autograder.platforms.nbgrader.cells import GradeCells, SaveGrades

__all__ = ["GradeCells", "SaveGrades"]
