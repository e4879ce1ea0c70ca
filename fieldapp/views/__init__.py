"""The screens: values and callbacks in, controls out. Knows state, never storage or network.

`kit` holds the shared pieces, `words` the shared names.
"""
