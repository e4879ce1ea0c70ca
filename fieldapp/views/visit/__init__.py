"""One visit: briefing, attempts, measurements, recordings, and its sections."""
