"""A programme: one award season as data: its rules, and what surrounds them (industries, fees, calendar).

R-PRG-1  Industries, rounds and the form of the IVRS annex are the programme's; nobody else lists them.
R-PRG-2  A group has one spelling. Older ones are understood wherever a code is read, and written nowhere.
R-PRG-3  A programme names the channels it assesses by; a channel it does not name meets none of its rules.

The shipped ones are `checklists/rules/programmes/*.toml`, read as package data so that they are there on a phone too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

import msgspec

from checklists.language import N_, Sentence, Text, sentence
from checklists.problems import Problem, short
from checklists.rules.ruleset import Ruleset, RulesetError, ruleset


class Industry(msgspec.Struct, frozen=True, kw_only=True):
    """One industry group. The organiser decides who belongs to it (R22). `formerly` are older spellings of its code."""

    code: str
    name: Text
    formerly: tuple[str, ...] = ()


class Milestone(msgspec.Struct, frozen=True, kw_only=True):
    """One date, or span of dates, of the season's calendar (R27)."""

    code: str
    name: Text
    on: date
    until: date | None = None


class Fees(msgspec.Struct, frozen=True, kw_only=True):
    """Prices in whole HK$ by size group A to D (R26). A waived fee is an amount not charged."""

    member: tuple[int, int, int, int]
    non_member: tuple[int, int, int, int]
    certification: int
    application_waived_for_new: int


class RedLines(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"zh_hant": "zh-Hant"}):
    """Words that no scenario may play upon without a reason (privacy E13), in both languages."""

    en: tuple[str, ...] = ()
    zh_hant: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Those of both languages."""
        return self.en + self.zh_hant


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """A season: `year` is the edition being decided; rounds are counted in months from `starts_on`.

    `industries` are in the order of the file. `ivrs_annex` is the form whose answers judge an IVRS.
    """

    name: str
    title: Text
    year: int
    starts_on: date
    rules: Ruleset
    industries: tuple[Industry, ...]
    calendar: tuple[Milestone, ...]
    fees: Fees
    ivrs_annex: str
    channels: tuple[str, ...]
    red_lines: RedLines = RedLines()

    @property
    def rounds(self) -> tuple[int, ...]:
        """The numbers of the rounds, from 1."""
        return self.rules.rounds

    def industry_code(self, spelling: str) -> str | None:
        """Return the code of the group that `spelling` names, in today's spelling or an older one; None of no group."""
        for industry in self.industries:
            if spelling == industry.code or spelling in industry.formerly:
                return industry.code
        return None


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: Mapping[str, str]
    year: int
    starts_on: date
    channels: tuple[str, ...]
    rules: Mapping[str, object]
    industries: tuple[Industry, ...] = ()
    calendar: tuple[Milestone, ...] = ()
    fees: Fees
    ivrs_annex: str
    red_lines: RedLines = RedLines()


class UnknownProgrammeError(LookupError):
    """There is no such programme; `shipped` lists those there are."""

    def __init__(self, name: str, shipped: tuple[str, ...]) -> None:
        super().__init__(name)
        self.shipped = shipped


def programme_names() -> tuple[str, ...]:
    """Return the names of the shipped programmes, in order."""
    folder = resources.files("checklists.rules") / "programmes"
    return tuple(sorted(file.name[:-5] for file in folder.iterdir() if file.name.endswith(".toml")))


def load_programme(name: str, overrides: Mapping[str, object] | None = None, place: str = "rules") -> Programme:
    """Return the shipped programme `name`, with `overrides` (raw values by dotted name) over its rules.

    Raises:
        UnknownProgrammeError: no such programme is shipped.
        RulesetError: an override that may not stand, each with its place.
    """
    if name not in programme_names():
        raise UnknownProgrammeError(name, programme_names())
    programme = _shipped(name)
    if not overrides:
        return programme
    return msgspec.structs.replace(programme, rules=programme.rules.with_overrides(overrides, place))


@cache
def _shipped(name: str) -> Programme:
    file = resources.files("checklists.rules") / "programmes" / f"{name}.toml"
    return read_programme(name, file.read_bytes())


def read_programme(name: str, raw: bytes) -> Programme:
    """Return the programme that the TOML in `raw` describes.

    Raises:
        RulesetError: not TOML, not a programme, or rules that may not stand; all problems of the rules at once.
    """
    place = f"{name}.toml"
    try:
        # Numbers stay text: a float would already have lost what the file says.
        data = tomllib.loads(raw.decode(), parse_float=str)
        file = msgspec.convert(data, _File)
    except UnicodeDecodeError as error:
        raise _unreadable(place, sentence(N_("is not UTF-8; save it as UTF-8"))) from error
    except tomllib.TOMLDecodeError as error:
        message = sentence(N_("is not TOML ({reason}); correct that line"), reason=short(str(error)))
        raise _unreadable(place, message) from error
    except msgspec.ValidationError as error:
        message = sentence(N_("does not fit ({reason}); compare with a shipped programme"), reason=str(error))
        raise _unreadable(place, message) from error
    return Programme(
        name=name,
        title=file.title,
        year=file.year,
        starts_on=file.starts_on,
        rules=ruleset(file.rules, place=f"{place}: rules"),
        industries=file.industries,
        calendar=file.calendar,
        fees=file.fees,
        ivrs_annex=file.ivrs_annex,
        channels=file.channels,
        red_lines=file.red_lines,
    )


def _unreadable(place: str, message: Sentence) -> RulesetError:
    return RulesetError((Problem(place=place, code="programme-unreadable", message=message),))
