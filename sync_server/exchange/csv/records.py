"""From a row's cells to the row of a table. The row is the whole truth: an empty cell means the column's default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from checklists.forms.form import Channel
from checklists.language import N_, Text, sentence
from sync_server.exchange.csv import cell_hours, telephone
from sync_server.exchange.csv.cells import CellError
from sync_server.season.edition import OWN_MILESTONES
from sync_server.season.round_dates import RoundDates

Cells = Mapping[str, Any]
Record = dict[str, Any]


def both_languages(cells: Cells, name: str, *, required: bool = True) -> Text | None:
    """Return `name`_en and `name`_zh as a bilingual text; where one is empty the other stands in.

    Raises:
        CellError: it is required and both are empty.
    """
    en, zh = cells.get(f"{name}_en"), cells.get(f"{name}_zh")
    if en is None and zh is None:
        if not required:
            return None
        message = sentence(N_("fill in {name}_en or {name}_zh, best both"), name=name)
        raise CellError("cell-missing", message, column=f"{name}_en")
    return {"en": str(en or zh), "zh-Hant": str(zh or en)}


def _edition(cells: Cells) -> Record:
    days = {name: list(cells[name]) for name in OWN_MILESTONES if name in cells}
    return {
        "year": cells["year"],
        "title": both_languages(cells, "title"),
        "organiser": both_languages(cells, "organiser", required=False),
        "contact": {name: cells[name] for name in ("telephone", "email", "website") if name in cells},
        "milestones": days,
    }


def _suspension(cells: Cells) -> Record:
    if cells["begins_at"] >= cells["ends_at"]:
        message = sentence(N_("is not after begins_at; correct one of them"))
        raise CellError("ends-before-it-begins", message, column="ends_at")
    return {
        "id": cells["suspension"],
        "entrant_id": cells.get("entrant"),
        "begins_at": cells["begins_at"],
        "ends_at": cells["ends_at"],
        "reason": both_languages(cells, "reason"),
        "withdrawn": cells.get("withdrawn", False),
    }


def _round(cells: Cells) -> Record:
    if cells["opens_at"] >= cells["closes_at"]:
        raise CellError(
            "ends-before-it-begins", sentence(N_("is not after opens_at; correct one of them")), column="closes_at"
        )
    return {
        "number": cells["round"],
        "opens_at": cells["opens_at"],
        "closes_at": cells["closes_at"],
        "released_at": cells.get("released_at"),
    }


def dates_of(row: Record) -> RoundDates:
    """Return the dates of a round's row."""
    return RoundDates(row["number"], row["opens_at"], row["closes_at"], row["released_at"])


def _organisation(cells: Cells) -> Record:
    named = {"name": "contact_name", "email": "email", "telephone": "telephone"}
    return {
        "id": cells["organisation"],
        "name": both_languages(cells, "name"),
        "is_member": cells.get("member", False),
        "took_part": cells.get("took_part", False),
        "certifications": cells.get("certifications", 0),
        "contact": {name: cells[column] for name, column in named.items() if column in cells},
    }


def _entrant(cells: Cells) -> Record:
    notice_on = cells.get("staff_notice_on")
    notice = None
    if notice_on is not None:
        notice = {"on": notice_on.isoformat(), "wording": both_languages(cells, "staff_notice", required=False) or {}}
    return {
        "id": cells["entrant"],
        "organisation": cells.get("organisation", cells["entrant"]),
        "name": both_languages(cells, "name"),
        "industry": cells["industry"],
        "seats": cells.get("seats"),
        "branches": cells.get("branches"),
        "recording_policy": cells.get("recording_policy", "none"),
        "staff_notice": notice,
    }


def _entry(cells: Cells) -> Record:
    filed_at = cells.get("faq_filed_at")
    filing = cells.get("faq_filing", "never" if filed_at is None else "at")
    if (filing == "at") != (filed_at is not None):
        message = sentence(N_("goes with faq_filing “at”, and “at” with it; fill in both or neither"))
        raise CellError("filing-unclear", message, column="faq_filed_at")
    if "onsite_variant" in cells and cells["channel"] != "onsite":
        message = sentence(N_("belongs to the channel onsite only; empty it"))
        raise CellError("variant-not-onsite", message, column="onsite_variant")
    return {
        "entrant_id": cells["entrant"],
        "channel": cells["channel"],
        "faq_filing": filing,
        "faq_filed_at": filed_at,
        "faq_awaited": "faq_filing" not in cells and filed_at is None,
        "withdrawn": cells.get("withdrawn", False),
        "service": _service(cells),
        "onsite_variant": cells.get("onsite_variant"),
        "direction": cells.get("direction"),
    }


def _service(cells: Cells) -> object:
    service = cell_hours.service(cells.get("service_days"), cells.get("service_hours"), cells.get("closed_on", ()))
    return None if service is None else msgspec.json.decode(msgspec.json.encode(service))


