"""The screens: values and callbacks in, controls out. `kit` holds the shared pieces, `words` the shared names."""
