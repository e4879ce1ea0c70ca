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
# Beside the key, which begins each row.
LISTED: Mapping[str, tuple[str, ...]] = {
    "editions": ("telephone", "email"),
    "rounds": ("opens_at", "closes_at", "released_at"),
    "organisations": ("member", "contact_name", "email"),
    "entrants": ("organisation", "industry", "seats", "branches"),
    "entries": ("service_days", "service_hours", "faq_filing", "withdrawn"),
    "history": ("industry", "final", "grade"),
    "branches": ("entrant", "district"),
    "contact_points": ("entrant", "channel", "value"),
    "scenarios": ("channel", "approved_by"),
    "faqs": ("in_force_from",),
    "assessors": ("languages", "districts", "left_on"),
    "conflicts": ("until", "reason"),
    "certificates": ("passed_on", "note"),
    "suspensions": ("entrant", "begins_at", "ends_at", "withdrawn"),
    "assignments": ("assessor", "entrant", "channel", "round", "due_until", "withdrawn"),
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
