"""Scenario 16: a steady stream of records for half an hour, every one taken, and the server's memory stays level.

`python -m tests.soak.steady [--rate 50] [--minutes 30]`. Exit status 1 when a record failed or memory grew.

Memory is compared between two windows: after the warm-up and at the end. The warm-up is the first two minutes (a third
of a shorter run): until then imports, prepared statements, the pages each database connection keeps (16 MB at most) and
the thread pool fill up. A run under ten minutes is little more than warm-up: its growth is shown and not judged.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import uvloop

from tests.bench.running import Process, running
from tests.soak.crowd import Crowd, Sent, live_page, set_up
from tests.soak.kills import Told, check

PHONES = 100
RECORDS_OF_AN_ENTRY = 360
WARM_UP_S = 120.0
JUDGED_FROM_S = 600.0
GROWTH_PERCENT = 10
SAMPLE_S = 1.0


@dataclass
class Steady:
    """What the run found. `memory` holds seconds since the start, and MB then."""

    sent: Sent
    memory: list[tuple[float, float]]
    lasted_s: float

    def _level(self, start: float, end: float) -> float:
        return statistics.median(mb for at, mb in self.memory if start <= at <= end)

    @property
    def warm_mb(self) -> float:
        """The level after the warm-up."""
        warm = min(WARM_UP_S, self.lasted_s / 3)
        return self._level(warm, warm * 1.5)

    @property
    def last_mb(self) -> float:
        """The level at the end."""
        return self._level(self.lasted_s * 0.9, self.lasted_s)

    @property
    def growth_percent(self) -> float:
        """From the one level to the other."""
        return (self.last_mb / self.warm_mb - 1) * 100

    @property
    def is_judged(self) -> bool:
        """Whether the run was long enough for its growth to mean something."""
        return self.lasted_s >= JUDGED_FROM_S


def run(rate: float, minutes: float) -> Steady:
    """One run; raises AssertionError when a record failed or was lost."""
    count = int(rate * minutes * 60)
    # As many records an entry as a season brings: what follows from an arrival costs what it costs in a season.
    entrants = max(60, count // RECORDS_OF_AN_ENTRY)
    phones = max(PHONES, entrants)

    async def together(server: Process, cookie: str) -> Steady:
        crowd, memory = Crowd(server.url, phones, entrants), []
        begun = time.monotonic()

        async def watch() -> None:
            while True:
                memory.append((time.monotonic() - begun, server.memory_mb))
                await asyncio.sleep(SAMPLE_S)

        async with live_page(server.url, cookie) as page:
            watching = asyncio.ensure_future(watch())
            await crowd.send(count, rate)
            watching.cancel()
            lasted_s = time.monotonic() - begun
            assert not crowd.sent.errors, f"records failed: {dict(crowd.sent.errors)}"
            await page.until_told(set(crowd.sent.acknowledged))
        return Steady(crowd.sent, memory, lasted_s)

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        cookie = set_up(data, phones, entrants)
        with running(data) as server:
            steady = uvloop.run(together(server, cookie))
        check(f"sqlite:///{data / 'sync.sqlite3'}", Told(acknowledged=set(steady.sent.acknowledged)))
    assert len(steady.sent.acknowledged) == count
    return steady


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--minutes", type=float, default=30)
    asked = parser.parse_args()
    told = run(asked.rate, asked.minutes)
    missed = told.is_judged and told.growth_percent >= GROWTH_PERCENT
    print(
        f"{asked.rate:g} a second for {asked.minutes:g} min: {len(told.sent.acknowledged)} of "
        f"{int(asked.rate * asked.minutes * 60)} taken, p50 {told.sent.percentile_ms(0.5):.0f} ms, "
        f"p99 {told.sent.percentile_ms(0.99):.0f} ms; {told.warm_mb:.0f} MB after the warm-up, {told.last_mb:.0f} MB "
        f"at the end, most {max(mb for _, mb in told.memory):.0f} MB: growth {told.growth_percent:+.1f} % "
        f"(target < {GROWTH_PERCENT:g} %{'' if told.is_judged else ', too short to judge'})"
        + ("  MISSED" if missed else "")
    )
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
