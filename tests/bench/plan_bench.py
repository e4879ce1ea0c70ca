"""A round of full size: 60 entrants of 120 calls, 30 assessors; what planning it costs, and whether a rule is broken.

`python -m tests.bench.plan_bench [--entrants 60] [--people 30]` imports the season and plans its first round by the
command, reads the table that it wrote back, and plans once more, which must find nothing missing.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import resource
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sync_server.commands import import_season, plan
from tests.sync_server.plan_season import season_to_plan
from tests.sync_server.season_files import Rows, as_file, rows_of

CLOSED = ("2031-03-10", "2031-04-04")  # of every entry
IN_CONFLICT = 7  # every so many entrants, each with two assessors
PLANNED_S, COVERAGE = 60, 95
RUNS = (("previewed", "--dry-run"), ("planned and written", "--csv"), ("once more", ""))


def with_obstacles(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with days on which every entry is closed, and conflicts of some assessors with some entrants."""
    entries = [row | {"closed_on": ";".join(CLOSED)} for row in rows_of(files["entries.csv"])]
    people = [row["assessor"] for row in rows_of(files["assessors.csv"])]
    conflicts = [
        {"assessor": people[(at + n) % len(people)], "organisation": row["entrant"], "reason": "Worked there."}
        for at, row in enumerate(rows_of(files["entrants.csv"]))
        if at % IN_CONFLICT == 0
        for n in range(2)
    ]
    return {**files, "entries.csv": as_file(entries), "conflicts.csv": as_file(conflicts)}


def broken(rows: Rows, languages: dict[str, str], conflicts: set[tuple[str, str]]) -> list[str]:
    """What of the hard rules the rows break, read from the table alone."""
    wrong = [f"{row['assignment']}: conflict" for row in rows if (row["assessor"], row["entrant"]) in conflicts]
    wrong += [f"{row['assignment']}: closed" for row in rows if row["due_from"][:10] in CLOSED]
    turns: dict[tuple[str, str], list[datetime]] = {}
    for row in rows:
        begins, ends = datetime.fromisoformat(row["due_from"]), datetime.fromisoformat(row["due_until"])
        turns.setdefault((row["assessor"], row["entrant"]), []).append(begins)
        if row["language"] not in languages[row["assessor"]].split(";"):
            wrong.append(f"{row['assignment']}: language")
        if not (9 <= begins.hour < ends.hour <= 20 and begins.date() == ends.date()):
            wrong.append(f"{row['assignment']}: service hours")
    for key, days in turns.items():
        if any(b.date() - a.date() < timedelta(days=7) for a, b in pairwise(sorted(days))):
            wrong.append(f"{key}: seven days")
    played = Counter((row["assessor"], row["entrant"], row["scenario"]) for row in rows)
    return wrong + [f"{key}: twice" for key, count in played.items() if count > 1]


def planned(data: Path, *words: str) -> tuple[int, list[str], float]:
    """Run the command; return its status, its lines and the seconds it took."""
    begun, said = time.perf_counter(), io.StringIO()
    with contextlib.redirect_stdout(said):
        status = plan.main(["--round", "1", "--seed", "bench", "--data", str(data), *words])
    return status, said.getvalue().splitlines(), time.perf_counter() - begun


def memory_mb(who: int) -> int:
    """Return the most memory of this process, or of those it started."""
    return resource.getrusage(who).ru_maxrss // 1024


def main() -> None:
    """Measure, and say each figure beside its target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entrants", type=int, default=60)
    parser.add_argument("--people", type=int, default=30)
    arguments = parser.parse_args()
    files = with_obstacles(season_to_plan(entrants=arguments.entrants, people=arguments.people, seats=150))
    conflicts = {(row["assessor"], row["organisation"]) for row in rows_of(files["conflicts.csv"])}
    languages = {row["assessor"]: row["languages"] for row in rows_of(files["assessors.csv"])}
    with tempfile.TemporaryDirectory() as name:
        folder, data, table = Path(name) / "season", Path(name) / "data", Path(name) / "assignments.csv"
        folder.mkdir()
        for file, content in files.items():
            (folder / file).write_bytes(content)
        with contextlib.redirect_stdout(io.StringIO()):
            import_season.main([str(folder), "--data", str(data)])
        shares: list[int] = []
        for what, word in RUNS:
            status, lines, taken = planned(data, *([word, str(table)] if word == "--csv" else [word] if word else []))
            shares += [int(value) for line in lines if "coverage" in line for value in re.findall(r" ([0-9]+)", line)]
            missed = "  MISSED" if taken > PLANNED_S else ""
            print(f"{what:<20} {taken:6.1f} s (target {PLANNED_S}){missed}  exit {status}  {lines[-1][:60]}")
        rows = rows_of(table.read_bytes())
    loads = Counter(row["assessor"] for row in rows)
    print(f"hard rules broken    {len(broken(rows, languages, conflicts)):6} of {len(rows)} visits (target 0)")
    under = sum(share < COVERAGE for share in shares)
    missed = "  MISSED" if under else ""
    print(
        f"lowest coverage      {min(shares):6} hundredths (target {COVERAGE}); "
        f"under it {under} of {len(shares)}{missed}"
    )
    print(f"load of an assessor  {min(loads.values())} to {max(loads.values())} visits")
    print(f"memory of the planner {memory_mb(resource.RUSAGE_CHILDREN)} MB")


if __name__ == "__main__":
    main()
