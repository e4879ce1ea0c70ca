"""What an organisation fills in to take part, and what the form itself asks for before it can be handed in.

ENL-1  A form is read as it was typed; what is wrong is named at its field, all of it at once.
ENL-2  It cannot be handed in without the statement of eligibility (R1 to R3) and the terms: single visits are not used
       for dismissal or discipline (E26). The version of the terms that was accepted is kept.
ENL-3  Each unit names at least one channel, and for each what it takes: seats or branches, a telephone number, an
       address online, a place to visit.
ENL-4  An enrolment cannot be accepted before each unit has its notice to staff: its day, its words and a file (E1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from checklists.language import N_, Sentence, Template, sentence
from checklists.plan.quota import Variant
from checklists.rules.ruleset import Ruleset

TERMS = "2021-1"
MOST_UNITS = 12
CHANNELS = ("phone_in", "online", "onsite", "face_to_face")
MOST_CHARACTERS = 4_000
ORGANISATION = ("name_en", "name_zh", "member", "took_part")
PERSON = ("contact_name", "contact_title", "telephone", "email", "second_name", "second_email")
UNIT = (
    "name_en", "name_zh", "industry", "seats", "branches", "onsite_variant", "direction", "service_days",
    "service_hours", "closed_on", "phones", "addresses", "sites", "certification", "staff_notice_on", "staff_notice_en",
    "staff_notice_zh",
)  # fmt: skip
NOTICE = "staff_notice_files"
_NEEDED = N_("Fill this in.")


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One unit that is to be assessed: its answers as typed, by field, and the channels ticked."""

    fields: Mapping[str, str]
    channels: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def lines(self, name: str) -> Sequence[str]:
        """Return what stands in a field of several lines, without the empty ones."""
        return [line.strip() for line in self[name].splitlines() if line.strip()]


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """The whole form, as it was typed."""

    organisation: Mapping[str, str]
    person: Mapping[str, str]
    units: tuple[Unit, ...]
    is_eligible: bool = False
    terms: str = ""

    @property
    def title(self) -> Mapping[str, str]:
        """The organisation's name; where one language is empty the other stands in."""
        en, zh = self.organisation.get("name_en", ""), self.organisation.get("name_zh", "")
        return {"en": en or zh, "zh-Hant": zh or en}


class Wrong(NamedTuple):
    """What is wrong with one field of the form."""

    field: str
    message: Sentence


def read_enrolment(form: Mapping[str, str]) -> Enrolment:
    """Return the form that was typed (ENL-1)."""
    typed = form.get("units", "")
    count = min(MOST_UNITS, max(1, int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 1))
    return Enrolment(
        organisation=_some(form, "", ORGANISATION),
        person=_some(form, "", PERSON),
        units=tuple(_unit(form, f"u{number}-") for number in range(1, count + 1)),
        is_eligible=form.get("eligible") == "yes",
        terms=TERMS if form.get("terms") == "yes" else "",
    )


def fields_of(enrolment: Enrolment) -> dict[str, str]:
    """Return the fields of the form that reads as this enrolment."""
    fields = {**enrolment.organisation, **enrolment.person, "units": str(len(enrolment.units))}
    for number, unit in enumerate(enrolment.units, start=1):
        fields |= {f"u{number}-{name}": value for name, value in unit.fields.items()}
        fields |= {f"u{number}-{channel}": "yes" for channel in unit.channels}
    if enrolment.is_eligible:
        fields["eligible"] = "yes"
    if enrolment.terms:
        fields["terms"] = "yes"
    return fields


def problems_of(enrolment: Enrolment, rules: Ruleset) -> Iterator[Wrong]:
    """Yield what the form itself lacks (ENL-2, ENL-3)."""
    yield from _organisation_problems(enrolment)
    for number, unit in enumerate(enrolment.units, start=1):
        for name, message in _unit_problems(unit, rules):
            yield Wrong(f"u{number}-{name}", sentence(message))
    if not enrolment.is_eligible:
        yield Wrong("eligible", sentence(N_("Without this statement nobody can take part.")))
    if not enrolment.terms:
        yield Wrong("terms", sentence(N_("Without these terms nobody can take part.")))


def lacks_notice(unit: Unit, *, has_file: bool) -> bool:
    """Say whether a unit cannot be active yet: staff were not told, or it is not shown (ENL-4)."""
    return not (unit["staff_notice_on"] and (unit["staff_notice_en"] or unit["staff_notice_zh"]) and has_file)


def _organisation_problems(enrolment: Enrolment) -> Iterator[Wrong]:
    if not any(enrolment.title.values()):
        yield Wrong("name_en", sentence(_NEEDED))
    if enrolment.organisation.get("member", "") not in ("yes", "no"):
        yield Wrong("member", sentence(N_("Choose one of them.")))
    for name in ("contact_name", "email", "telephone"):
        if not enrolment.person.get(name):
            yield Wrong(name, sentence(_NEEDED))
    for name in ("email", "second_email"):
        if enrolment.person.get(name) and not _is_address(enrolment.person[name]):
            yield Wrong(name, sentence(N_("This is no e-mail address.")))


def _unit_problems(unit: Unit, rules: Ruleset) -> Iterator[tuple[str, Template]]:
    if not (unit["name_en"] or unit["name_zh"]):
        yield "name_en", _NEEDED
    if not unit["industry"]:
        yield "industry", N_("Choose one of them.")
    if not unit.channels:
        yield "phone_in", N_("Choose at least one way in which it is assessed.")
    for basis in _bases(unit, rules):
        if not unit[basis]:
            yield basis, N_("Fill this in: the size of the unit follows from it.")
    if "phone_in" in unit.channels and not unit.lines("phones"):
        yield "phones", N_("Give at least one telephone number: nothing else may be called.")
    if "online" in unit.channels and not unit.lines("addresses"):
        yield "addresses", N_("Give at least one address: nothing else may be contacted.")
    if _is_visited(unit) and not unit.lines("sites"):
        yield "sites", N_("Give at least one place to visit.")


def _bases(unit: Unit, rules: Ruleset) -> Sequence[str]:
    bases = [rules.text(f"quota.basis.{channel}") for channel in unit.channels if channel != "onsite"]
    if "onsite" in unit.channels:
        variant = unit["onsite_variant"] or Variant.RECORDING
        parts = ("recording", "branch") if variant == Variant.BOTH else (variant,)
        bases += [rules.text(f"quota.basis.onsite.{part}") for part in parts if part in ("recording", "branch")]
    return list(dict.fromkeys(bases))


def _is_visited(unit: Unit) -> bool:
    onsite = "onsite" in unit.channels and unit["onsite_variant"] in ("branch", "both")
    return onsite or "face_to_face" in unit.channels


def _unit(form: Mapping[str, str], prefix: str) -> Unit:
    channels = tuple(channel for channel in CHANNELS if form.get(f"{prefix}{channel}") == "yes")
    return Unit(fields=_some(form, prefix, UNIT), channels=channels)


def _some(form: Mapping[str, str], prefix: str, names: Sequence[str]) -> dict[str, str]:
    typed = {name: form.get(f"{prefix}{name}", "").strip().replace("\r\n", "\n") for name in names}
    return {name: value[:MOST_CHARACTERS] for name, value in typed.items() if value}


def _is_address(text: str) -> bool:
    name, _, host = text.partition("@")
    return bool(name) and "." in host and not any(character.isspace() for character in text) and "@" not in host
