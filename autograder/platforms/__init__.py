"""Platforms that grade with this package: what runs on them, and the templates of their files.

`hosted` runs on Gradescope, Classroom 50 and GitHub Actions; `nbgrader/` writes and grades an nbgrader
course; `templates/` holds one folder per platform, filled in by `staff.bundle`.
"""
