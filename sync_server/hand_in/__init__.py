"""What is handed in by a deadline: versions, receipts, late or in time, accepted or sent back. Knows no page."""
