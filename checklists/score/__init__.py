"""From the answers of one visit to its base and score, each step with its working. Knows no award."""
