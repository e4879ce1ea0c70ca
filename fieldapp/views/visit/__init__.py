"""One visit: briefing, attempts, clock marks, recordings, and its sections."""
