"""How many visits an entry gets and what they cost. Knows no record."""
