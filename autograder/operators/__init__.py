"""Changes of a solution's syntax tree: at a place that an author names, or wherever they fit.

    trees       read a function, number its nodes, write it again
    places      find what a text like "second nn.ReLU(...)" names
    edits       one change at one place; edits compose
    changes     what comes in a node's place
    operators   what a file of mistakes writes: swap, drop, before, after, ...
    words       the sentence that an operator knows by itself
    everywhere  all edits that students are known to make, at every place of a function

What `everywhere` is made of: view, layers, numbers, losses, steps.
"""
