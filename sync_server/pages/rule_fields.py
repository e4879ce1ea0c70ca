"""A rule's value as fields that a coordinator fills in, and back; and as words.

RFD-1  Fields sent back as they stand are the value itself.
RFD-2  An empty field is "not set" where nothing may stand, and an empty row of a list is left out; a list of any length
       has one row more than items.
RFD-3  A moment is the wall time of the season's zone, to the second.
RFD-4  What no field can hold stands in the first as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from checklists.days import moment_words
from checklists.language import N_, Sentence, Template, Text, sentence
from checklists.rules.kinds import Choice, Flag, Items, Kind, Moment, Number
from checklists.rules.parameters import PARAMETERS
from checklists.rules.ruleset import Plain
from checklists.rules.words import CHOICES

Said = Template | Sentence | Text | str

FLAGS: Mapping[str, Template] = {"true": N_("yes"), "false": N_("no")}
NOT_SET = N_("not set")
OF = ":"  # between a parameter's name and the place of an item in its list
COLUMNS: Mapping[str, tuple[Template, Template]] = {
    "consistency.tiers": (N_("deviation at most"), N_("points earned")),
    "consistency.share_tiers": (N_("share at least"), N_("points earned")),
}


class Field(NamedTuple):
    """One control. `label` tells it from the others of its rule; `options` are its words by value."""

    name: str
    value: str
    kind: Literal["text", "moment", "choice"] = "text"
    label: Said = ""
    options: Mapping[str, Said] = {}
    may_be_empty: bool = False

    @property
    def size(self) -> int:
        """How many signs it shows."""
        return max(4, min(30, len(self.value) + 2))


def fields_of(name: str, value: Plain, zone: ZoneInfo) -> tuple[tuple[Field, ...], ...]:
    """Return the fields of a parameter, row by row."""
    kind = PARAMETERS[name]
    if not isinstance(kind, Items):
        return ((_field(name, kind, value, zone),),)
    if not isinstance(value, list):  # RFD-4
        return ((Field(name, _text(value)),),)
    labels = _labels(kind)
    if isinstance(kind.item, Items) and kind.item.length is None:  # months: few enough to be typed in one field
        return (tuple(Field(f"{name}{OF}{n}", _joined(item), label=labels[n]) for n, item in enumerate(value)),)
    if isinstance(kind.item, Items):
        rows = [item if isinstance(item, list) else [item] for item in value] + [["", ""]]
        return tuple(
            tuple(
                Field(f"{name}{OF}{n}{OF}{place}", _text(part), label=label, may_be_empty=True)
                for place, (part, label) in enumerate(zip([*row, ""], COLUMNS[name], strict=False))
            )
            for n, row in enumerate(rows)
        )
    if isinstance(kind.item, Choice):
        spare = [""] if len(value) < len(kind.item.options) else []
        options = {"": "–", **{option: CHOICES[option] for option in kind.item.options}}
        places = enumerate([*map(_text, value), *spare], 1)
        return (
            tuple(Field(f"{name}{OF}{n}", each, "choice", sentence(N_("{n}."), n=n), options) for n, each in places),
        )
    return (
        tuple(
            _field(f"{name}{OF}{n}", kind.item, item, zone)._replace(label=labels[n] if n < len(labels) else "")
            for n, item in enumerate(value)
        ),
    )


def value_of(name: str, form: Mapping[str, str], zone: ZoneInfo) -> Plain:
    """Return what the fields of a parameter hold in a form that has them."""
    kind = PARAMETERS[name]
    if name in form:
        return _read(kind, form[name].strip(), zone)
    begins = name + OF
    parts = sorted((_places(key, begins), form[key].strip()) for key in form if key.startswith(begins))
    if isinstance(kind, Items) and isinstance(kind.item, Items) and kind.item.length is None:
        return [[part.strip() for part in text.split(",") if part.strip()] for _, text in parts]
    if isinstance(kind, Items) and isinstance(kind.item, Items):
        rows: dict[int, list[Plain]] = {}
        for places, text in parts:
            rows.setdefault(places[0], []).append(text)
        return [row for row in rows.values() if any(row)]
    item = kind.item if isinstance(kind, Items) else kind
    every = [_read(item, text, zone) for _, text in parts]
    return [each for each in every if each != ""] if isinstance(item, Choice) else every


def in_words(name: str, value: Plain, zone: ZoneInfo) -> Sequence[Said]:
    """Return a value as people say it, item by item."""
    kind = PARAMETERS[name]
    if not isinstance(value, list) or not isinstance(kind, Items):
        return [_said(kind, value, zone)]
    if isinstance(kind.item, Items):
        between = ": " if name in COLUMNS else " + "
        return [between.join(map(_text, item)) if isinstance(item, list) else _text(item) for item in value]
    return [_said(kind.item, item, zone) for item in value]


def _places(key: str, begins: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isascii() and part.isdecimal() else 0 for part in key.removeprefix(begins).split(OF))


def _labels(kind: Items) -> Sequence[Said]:
    if kind.names:
        return kind.names
    return [sentence(N_("Round {number}"), number=number) for number in range(1, (kind.length or 0) + 1)]


def _field(name: str, kind: Kind, value: Plain, zone: ZoneInfo) -> Field:
    if isinstance(kind, Moment):
        return Field(name, _local(value, zone), "moment", may_be_empty=kind.or_null)
    if isinstance(kind, Choice):
        return Field(name, _text(value), "choice", options={option: CHOICES[option] for option in kind.options})
    if isinstance(kind, Flag):
        return Field(name, _text(value), "choice", options=FLAGS)
    return Field(name, _text(value), may_be_empty=isinstance(kind, Number) and kind.or_null)


def _read(kind: Kind, text: str, zone: ZoneInfo) -> Plain:
    if isinstance(kind, Flag) and text in FLAGS:
        return text == "true"
    if isinstance(kind, (Moment, Number)) and kind.or_null and text in ("", "null"):
        return None
    if isinstance(kind, Moment):
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return text
        return (at.replace(tzinfo=zone) if at.tzinfo is None else at).isoformat()
    return text


def _local(value: Plain, zone: ZoneInfo) -> str:
    try:
        return f"{datetime.fromisoformat(str(value)).astimezone(zone):%Y-%m-%dT%H:%M:%S}"
    except ValueError:
        return _text(value)


def _said(kind: Kind, value: Plain, zone: ZoneInfo) -> Said:
    text = _text(value)
    if value is None:
        return NOT_SET
    if isinstance(kind, Choice):
        return CHOICES.get(text, text)
    if isinstance(kind, Flag):
        return FLAGS.get(text, text)
    if isinstance(kind, Moment):
        try:
            at = datetime.fromisoformat(text).astimezone(zone)
        except ValueError:
            return text
        return moment_words(at, zone, seconds=bool(at.second))
    return text


def _text(value: Plain) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else _joined(value) if isinstance(value, list) else str(value)


def _joined(value: Plain) -> str:
    return ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)
