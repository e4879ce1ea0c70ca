"""How the rows of each sheet are listed and typed: which columns a list shows, and what a field offers to choose."""

from __future__ import annotations

from collections.abc import Mapping

from checklists.language import N_, Template

TITLES: Mapping[str, Template] = {
    "editions": N_("Editions"),
    "rounds": N_("Rounds"),
    "organisations": N_("Organisations"),
    "entrants": N_("Entrants"),
    "entries": N_("Entries"),
    "history": N_("Past results"),
    "branches": N_("Branches"),
    "contact_points": N_("Contact points"),
    "scenarios": N_("Scenarios"),
    "faqs": N_("FAQs"),
    "assessors": N_("Assessors"),
    "conflicts": N_("Conflicts"),
    "certificates": N_("Certificates of assessors"),
    "suspensions": N_("Suspensions"),
    "assignments": N_("Assignments"),
}
_ENTRANT, _CHANNEL, _UNTIL, _WITHDRAWN = N_("Entrant"), N_("Channel"), N_("Until"), N_("Withdrawn")
# Beside the key, which begins each row: columns, and what they are called at the head of a list.
LISTED: Mapping[str, Mapping[str, Template]] = {
    "editions": {"telephone": N_("Telephone"), "email": N_("Email")},
    "rounds": {"opens_at": N_("Opens"), "closes_at": N_("Closes"), "released_at": N_("Reports released")},
    "organisations": {"member": N_("Member"), "contact_name": N_("Contact person"), "email": N_("Email")},
    "entrants": {
        "organisation": N_("Organisation"),
        "industry": N_("Industry"),
        "seats": N_("Seats"),
        "branches": N_("Branches"),
    },
    "entries": {
        "service_days": N_("Weekdays"),
        "service_hours": N_("Service hours"),
        "faq_filing": N_("FAQs handed in"),
        "withdrawn": _WITHDRAWN,
    },
    "history": {"industry": N_("Industry"), "final": N_("Final"), "grade": N_("Grade")},
    "branches": {"entrant": _ENTRANT, "district": N_("District")},
    "contact_points": {"entrant": _ENTRANT, "channel": _CHANNEL, "value": N_("Number or address")},
    "scenarios": {"channel": _CHANNEL, "approved_by": N_("Approved by")},
    "faqs": {"in_force_from": N_("In force from")},
    "assessors": {"languages": N_("Languages"), "districts": N_("Districts"), "left_on": N_("Left on")},
    "conflicts": {"until": _UNTIL, "reason": N_("Reason")},
    "certificates": {"passed_on": N_("Passed on"), "note": N_("Note")},
    "suspensions": {"entrant": _ENTRANT, "begins_at": N_("Begins"), "ends_at": N_("Ends"), "withdrawn": _WITHDRAWN},
    "assignments": {
        "assessor": N_("Assessor"),
        "entrant": _ENTRANT,
        "channel": _CHANNEL,
        "round": N_("Round"),
        "due_until": _UNTIL,
        "withdrawn": _WITHDRAWN,
    },
}
# The text that stands under the key: a column, or the stem of a pair.
NAMED: Mapping[str, str] = {
    "editions": "title",
    "organisations": "name",
    "entrants": "name",
    "branches": "name",
    "contact_points": "label",
    "scenarios": "title",
    "faqs": "question",
    "assessors": "name",
    "suspensions": "reason",
}
LONG = frozenset(
    {"briefing_en", "briefing_zh", "stop_rules_en", "stop_rules_zh", "question_en", "question_zh", "answer_en",
     "answer_zh", "address_en", "address_zh", "staff_notice_en", "staff_notice_zh", "reason", "exception", "closed_on",
     "note"}
)  # fmt: skip
# Column -> the sheet whose codes it holds.
NAMES: Mapping[str, str] = {
    "entrant": "entrants",
    "organisation": "organisations",
    "branch": "branches",
    "assessor": "assessors",
    "scenario": "scenarios",
}

# Column -> the kind of label its choices have, where that is not the column's own name.
CHOICES: Mapping[str, str] = {"variant": "onsite_variant", "language": "spoken"}


def name_of(sheet: str, cells: Mapping[str, str]) -> Mapping[str, str]:
    """Return what a row of `sheet` is called, in both languages; empty where it has no name beside its key."""
    stem = NAMED.get(sheet, "")
    en = cells.get(stem) or cells.get(f"{stem}_en") or cells.get(f"{stem}_zh", "")
    return {"en": en, "zh-Hant": cells.get(f"{stem}_zh") or en} if en else {}


def language_of(column: str) -> str:
    """Return "en" or "zh-Hant" for one of a pair of columns, "" for any other."""
    return "en" if column.endswith("_en") else "zh-Hant" if column.endswith("_zh") else ""
