"""Several people mark one thing, each blind to the others; ties come first, and what is final stays. Knows no page."""
