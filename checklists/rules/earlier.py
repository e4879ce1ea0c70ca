"""Rules kept or exported by the first release: read as what they meant, and written as they were.

R-EAR-1  A ruleset that says `quota.basis = "seats_and_branches"` is the first release's. What it does not name means
         what it meant then, and it is written with its own names: its digest stays.
R-EAR-2  `quota.face_to_face` laid over other rules is read as the basis it stood for.
R-EAR-3  A phone of the first release reads every name there was then and refuses any other: phones are sent those
         names alone, with values that could stand there.
R-EAR-4  A name that nothing reads is kept where rules have it, so that their digest stays; nobody can set it any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from checklists.rules.kinds import Choice, Kind, Number, RuleValue, read
from checklists.rules.parameters import PARAMETERS

BASIS, FACE_TO_FACE = "quota.basis", "quota.face_to_face"
MARK = "seats_and_branches"

# What a reviewer could have lifted a late but right reply to: there was never a way to do so.
UNREAD = "faq.late_right"

# Names that are gone, with what they could hold.
GONE: Mapping[str, Kind] = {
    BASIS: Choice((MARK,)),
    FACE_TO_FACE: Choice(("contacts", "visits")),
    UNREAD: Number(least=0, most=1),
}
KINDS: Mapping[str, Kind] = {**PARAMETERS, **GONE}
BASES = frozenset(name for name in PARAMETERS if name.startswith(BASIS + "."))
_BASIS_MEANT: Mapping[str, str] = {"contacts": "seats", "visits": "branches"}

# Names that came later, and what rules without them mean.
LATER: Mapping[str, object] = {
    "quota.basis.phone_in": "seats",
    "quota.basis.online": "seats",
    "quota.basis.face_to_face": "seats",
    "quota.basis.onsite.recording": "branches",
    "quota.basis.onsite.branch": "branches",
    "award.improved.last": "any",
    "results.release_at": None,
    "fees.waiver": "on_top",
    "fees.waiver_charged": 0,
}

# What names that stayed meant in the first release's rules where they are not given.
DEFAULTS_THEN: Mapping[str, object] = {
    FACE_TO_FACE: "contacts",
    "award.industry.count": "finalised_organisations",
    "award.ivrs.min_n": 10,
    UNREAD: "0.8",
}

# What stands in the place of a value that a phone of the first release could not read: it uses none of these.
_WORDS_THEN: Mapping[str, tuple[str, ...]] = {
    "award.industry.count": ("finalised_organisations", "enrolled_organisations"),
}

# Dates that may be missing since; a phone of the first release reads no null there, and uses none of them.
_DATES = ("faq.deadline", "report.release_at")
_NO_DATE = "1970-01-01T00:00:00+00:00"

Value = TypeVar("Value")


def is_gone(name: str, value: object) -> bool:
    """Whether `name` is no parameter any more but is read with this value as what it meant."""
    return name in (FACE_TO_FACE, UNREAD) or (name == BASIS and value == MARK)


def beneath(
    raw: Mapping[str, object], values: Mapping[str, RuleValue], names: set[str], *, is_whole: bool
) -> tuple[dict[str, RuleValue], set[str]]:
    """Return the values and names that `raw` is laid over, given those of its base; `is_whole`: it has none."""
    meant: Mapping[str, object] = LATER if is_whole else {}
    if raw.get(BASIS) == MARK and BASIS not in names:
        meant = {**LATER, **DEFAULTS_THEN}
        names = (set(PARAMETERS) - set(LATER)) | set(GONE)
    return {**values, **{name: read(KINDS[name], value) for name, value in meant.items()}}, names


def follow(raw: Mapping[str, object], values: dict[str, RuleValue], names: set[str]) -> None:
    """Set the basis that the old names in force stand for, or take them out where `raw` gives one by channel."""
    if BASES & raw.keys():
        names |= BASES if BASIS in names else set()
        names -= {BASIS, FACE_TO_FACE}
    elif BASIS in names or FACE_TO_FACE in raw:
        values["quota.basis.face_to_face"] = _BASIS_MEANT.get(str(values.get(FACE_TO_FACE)))
    if BASIS not in names:
        names.discard(FACE_TO_FACE)


def for_phones(plain: Mapping[str, Value]) -> Mapping[str, object]:
    """Return the rules `plain` under the names, and with the words, that a phone of the first release reads."""
    known: dict[str, object] = {name: value for name, value in plain.items() if name not in LATER}
    known.setdefault(BASIS, MARK)
    visits = plain.get("quota.basis.face_to_face") == "branches"
    known.setdefault(FACE_TO_FACE, "visits" if visits else "contacts")
    known.setdefault(UNREAD, DEFAULTS_THEN[UNREAD])
    for name, words in _WORDS_THEN.items():
        if known.get(name) not in words:
            known[name] = words[0]
    return known | {name: _dated(known[name]) for name in _DATES if name in known}


def _dated(value: object) -> object:
    if isinstance(value, list):
        return [_dated(one) for one in value]
    return _NO_DATE if value is None else value
