"""From scores to rounds, grades, badges and awards, each with why. Knows no file."""
