"""The award's parameters as one immutable ruleset. Knows no form and no record."""
