"""How soon a standing follows an arrival, with a whole season stored: `python -m tests.bench.standing_bench`.

60 entries x 360 assessments are put into a fresh SQLite database, every standing is made once, and then single
assessments arrive: the time from the row being there until the entry's standing is durable, and that of the pages.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from checklists import wire
from checklists.record.assessment import Attempt, Measurement, Outcome
from sync_server import clock
from sync_server.award import entries, standings
from sync_server.award.desk import SeasonDesk
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.writer import Writer
from sync_server.pages import award
from sync_server.pages import standings as standings_page
from sync_server.season.forms import FormBook
from sync_server.season.set_up import set_up
from tests.builders import NOON, an_assignment, at, both
from tests.sync_server.season_kit import ANSWERS, ASSESSOR, MARKS, TOKEN, a_call, add_season, body_of, device_id

SCALES = ("PA6", "PC1", "PC2", "PC5", "PD5", "PE1", "PE2", "PE3", "PE4")
INDUSTRIES = ("transport_logistics", "banks_loans", "telecommunications", "commerce")


def stored(db: Any, entries: int, per_entry: int) -> None:
    """Store a season of phone-in entries."""
    add_season(db)
    set_up(db, NOON)
    for number in range(entries):
        entrant = f"entrant-{number:02}"
        row = {"id": entrant, "organisation": entrant, "name": both(f"Entrant {number}"), "created_at": NOON}
        db.execute(insert(tables.entrants).values(**row, industry=INDUSTRIES[number % 4], seats=120))
        db.execute(insert(tables.entries).values(entrant_id=entrant, channel="phone_in"))
        for turn in (1, 2, 3):
            for place in range(per_entry // 3):
                arrive(db, entrant, turn, f"{number}-{turn}-{place}")


def arrive(db: Any, entrant: str, turn: int, name: str) -> None:
    """Store one assessment as intake leaves it, no two quite alike: answers, waits and tries follow from its name."""
    assignment = an_assignment(id=f"assignment-{name}", entrant_id=entrant, round=turn)
    chance = random.Random(name)
    waited = chance.randint(16, 59)
    failed = tuple(Attempt(at=at(place - 90), outcome=Outcome.BUSY) for place in range(chance.choice((0, 0, 0, 1, 2))))
    record = a_call(
        id=str(uuid.uuid4()),
        assignment_id=assignment.id,
        entrant_id=entrant,
        answers={**ANSWERS, "PA3": waited - 15, **{key: chance.randint(1, 4) for key in SCALES}},
        measurements={**MARKS, "t_agent": Measurement(at=at(0, seconds=waited))},
        attempts=(*failed, Attempt(at=at(chance.randint(0, 59)), outcome=Outcome.CONNECTED)),
    )
    body = body_of(record)
    digest = wire.digest(body)
    db.execute(
        insert(tables.assignments).values(
            id=assignment.id, assessor_id=ASSESSOR, entrant_id=entrant, channel="phone_in", round=turn,
            form=assignment.form, scenario_id=assignment.scenario.id, recording_policy="none",
            due_from=assignment.due_from, due_until=assignment.due_until, body=wire.encode(assignment).decode(),
            created_at=NOON, updated_at=NOON,
        )
    )  # fmt: skip
    both_rows: dict[str, Any] = {
        "assignment_id": assignment.id, "assessor_id": ASSESSOR, "device_id": device_id(TOKEN), "revision": 1,
        "digest": digest, "form": record.form, "status": "finished", "contact": "connected", "received_at": NOON,
    }  # fmt: skip
    db.execute(
        insert(tables.assessments).values(
            id=record.id, entrant_id=entrant, channel="phone_in", round=turn, started_at=NOON,
            first_received_at=NOON + timedelta(seconds=1), **both_rows,
        )
    )  # fmt: skip
    db.execute(
        insert(tables.assessment_revisions).values(assessment_id=record.id, conflict=False, body=body, **both_rows)
    )


def milliseconds(do: Callable[[], object], times: int) -> str:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        do()
        taken.append((time.perf_counter() - started) * 1000)
    return f"median {statistics.median(taken):.1f} ms, worst {max(taken):.1f} ms of {times}"


def awards_page(desk: SeasonDesk) -> object:
    scores = standings.kept_standings(desk)
    return award.award_views(scores, desk.awards(scores), desk.in_force)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=60)
    parser.add_argument("--per-entry", type=int, default=360)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        upgrade(database)
        with database.transaction() as db:
            stored(db, asked.entries, asked.per_entry)
        writer = Writer(database)
        writer.start()
        book = FormBook()
        standing = standings.Standings(database, clock.now, book)

        def job(*subjects: str) -> None:
            writer.run_from_thread(standing(subjects))

        started = time.perf_counter()
        for number in range(asked.entries):
            job(f"entrant-{number:02}/phone_in")
        print(f"every standing from nothing: {time.perf_counter() - started:.1f} s")
        taken, worked = [], []
        for count in range(20):
            with database.transaction() as db:
                arrive(db, "entrant-07", 1 + count % 3, f"late-{count}")
            started, busy = time.perf_counter(), time.process_time()
            job("entrant-07/phone_in")
            taken.append((time.perf_counter() - started) * 1000)
            worked.append((time.process_time() - busy) * 1000)
        print(f"one arrival, until durable: median {statistics.median(taken):.1f}, worst {max(taken):.1f} ms")
        print(f"  of processor time: median {statistics.median(worked):.1f}, worst {max(worked):.1f} ms")

        def page(draw: Callable[[SeasonDesk], object]) -> Callable[[], object]:
            def look() -> object:
                with database.reading() as db:
                    return draw(SeasonDesk.of(db, book))

            return look

        kept = page(lambda desk: standings_page.board(standings.kept_standings(desk), desk.in_force))
        won = page(awards_page)
        one = page(lambda desk: standings.standing_of(desk, ("entrant-07", "phone_in")))
        print(f"standings of {asked.entries} entries: {milliseconds(kept, 10)}")
        print(f"awards: {milliseconds(won, 10)}")
        print(f"one entry with its assessments: {milliseconds(one, 10)}")
        whole = page(entries.season_of)
        print(f"the season as a file's model: {milliseconds(whole, 1)}")
        writer.close()
        database.close()


if __name__ == "__main__":
    main()
