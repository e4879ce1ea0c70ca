"""What the server counts, for Prometheus. Labels are route templates, statuses and words: never an id or a name."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

LATENCIES_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """The counters of one server; a registry of its own, so that several may live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "sync_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self.latency = Histogram(
            "sync_request_seconds", "Time to answer", ["route"], buckets=LATENCIES_S, registry=self.registry
        )
        self.pushes = Counter(
            "sync_pushes", "Assessments pushed, by what became of them", ["outcome"], registry=self.registry
        )
        self._pushed: dict[str, Counter] = {}  # looking one up by its label costs more than counting
        self.media_bytes = Counter("sync_media_received_bytes", "Bytes of files received", registry=self.registry)
        self.writes = Gauge("sync_writes", "Writes committed", registry=self.registry)
        self.commits = Gauge("sync_commits", "Transactions committed", registry=self.registry)
        self.waiting = Gauge("sync_writes_waiting", "Writes waiting or under way", registry=self.registry)
        self.subscribers = Gauge("sync_live_pages", "Open live pages", registry=self.registry)
        ProcessCollector(registry=self.registry)

    def pushed(self, outcome: str) -> None:
        """Count one push."""
        if outcome not in self._pushed:
            self._pushed[outcome] = self.pushes.labels(outcome)
        self._pushed[outcome].inc()

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)
