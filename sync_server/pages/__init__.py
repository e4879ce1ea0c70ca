"""What a page prints, made ready, so that templates decide nothing. Writes nothing."""
