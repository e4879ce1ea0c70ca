"""Scenario 14: many phones come back to the network at once, each with a few records; the dashboard follows.

`python -m tests.soak.burst [--phones 200] [--each 5] [--seconds 1]`. Exit status 1 when a record failed or a target was
missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import uvloop

from tests.bench.running import Process, running
from tests.soak.crowd import Crowd, Sent, live_page, set_up
from tests.soak.kills import Told, check

P99_MS = 1000
TOLD_MS = 1000


@dataclass
class Burst:
    """What the run found."""

    sent: Sent
    told_ms: list[float]  # from each acknowledgement to the event that tells of it, sorted
    cpu_s: float  # the server's

    @property
    def missed(self) -> list[str]:
        """What is not as it should be, in words."""
        slow = self.sent.percentile_ms(0.99) >= P99_MS, self.told_ms[-1] > TOLD_MS
        return [word for word, is_so in zip(("p99", "events"), slow, strict=True) if is_so]


def run(phones: int, each: int, seconds: float = 1.0) -> Burst:
    """One burst; raises AssertionError when a record failed, was lost, or was not told of."""

    async def together(server: Process, cookie: str) -> Burst:
        crowd = Crowd(server.url, phones)
        async with live_page(server.url, cookie) as page:
            cpu_s = server.cpu_s
            await crowd.send(phones * each, phones * each / seconds)
            assert not crowd.sent.errors, f"records failed: {dict(crowd.sent.errors)}"
            acknowledged = crowd.sent.acknowledged
            await page.until_told(set(acknowledged))
            cpu_s = server.cpu_s - cpu_s
        told_ms = sorted(max(0, page.told[ident] - at) * 1000 for ident, at in acknowledged.items())
        return Burst(crowd.sent, told_ms, cpu_s)

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        cookie = set_up(data, phones)
        with running(data) as server:
            burst = uvloop.run(together(server, cookie))
        check(f"sqlite:///{data / 'sync.sqlite3'}", Told(acknowledged=set(burst.sent.acknowledged)))
    assert len(burst.sent.acknowledged) == phones * each
    return burst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    asked = parser.parse_args()
    burst = run(asked.phones, asked.each, asked.seconds)
    sent, told = burst.sent, burst.told_ms
    print(
        f"{asked.phones} phones x {asked.each} records in {asked.seconds:g} s: 0 errors, "
        f"p50 {sent.percentile_ms(0.5):.0f} ms, p99 {sent.percentile_ms(0.99):.0f} ms (target < {P99_MS}); "
        f"told on the dashboard after {told[len(told) // 2]:.0f} ms, at most {told[-1]:.0f} ms (target {TOLD_MS}); "
        f"{burst.cpu_s:.2f} s of the server's processor time"
        + (f"  MISSED: {', '.join(burst.missed)}" if burst.missed else "")
    )
    sys.exit(1 if burst.missed else 0)


if __name__ == "__main__":
    main()
