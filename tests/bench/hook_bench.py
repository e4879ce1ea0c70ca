"""What a webhook adds to a push: `python -m tests.bench.hook_bench [--count 3000] [--rounds 20] [--silent]`.

Two servers of the same code, one with a webhook that is told of each arrival while they are pushed to. Bursts go to
them in turn, one push at a time, so that whatever else the machine does falls on both. With `--silent` the receiver
takes the message and never answers. Target: no more than 1 ms a push.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

import uvloop

from tests.bench.push import document, push
from tests.bench.running import Process, running
from tests.sync_server.hook_receiver import Receiver

TARGET_MS = 1.0


async def in_turn(told: Process, plain: Process, burst: int, rounds: int) -> tuple[dict[str, list[float]], float]:
    """Push bursts to both; return the median latency of each burst by address, and CPU the webhook cost a push (ms)."""
    body, cpu_ms = document(), {told.url: 0.0, plain.url: 0.0}
    latencies: dict[str, list[float]] = {told.url: [], plain.url: []}
    for server in (told, plain):
        await push(server.url, body, 1, burst)
    for number in range(rounds):
        for server in (told, plain) if number % 2 else (plain, told):
            before_s = server.cpu_s
            latencies[server.url].append((await push(server.url, body, 1, burst))["p50"])
            cpu_ms[server.url] += (server.cpu_s - before_s) * 1000 / burst / rounds
    return latencies, cpu_ms[told.url] - cpu_ms[plain.url]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--silent", action="store_true")
    asked = parser.parse_args()
    receiver = Receiver("127.0.0.1")
    if asked.silent:
        receiver.waits.clear()
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, **receiver.trusted_by(Path(folder) / "authority.pem")}
        with (
            running(Path(folder) / "told", "--season", "--hook", receiver.address, env=env) as told,
            running(Path(folder) / "plain", "--season") as plain,
        ):
            latencies, cpu_ms = uvloop.run(in_turn(told, plain, asked.count // asked.rounds, asked.rounds))
    receiver.close()
    mine, other = latencies.values()
    added = statistics.median(one - another for one, another in zip(mine, other, strict=True))
    verdict = "" if added <= TARGET_MS else "  MISSED"
    print(
        f"a push takes {statistics.median(mine):.2f} ms beside a webhook, {statistics.median(other):.2f} ms without: "
        f"{added:+.2f} ms (target {TARGET_MS:g}); {cpu_ms:+.2f} ms of CPU; {len(receiver.taken)} messages left{verdict}"
    )


if __name__ == "__main__":
    main()
