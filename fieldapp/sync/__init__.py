"""Sending and fetching: `outbox` decides (pure), `transport` asks (the one door), `worker` does (the one wait)."""
