"""The CSQS programme as data: its rules, stages, tags of the items, and the form of its site visit.

CSQ-1  A site visit belongs to a programme that names its channel; no quota, bonus or award of another one meets it.
CSQ-2  Every item of the form has a stage, a perspective and a process, and says whether it is of ISO 9000 or of CSKM.
CSQ-3  Which items a visit asks is the module of its assignment: a variant of the form.
CSQ-4  What the source says twice and differently is shown as printed, and not corrected.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from checklists.forms.file import load_form
from checklists.forms.form import Channel, Form
from checklists.language import Text

Model = Literal["stages", "dimensions"]
MODELS: tuple[Model, ...] = ("stages", "dimensions")


class Stage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the three progressive stages; `step` is what its number means on the scale of an item."""

    number: int
    name: Text
    step: Text


class Named(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A perspective or a process."""

    code: str
    name: Text


class Tags(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an item counts in."""

    stage: int
    perspective: str
    process: str
    iso9000: bool = False
    cskm: bool = False


class Holder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A holder whom the source names; without a date, for it gives none."""

    name: Text
    level: int


class Printed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A passage of the source, and what in it does not agree (CSQ-4)."""

    text: str
    says: tuple[str, ...]


class LevelRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How "three stages" is read: as parts of the form, or as steps of the scale over all items."""

    model: Model


class Standard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The programme. `passing` per cent pass a stage; `apart` steps between two ratings want settling."""

    name: str
    title: Text
    channels: tuple[Channel, ...]
    passing: int = msgspec.field(name="pass")
    apart: int
    peers: int
    valid_months: int
    level: LevelRule
    stages: tuple[Stage, Stage, Stage]
    perspectives: tuple[Named, ...]
    processes: tuple[Named, ...]
    holders: tuple[Holder, ...]
    printed: tuple[Printed, ...]
    items: Mapping[str, Tags]

    def allows(self, channel: Channel) -> bool:
        """Whether the programme assesses by `channel` (CSQ-1)."""
        return channel in self.channels

    def name_of(self, number: int) -> Text:
        """Return what a level is called, 1 to 3."""
        return self.stages[number - 1].name


@cache
def csqs(name: str = "csqs_2026") -> Standard:
    """Return the programme as shipped."""
    return msgspec.toml.decode((files("checklists.csqs") / f"{name}.toml").read_bytes(), type=Standard)


@cache
def site_visit_form() -> Form:
    """Return the form of a site visit as shipped."""
    return load_form((files("checklists.csqs") / "site_visit.toml").read_bytes(), "site_visit.toml")
