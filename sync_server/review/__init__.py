"""What people decide about visits and entries; every decision is kept with who and why. Scores nothing."""
