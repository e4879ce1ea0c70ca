"""The rules in words, each with the control that tries another value of it.

TRIAL-1  A control holds the value in force, or the one that is tried. Only what differs from what is in force is tried.
TRIAL-2  What cannot stand is told, and stays as it was typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checklists.language import Template
from checklists.rules.parameters import PARAMETERS
from checklists.rules.ruleset import Plain, Ruleset
from checklists.rules.words import CHAPTERS, RuleWords
from checklists.season.what_if import parse_changes
from sync_server.pages.rule_fields import OF, Field, Said, fields_of, in_words, value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One parameter: its sentence, its fields row by row, and the small print under it."""

    name: str
    words: RuleWords
    rows: tuple[tuple[Field, ...], ...]
    default: Sequence[Said]
    is_tried: bool

    @property
    def fields(self) -> Sequence[Field]:
        """Every field of it."""
        return [field for row in self.rows for field in row]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChapter:
    """Rules that are read together."""

    name: Template
    lines: tuple[RuleLine, ...]


def rule_chapters(in_force: Ruleset, shipped: Ruleset, tried: Mapping[str, str]) -> tuple[RuleChapter, ...]:
    """Return every rule in words: those in force, save where `tried` (text by name) has another value (TRIAL-1)."""
    zone = in_force.zone("tz")
    values = {name: _plain(value) for name, value in parse_changes(f"{n}={text}" for n, text in tried.items()).items()}
    return tuple(
        RuleChapter(
            name=chapter.name,
            lines=tuple(
                RuleLine(
                    name=name,
                    words=words,
                    rows=fields_of(name, values[name] if name in values else in_force.plain_value(name), zone),
                    default=in_words(name, shipped.plain_value(name), zone),
                    is_tried=name in tried,
                )
                for name, words in chapter.rules.items()
            ),
        )
        for chapter in CHAPTERS
    )


def is_a_trial(field: str) -> bool:
    """Whether a field of a form is one of a rule's."""
    return field.partition(OF)[0] in PARAMETERS


def changed_lines(in_force: Ruleset, form: Mapping[str, str]) -> list[str]:
    """Return what the fields of `form` try other than the rules in force, one `name=value` a line."""
    zone = in_force.zone("tz")
    tried = {name: value_of(name, form, zone) for name in dict.fromkeys(field.partition(OF)[0] for field in form)}
    return [f"{name}={_text(value)}" for name, value in tried.items() if not _holds(in_force, name, value)]


def said(in_force: Ruleset, name: str, text: str) -> Sequence[Said]:
    """Return a value in words, of a comparison's or a version's text."""
    return in_words(name, _plain(parse_changes([f"{name}={text}"])[name]), in_force.zone("tz"))


def _holds(in_force: Ruleset, name: str, value: Plain) -> bool:
    try:
        return PARAMETERS[name].parse(value) == in_force.values[name]
    except ValueError:
        return False


def _text(value: Plain) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _plain(value: object) -> Plain:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool) else str(value)
