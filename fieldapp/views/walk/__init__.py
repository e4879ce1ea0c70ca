"""A visit that is tapped along: the next stamp large at the thumb, where one is, what stands in for a position."""
