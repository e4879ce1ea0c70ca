"""How long a whole season takes to score, and how much memory: `python -m tests.bench.season_bench [--entries 60]`.

It makes season files (60 entries x 360 assessments, six attempts apiece) from bases and from answers, at one and two
times the size, runs `sync-server score` on each as a process of its own, and prints seconds and peak memory.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from checklists.forms.file import shipped_forms
from checklists.forms.form import Kind
from checklists.record.sheet import sheet

HONG_KONG = timezone(timedelta(hours=8))
FAILURES = ("no_answer", "busy", "queue_timeout", "voicemail")
ROUND_STARTS = tuple(datetime(2021, month, 1, 9, 0, tzinfo=HONG_KONG) for month in (3, 5, 7))


def season(entries: int, *, per_entry: int = 360, from_answers: bool = False, seed: int = 1) -> dict[str, Any]:
    """Return a season file of `entries` phone-in entries, as plain data."""
    chance = random.Random(seed)
    return {
        "season_format": 1,
        "programme": "mystery_caller_2021",
        "entrants": [_entrant(number, per_entry, from_answers, chance) for number in range(entries)],
    }


def _entrant(number: int, per_entry: int, from_answers: bool, chance: random.Random) -> dict[str, Any]:
    level = chance.randint(72, 96)
    return {
        "id": f"entrant-{number}",
        "name": {"en": f"Entrant {number}", "zh-Hant": f"參賽單位{number}"},
        "industry": f"industry-{number % 8}",
        "seats": 120,
        "entries": [
            {
                "channel": "phone_in",
                "service": {"days": [1, 2, 3, 4, 5, 6], "hours": [["09:00", "21:00"]]},
                "rounds": [
                    {
                        "assessments": [
                            _assessment(f"r{turn}-{place}", ROUND_STARTS[turn], level, from_answers, chance)
                            for place in range(per_entry // 3)
                        ]
                    }
                    for turn in range(3)
                ],
            }
        ],
    }


def _assessment(name: str, start: datetime, level: int, from_answers: bool, chance: random.Random) -> dict[str, Any]:
    told: dict[str, Any] = {"id": name, "ease": chance.random() < 0.3}
    at = start + timedelta(days=chance.randrange(50))
    attempts = []
    for _ in range(6):
        at += timedelta(minutes=chance.randrange(5, 600))
        attempts.append({"at": at.isoformat(), "outcome": chance.choice(FAILURES)})
    if chance.random() < 0.7:
        attempts[-1]["outcome"] = "connected"
    if from_answers:
        told |= {"form": "phone_in@1", "answers": _answers(chance)}
    else:
        told["base"] = f"{min(100, max(0, level + chance.randint(-40, 40) / 10)):.1f}"
    return told | {"attempts": attempts}


def _answers(chance: random.Random) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for key, item in _PHONE.items.items():
        question = item.question
        if question.not_applicable and chance.random() < 0.2:
            answers[key] = "na"
        elif question.kind is Kind.YES_NO:
            answers[key] = chance.random() < 0.95
        elif question.kind is Kind.SCALE:
            answers[key] = chance.choice((2, 3, 3, 4, 4))
        elif question.kind is Kind.BANDS:
            answers[key] = chance.randrange(0, 120)
        elif question.kind is Kind.TEXT:
            answers[key] = "Asked about the opening hours; answered at once."
        else:
            answers[key] = chance.choice(question.options).code
    return answers


_PHONE = sheet(shipped_forms()["phone_in@1"])


def measured(file: Path, times: int) -> tuple[float, int]:
    """Return the median seconds and the greatest memory (MB) of the whole command."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "sync_server", "score", str(file)], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=60)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "season.json"
        for from_answers in (False, True):
            for factor in (1, 2):
                entries = asked.entries * factor
                file.write_text(json.dumps(season(entries, from_answers=from_answers)))
                seconds, memory_mb = measured(file, asked.times)
                kind = "answers" if from_answers else "bases"
                size = file.stat().st_size / 1e6
                print(f"{kind:8} {entries:4} entries x 360 x 6: {seconds:.2f} s, <= {memory_mb} MB, file {size:.0f} MB")


if __name__ == "__main__":
    main()
