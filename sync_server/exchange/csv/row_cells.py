"""From the row of a table back to the cells of its sheet: what a form shows, and what a file of kept rows holds.

RCL-1  The cells of a row that is kept, read again, are that row: a form sent back unchanged changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sync_server.season.edition import OWN_MILESTONES

Row = Mapping[str, Any]
Cells = dict[str, str]


def cells_of(sheet: str, row: Row, zone: ZoneInfo) -> Cells:
    """Return the filled cells of a kept row, by column; an assignment's row is unfolded, a round's has its moment.

    Moments are written in `zone`, the season's.
    """
    return {column: text for column, text in _CELLS[sheet](row, zone).items() if text != ""}


def _edition(row: Row, _zone: ZoneInfo) -> Cells:
    days = {name: "; ".join(map(_session, row["milestones"].get(name, ()))) for name in OWN_MILESTONES}
    return {"year": _text(row["year"]), **_both(row, "title"), **_both(row, "organiser"), **row["contact"], **days}


def _session(kept: Mapping[str, str | None]) -> str:
    until = f" to {kept['until']}" if kept.get("until") else ""
    language = f" {kept['language']}" if kept.get("language") else ""
    return f"{kept['on']}{until}{language}"


def _suspension(row: Row, zone: ZoneInfo) -> Cells:
    return {
        "suspension": row["id"],
        "entrant": _text(row["entrant_id"]),
        "begins_at": _moment(row["begins_at"], zone),
        "ends_at": _end(row["ends_at"], zone),
        "withdrawn": _yes(row["withdrawn"]),
        **_both(row, "reason"),
    }


def _round(row: Row, zone: ZoneInfo) -> Cells:
    return {
        "round": _text(row["number"]),
        "opens_at": _moment(row["opens_at"], zone),
        "closes_at": _end(row["closes_at"], zone),
        "released_at": _moment(row.get("released_at"), zone),
    }


def _organisation(row: Row, _zone: ZoneInfo) -> Cells:
    contact = row["contact"]
    return {
        "organisation": row["id"],
        **_both(row, "name"),
        "member": _yes(row["is_member"]),
        "took_part": _yes(row["took_part"]),
        "certifications": _text(row["certifications"] or None),
        "contact_name": contact.get("name", ""),
        "email": contact.get("email", ""),
        "telephone": contact.get("telephone", ""),
    }


def _entrant(row: Row, _zone: ZoneInfo) -> Cells:
    notice = row["staff_notice"] or {}
    return {
        "entrant": row["id"],
        "organisation": row["organisation"],
        **_both(row, "name"),
        **{name: _text(row[name]) for name in ("industry", "seats", "branches", "recording_policy")},
        "staff_notice_on": notice.get("on", ""),
        **_both({"staff_notice": notice.get("wording")}, "staff_notice"),
    }


def _entry(row: Row, zone: ZoneInfo) -> Cells:
    return {
        "entrant": row["entrant_id"],
        "channel": row["channel"],
        "faq_filing": "" if row["faq_awaited"] else row["faq_filing"],
        "faq_filed_at": _moment(row["faq_filed_at"], zone),
        "withdrawn": _yes(row["withdrawn"]),
        **_service(row["service"]),
        "closed_on": "; ".join((row["service"] or {}).get("closed_on", ())),
        "onsite_variant": _text(row["onsite_variant"]),
        "direction": _text(row["direction"]),
    }


def _service(service: Mapping[str, Any] | None) -> Cells:
    if service is None:
        return {"service_days": "", "service_hours": ""}
    hours = "; ".join(f"{begin}-{end}" for begin, end in service["hours"])
    return {"service_days": ";".join(map(str, service["days"])), "service_hours": hours}


def _history(row: Row, _zone: ZoneInfo) -> Cells:
    return {name: _text(row[name]) for name in ("entrant", "channel", "year", "industry", "final", "grade")}


def _branch(row: Row, _zone: ZoneInfo) -> Cells:
    return {
        "branch": row["id"],
        "entrant": row["entrant_id"],
        **_both(row, "name"),
        **_both(row, "address"),
        **{name: _text(row[name]) for name in ("lat", "lon", "district")},
        **_service(row["service"]),
    }


def _contact_point(row: Row, _zone: ZoneInfo) -> Cells:
    return {
        "contact_point": row["id"],
        "entrant": row["entrant_id"],
        "channel": row["channel"],
        "subchannel": _text(row["subchannel"]),
        "branch": _text(row["branch_id"]),
        **_both(row, "label"),
        "value": row["value"],
    }


def _scenario(row: Row, _zone: ZoneInfo) -> Cells:
    return {
        "scenario": row["id"],
        "channel": row["channel"],
        **_both(row, "title"),
        **_both(row, "briefing"),
        "stop_rules_en": "\n".join(rule.get("en", "") for rule in row["stop_rules"]),
        "stop_rules_zh": "\n".join(rule.get("zh-Hant", "") for rule in row["stop_rules"]),
        "faqs": "; ".join(row["faq_codes"]),
        "approved_by": "; ".join(row["approved_by"]),
    }


def _faq(row: Row, _zone: ZoneInfo) -> Cells:
    return {
        "entrant": row["entrant_id"],
        "faq": row["code"],
        "version": _text(row["version"]),
        **_both(row, "question"),
        **_both(row, "answer"),
        "in_force_from": row["in_force_from"],
    }


def _assessor(row: Row, zone: ZoneInfo) -> Cells:
    left = row["left_at"]
    return {
        "assessor": row["id"],
        "name": row["name"],
        "languages": "; ".join(row["languages"]),
        "districts": "; ".join(row["districts"]),
        "left_on": "" if left is None else left.astimezone(zone).date().isoformat(),
    }


def _conflict(row: Row, _zone: ZoneInfo) -> Cells:
    return {
        "assessor": row["assessor_id"],
        **{name: _text(row[name]) for name in ("organisation", "until", "reason")},
    }


def _certificate(row: Row, _zone: ZoneInfo) -> Cells:
    return {
        "assessor": row["assessor_id"],
        **{name: _text(row[name]) for name in ("channel", "round", "passed_on", "note")},
    }


def _assignment(row: Row, zone: ZoneInfo) -> Cells:
    target_s = row["reply_target_s"]
    return {
        "assignment": row["id"],
        "assessor": row["assessor_id"],
        "entrant": row["entrant_id"],
        "scenario": row["scenario_id"],
        "branch": _text(row["branch_id"]),
        "due_from": _moment(row["due_from"], zone),
        "due_until": _end(row["due_until"], zone),
        "ivrs": _yes(row["annex"] is not None),
        "withdrawn": _yes(row["withdrawn"]),
        "reply_target_min": "" if target_s is None else str(target_s // 60),
        **{
            name: _text(row[name])
            for name in (
                "channel", "round", "language", "subchannel", "variant", "form", "recording_policy",
                "recordings_to_draw", "exception",
            )
        },
    }  # fmt: skip


_CELLS: Mapping[str, Callable[[Row, ZoneInfo], Cells]] = {
    "editions": _edition,
    "suspensions": _suspension,
    "rounds": _round,
    "organisations": _organisation,
    "entrants": _entrant,
    "entries": _entry,
    "history": _history,
    "branches": _branch,
    "contact_points": _contact_point,
    "scenarios": _scenario,
    "faqs": _faq,
    "assessors": _assessor,
    "conflicts": _conflict,
    "certificates": _certificate,
    "assignments": _assignment,
}


def _both(row: Row, name: str) -> Cells:
    text = row[name] or {}
    return {f"{name}_en": text.get("en", ""), f"{name}_zh": text.get("zh-Hant", "")}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _yes(value: object) -> str:
    return "yes" if value else "no"


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"


def _end(at: datetime, zone: ZoneInfo) -> str:
    """Return an exclusive end: midnight is the whole day before it."""
    local = at.astimezone(zone)
    if local.time() == time.min:
        last: date = local.date() - timedelta(days=1)
        return last.isoformat()
    return _moment(at, zone)
