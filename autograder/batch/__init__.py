"""Grade a class: many hand-ins side by side, one folder per student, then gradebooks and pages.

`run` grades what has no valid result yet, `store` knows what is on disk and what is still valid,
`publish` writes gradebooks and pages from it, and `rescore` judges stored outputs again.
"""
