"""A class: many hand-ins, graded side by side, stored one folder a student, and published.

`run` grades what has no valid result yet, `store` knows what is on disk and what of it still holds,
`publish` writes gradebooks and pages from it, and `rescore` judges stored outputs again.
"""
