"""The staff's tools: answers, the students' copy, packages for platforms, measures of the grader.

`record` writes the stored answers, `release` and `stubs` the students' copy, `bundle` and `contents`
what platforms and packages hold. `accuracy` measures the grader on known mistakes and correct
`variants`, and `doctor` shows what this machine offers.
"""
