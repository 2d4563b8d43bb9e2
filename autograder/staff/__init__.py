"""The staff's tools: answers, the students' copy, packages for platforms, the grader's own figures.

`record` writes stored answers, `release` and `stubs` the students' copy, `bundle` and `contents`
what platforms and packages hold, `accuracy` measures the grader on known mistakes and correct
`variants`, and `doctor` tells what this machine offers.
"""
