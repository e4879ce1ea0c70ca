"""A season as one file: read with every problem reported, scored, explained, compared under other rules, and written.

`file` reads, `score` scores, `result` writes the answer, `working` explains one entry, `what_if` compares.
"""
