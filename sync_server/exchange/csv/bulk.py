"""Many assignments changed at once, as the table that an import reads: withdrawn, or given to somebody else.

BLK-1  Only what is still to do is changed: not withdrawn, and no record of it came.
BLK-2  Everything else of a row is written out as it is kept, so that nothing falls back to a default.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from checklists.record.assignment import Assignment
from checklists.wire import decode
from sync_server.database.queries.assignments import progress_of
from sync_server.database.queries.season import rows_of
from sync_server.exchange.csv.sheets import ASSIGNMENTS
from sync_server.season.rules import version_in_force


class Chosen(NamedTuple):
    """Which assignments: those of a round, of an assessor, of an entrant; "" is any."""

    round: str
    assessor: str
    entrant: str

    def has(self, row: Mapping[str, Any]) -> bool:
        """Whether an assignment is one of them."""
        pairs = (
            (self.round, str(row["round"])),
            (self.assessor, row["assessor_id"]),
            (self.entrant, row["entrant_id"]),
        )
        return all(wanted in ("", kept) for wanted, kept in pairs)


def changed_at_once(db: Connection, chosen: Chosen, give_to: str) -> bytes | None:
    """Return assignments.csv with what is still to do of `chosen` given to `give_to`, or withdrawn where that is "".

    None where there is nothing to do.
    """
    zone, came = version_in_force(db).zone, progress_of(db)
    rows = [
        row for row in rows_of(db, "assignments") if chosen.has(row) and not row["withdrawn"] and row["id"] not in came
    ]
    if not rows:
        return None
    change = {"assessor": give_to} if give_to else {"withdrawn": "yes"}
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [column.name for column in ASSIGNMENTS.columns], restval="")
    writer.writeheader()
    writer.writerows({**dict(_cells(row, zone)), **change} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cells(row: Mapping[str, Any], zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    body = decode(row["body"], Assignment)
    yield from (
        ("assignment", row["id"]),
        ("assessor", row["assessor_id"]),
        ("entrant", row["entrant_id"]),
        ("channel", row["channel"]),
        ("round", str(row["round"])),
        ("scenario", row["scenario_id"]),
        ("due_from", _moment(row["due_from"], zone)),
        ("due_until", _moment(row["due_until"], zone)),
        ("language", body.language),
        ("subchannel", row["subchannel"] or ""),
        ("variant", row["variant"] or ""),
        ("branch", row["branch_id"] or ""),
        ("ivrs", "yes" if row["annex"] else "no"),
        ("form", row["form"]),
        ("recording_policy", row["recording_policy"]),
        ("recordings_to_draw", str(body.recordings_to_draw) if body.recordings_to_draw else ""),
        ("reply_target_min", str(body.reply_target_s // 60) if body.reply_target_s else ""),
        ("withdrawn", "no"),
        ("exception", row["exception"]),
    )


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