def _history(cells: Cells) -> Record:
    kept = {key: cells[key] for key in ("year", "industry", "channel", "final", "grade")}
    return {"entrant_id": cells["entrant"], "channel": cells["channel"], "year": cells["year"], "edition": kept}


def _branch(cells: Cells) -> Record:
    if ("lat" in cells) != ("lon" in cells):
        missing = "lon" if "lat" in cells else "lat"
        raise CellError(
            "cell-missing", sentence(N_("goes with the other of lat and lon; fill in both")), column=missing
        )
    return {
        "id": cells["branch"],
        "entrant_id": cells["entrant"],
        "name": both_languages(cells, "name"),
        "address": both_languages(cells, "address"),
        "lat": cells.get("lat"),
        "lon": cells.get("lon"),
        "district": cells.get("district"),
        "service": _service(cells),
    }


def _contact_point(cells: Cells) -> Record:
    if "subchannel" in cells and cells["channel"] != "online":
        message = sentence(N_("belongs to the channel online only; empty it"))
        raise CellError("subchannel-not-online", message, column="subchannel")
    value = str(cells["value"])
    if cells["channel"] == Channel.PHONE_IN or telephone.is_dialled(value):
        try:
            value = telephone.telephone(value)
        except CellError as error:
            raise CellError(error.code, error.message, column="value") from error
    return {
        "id": cells["contact_point"],
        "entrant_id": cells["entrant"],
        "channel": cells["channel"],
        "subchannel": cells.get("subchannel"),
        "branch_id": cells.get("branch"),
        "label": both_languages(cells, "label"),
        "value": value,
    }


def _scenario(cells: Cells) -> Record:
    en, zh = cells.get("stop_rules_en", ()), cells.get("stop_rules_zh", ())
    if en and zh and len(en) != len(zh):
        message = sentence(
            N_("has {zh} rules and stop_rules_en has {en}; give each in both languages"), zh=len(zh), en=len(en)
        )
        raise CellError("rules-not-paired", message, column="stop_rules_zh")
    pairs = list(zip(en or zh, zh or en, strict=True))
    return {
        "id": cells["scenario"],
        "channel": cells["channel"],
        "title": both_languages(cells, "title"),
        "briefing": both_languages(cells, "briefing"),
        "stop_rules": [{"en": one, "zh-Hant": other} for one, other in pairs],
        "faq_codes": list(cells.get("faqs", ())),
        "approved_by": list(cells.get("approved_by", ())),
    }


def _faq(cells: Cells) -> Record:
    return {
        "entrant_id": cells["entrant"],
        "code": cells["faq"],
        "version": cells.get("version", 1),
        "question": both_languages(cells, "question"),
        "answer": both_languages(cells, "answer"),
        "in_force_from": cells["in_force_from"].isoformat(),
    }


def _assessor(cells: Cells) -> Record:
    return {
        "id": cells["assessor"],
        "name": cells["name"],
        "languages": list(cells.get("languages", ())),
        "districts": list(cells.get("districts", ())),
        "left_at": cells.get("left_on"),
    }


def _conflict(cells: Cells) -> Record:
    until = cells.get("until")
    return {
        "assessor_id": cells["assessor"],
        "organisation": cells["organisation"],
        "until": None if until is None else until.isoformat(),
        "reason": cells["reason"],
    }


def _certificate(cells: Cells) -> Record:
    return {
        "assessor_id": cells["assessor"],
        "channel": cells["channel"],
        "round": cells["round"],
        "passed_on": cells["passed_on"].isoformat(),
        "note": cells.get("note", ""),
    }


def _assignment(cells: Cells) -> Record:
    """Return the row as far as the row alone tells; `assignments.complete` adds what the season says."""
    target_min = cells.get("reply_target_min")
    return {
        "id": cells["assignment"],
        "assessor_id": cells["assessor"],
        "entrant_id": cells["entrant"],
        "channel": cells["channel"],
        "round": cells["round"],
        "scenario_id": cells["scenario"],
        "form": cells.get("form"),
        "subchannel": cells.get("subchannel"),
        "variant": cells.get("variant"),
        "annex": cells.get("ivrs", False),
        "branch_id": cells.get("branch"),
        "recording_policy": cells.get("recording_policy"),
        "due_from": cells.get("due_from"),
        "due_until": cells.get("due_until"),
        "withdrawn": cells.get("withdrawn", False),
        "exception": cells.get("exception", ""),
        "language": cells.get("language", "yue"),
        "recordings_to_draw": cells.get("recordings_to_draw"),
        "reply_target_s": None if target_min is None else 60 * target_min,
    }


# Sheet -> how its rows become rows of a table.
RECORDS: Mapping[str, Callable[[Cells], Record]] = {
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
