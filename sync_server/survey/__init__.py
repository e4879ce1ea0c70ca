"""The customer survey: answers of anybody, kept and tallied, and printed tables beside them. Knows no page."""
