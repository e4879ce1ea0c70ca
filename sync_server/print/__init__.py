"""Documents as tagged A4 PDF, from the same blocks that a page shows. Knows no season."""
