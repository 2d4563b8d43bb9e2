"""Judge outputs by the answers. No student code runs here.

`suite` runs a part's checks with pytest, `check` is one of them, `scoring` turns their verdicts into
points and messages, `fingerprints` names known mistakes, and `signatures` guards the stored answers.
"""
