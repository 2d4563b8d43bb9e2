"""Hosts that grade with this package: what runs on them, and the templates of their files.

`hosted` runs on Gradescope, Classroom 50 and GitHub Actions; `nbgrader/` makes and grades a course
there; `templates/` holds one folder a platform, filled in by `staff.bundle`.
"""
