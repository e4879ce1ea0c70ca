"""A season as one file: read with every problem told, scored, explained, compared under other rules, and written.

`file` reads, `score` scores, `result` writes the answer, `receipt` explains one entry, `what_if` compares.
"""
