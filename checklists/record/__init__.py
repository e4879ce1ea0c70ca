"""One visit as both sides keep it: how it changes, what applies, what is still missing. Knows no score."""
