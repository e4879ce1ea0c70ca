"""Sending and fetching: `outbox` decides (pure), `transport` asks, `worker` waits. The one door to the server."""
