"""A plan as assignments.csv: the columns that an import reads, so that a plan comes in by the same door."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

from sync_server.exchange.csv.sheets import ASSIGNMENTS
from sync_server.planning.result import Plan, Visit

FILE = ASSIGNMENTS.file


def planned_csv(plan: Plan) -> bytes:
    """Return the visits of `plan`, in UTF-8 with BOM, as Excel wants it."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [column.name for column in ASSIGNMENTS.columns], restval="")
    writer.writeheader()
    writer.writerows(_cells(visit, plan.round) for visit in plan.visits)
    return out.getvalue().encode("utf-8-sig")


def planned_rows(plan: Plan) -> list[list[object]]:
    """Return the same as rows, for a workbook: its heads first, every cell text."""
    heads = [column.name for column in ASSIGNMENTS.columns]
    rows: list[list[object]] = [list(heads)]
    for visit in plan.visits:
        cells = _cells(visit, plan.round)
        rows.append([cells.get(name, "") for name in heads])
    return rows


def _cells(visit: Visit, number: int) -> dict[str, str]:
    return {
        "assignment": visit.code,
        "assessor": visit.assessor,
        "entrant": visit.entrant,
        "channel": visit.channel,
        "round": str(number),
        "scenario": visit.scenario,
        "due_from": _moment(visit.day, visit.begin),
        "due_until": _moment(visit.day, visit.end),
        "language": visit.language,
        "subchannel": visit.subchannel or "",
        "variant": visit.variant or "",
        "branch": visit.branch or "",
        "recordings_to_draw": str(visit.recordings) if visit.recordings else "",
        "exception": visit.reason,
    }


def _moment(day: date, minute: int) -> str:
    days, rest = divmod(minute, 24 * 60)
    return f"{day + timedelta(days=days)} {rest // 60:02d}:{rest % 60:02d}"
