"""Each entry's standing, recomputed when its visits, verdicts or rules change. Knows no page."""
