"""The CSQS site visit: its items and their tags, level, scorecard, moderation, gates. Knows no server and no screen."""
