"""From an enrolment to the rows of the season it becomes: cells of the same sheets that files bring in.

ENW-1  What an import would refuse of a row, the form refuses at the field it came from, before it is handed in.
ENW-2  A unit becomes an entrant with an entry for each channel, its places to visit, and what may be called or written
       to. The organisation becomes a row of its own with the person to write to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from checklists.language import N_, Sentence, sentence
from checklists.rules.programme import Programme
from sync_server.exchange.csv.columns import Sheet
from sync_server.exchange.csv.sheets import SUBCHANNELS, sheets_of
from sync_server.exchange.typed_cells import wrong_in
from sync_server.hand_in.enrolment import Enrolment, Unit, Wrong

Cells = dict[str, str]
Rows = Mapping[str, Sequence[Cells]]  # by sheet
_PLAIN = ("name_en", "name_zh", "seats", "branches", "staff_notice_on", "staff_notice_en", "staff_notice_zh")
_OF_ENTRY = ("service_days", "service_hours", "closed_on", "direction")
_SITE_PARTS = {
    2: ("name_en", "address_en"),
    3: ("name_en", "address_en", "district"),
    4: ("name_en", "name_zh", "address_en", "address_zh"),
    5: ("name_en", "name_zh", "address_en", "address_zh", "district"),
}
_CUT = re.compile(r"\s*[|｜]\s*")
_AFTER_NUMBER = re.compile(r"\s*[,，|｜]\s*")


class Decided(NamedTuple):
    """What the office decides of a unit: its code and the industry group it competes in."""

    entrant: str
    industry: str


def rows_of(enrolment: Enrolment, organisation: str, decided: Sequence[Decided]) -> Rows:
    """Return the cells of every row, by sheet. `decided` has one for each unit, in order.

    Lines of places that cannot be read are left out: `wrong_cells` names them.
    """
    person = enrolment.person
    certified = sum(len(unit.channels) for unit in enrolment.units if unit["certification"] == "yes")
    owner = {
        "organisation": organisation,
        **{name: enrolment.organisation.get(name, "") for name in ("name_en", "name_zh", "member", "took_part")},
        "certifications": str(certified) if certified else "",
        **{name: person.get(name, "") for name in ("contact_name", "email", "telephone")},
    }
    rows: dict[str, list[Cells]] = {name: [] for name in ("entrants", "entries", "branches", "contact_points")}
    for unit, as_decided in zip(enrolment.units, decided, strict=True):
        code = as_decided.entrant
        rows["entrants"].append(
            {
                "entrant": code,
                "organisation": organisation,
                "industry": as_decided.industry,
                **{name: unit[name] for name in _PLAIN},
            }
        )
        rows["entries"] += [_entry(unit, code, channel) for channel in unit.channels]
        rows["branches"] += [cells for _, cells in _sites(unit, code) if not isinstance(cells, Sentence)]
        rows["contact_points"] += [*_phones(unit, code), *_online(unit, code)]
    return {"organisations": [owner], **rows}


def wrong_cells(enrolment: Enrolment, programme: Programme) -> Iterator[Wrong]:
    """Yield what an import would refuse, at the field of the form it comes from (ENW-1)."""
    sheets = {sheet.name: sheet for sheet in sheets_of(programme)}
    owner = rows_of(enrolment, "organisation", [Decided("unit", unit["industry"]) for unit in enrolment.units])
    for column, message in wrong_in(sheets["organisations"], owner["organisations"][0]):
        yield Wrong(column, message)
    for number, unit in enumerate(enrolment.units, start=1):
        yield from (Wrong(f"u{number}-{column}", message) for column, message in _wrong_unit(unit, sheets))


def code_of(name: str, taken: Sequence[str] = ()) -> str:
    """Return a code for a name: its English letters and figures, one that is not taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "unit"
    code, number = stem, 2
    while code in taken:
        code, number = f"{stem}-{number}", number + 1
    return code


def _wrong_unit(unit: Unit, sheets: Mapping[str, Sheet]) -> Iterator[tuple[str, Sentence]]:
    entrant = {"entrant": "unit", "industry": unit["industry"], **{name: unit[name] for name in _PLAIN}}
    if unit["industry"] and (unit["name_en"] or unit["name_zh"]):
        yield from wrong_in(sheets["entrants"], entrant)
    for channel in unit.channels[:1]:
        yield from wrong_in(sheets["entries"], _entry(unit, "unit", channel))
    for line, cells in _sites(unit, "unit"):
        if isinstance(cells, Sentence):
            yield "sites", cells
        else:
            yield from (("sites", _at_line(line, message)) for _, message in wrong_in(sheets["branches"], cells))
    for name, rows in (("phones", _phones(unit, "unit")), ("addresses", _online(unit, "unit"))):
        for line, cells in zip(unit.lines(name), rows, strict=False):
            yield from ((name, _at_line(line, message)) for _, message in wrong_in(sheets["contact_points"], cells))


def _entry(unit: Unit, code: str, channel: str) -> Cells:
    variant = unit["onsite_variant"] if channel == "onsite" else ""
    cells = {"entrant": code, "channel": channel, "onsite_variant": variant}
    return cells | {name: unit[name] for name in _OF_ENTRY}


def _sites(unit: Unit, code: str) -> Iterator[tuple[str, Cells | Sentence]]:
    taken: list[str] = []
    for line in unit.lines("sites"):
        parts = _CUT.split(line)
        names = _SITE_PARTS.get(len(parts))
        if names is None or not all(parts):
            words = N_("“{line}” is not read as a place. Write name | address | district, or both languages of each.")
            yield line, sentence(words, line=line[:60])
            continue
        cells = dict(zip(names, parts, strict=True))
        branch = code_of(f"{code} {cells['name_en']}", taken)
        taken.append(branch)
        yield line, {"branch": branch, "entrant": code, **cells}


def _phones(unit: Unit, code: str) -> list[Cells]:
    lines = unit.lines("phones") if "phone_in" in unit.channels else ()
    return [
        {
            "contact_point": f"{code}-phone-{number}",
            "entrant": code,
            "channel": "phone_in",
            "value": parts[0],
            "label_en": parts[1] if len(parts) > 1 else "Hotline",
            "label_zh": parts[1] if len(parts) > 1 else "熱線",
        }
        for number, parts in enumerate((_AFTER_NUMBER.split(line, 1) for line in lines), start=1)
    ]


def _online(unit: Unit, code: str) -> list[Cells]:
    rows = []
    lines = unit.lines("addresses") if "online" in unit.channels else ()
    for number, line in enumerate(lines, start=1):
        kind, colon, rest = line.partition(":")
        named = kind.strip().lower() in SUBCHANNELS and bool(colon)
        value = rest.strip() if named else line
        cells = {"contact_point": f"{code}-online-{number}", "entrant": code, "channel": "online", "value": value}
        rows.append(
            {**cells, "subchannel": kind.strip().lower() if named else "", "label_en": "Online", "label_zh": "網上"}
        )
    return rows


def _at_line(line: str, message: Sentence) -> Sentence:
    return sentence(N_("“{line}” {what}"), line=line[:60], what=message)
