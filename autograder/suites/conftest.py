"""Let `pytest test_PART.py --submission FILE` judge a submission, check by check."""

from autograder.staff.pytest_suite import *  # noqa: F403
