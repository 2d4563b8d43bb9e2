"""A local page on which a person names groups of mistakes: `autograder review`.

Its own are the routes, who may ask, and the writing in the background; groups and names are `batch`'s.
"""
