"""A season as one file: read, scored, explained, compared under other rules, written. May use every room.

`file` reads, `score` scores, `result` writes the answer, `working` explains one entry, `what_if` compares.
"""
