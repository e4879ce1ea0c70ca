"""Call mode: one call full screen, the next stamp large at the thumb, what counts said before the tap."""
