"""Outputs and answers -> what was earned. No student code runs here.

`suite` lets pytest judge, `check` is one graded test, `scoring` turns its verdicts into points and
messages, `fingerprints` names known mistakes, and `signatures` guards the stored answers.
"""
