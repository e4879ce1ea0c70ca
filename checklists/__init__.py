"""What is asked, what an assessment is, and what it is worth: the rules phone and server must agree on.

No I/O and no clock: loaders take bytes, rules take `now`. `__main__` is the one door to files.
"""
