"""Reports made of publications alone: what an entrant reads about a round, redacted. Writes nothing, shows nothing."""
