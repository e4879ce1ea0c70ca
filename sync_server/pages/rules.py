"""The rules in words, each with the control that tries another value of it.

TRIAL-1  A control holds the value in force, or the one that is tried. Only what differs from what is in force is tried.
TRIAL-2  A list is typed with commas between its items, or as JSON. What cannot stand is told, and stays as typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from checklists.language import N_, Template
from checklists.rules.kinds import Choice, Flag, Items, Kind, Number
from checklists.rules.parameters import PARAMETERS
from checklists.rules.ruleset import Plain, Ruleset
from checklists.rules.words import CHAPTERS, CHOICES, RuleWords

FLAGS: Mapping[str, Template] = {"true": N_("yes"), "false": N_("no")}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One parameter: its sentence, its control, and the small print under it.

    `options` are the words of a choice by value, empty for what is typed; `size` is how wide a field is, in signs.
    """

    name: str
    words: RuleWords
    value: str
    default: str
    options: Mapping[str, Template]
    is_tried: bool

    @property
    def size(self) -> int:
        """How many signs the field shows."""
        return max(4, min(30, len(self.value) + 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChapter:
    """Rules that are read together."""

    name: Template
    lines: tuple[RuleLine, ...]


def rule_chapters(in_force: Ruleset, shipped: Ruleset, tried: Mapping[str, str]) -> tuple[RuleChapter, ...]:
    """Return every rule in words: those in force, save where `tried` (text by name) has another value (TRIAL-1)."""
    return tuple(
        RuleChapter(
            name=chapter.name,
            lines=tuple(
                RuleLine(
                    name=name,
                    words=words,
                    value=tried.get(name, _typed(in_force, name)),
                    default=_typed(shipped, name),
                    options=_options(PARAMETERS[name]),
                    is_tried=name in tried,
                )
                for name, words in chapter.rules.items()
            ),
        )
        for chapter in CHAPTERS
    )


def changed_lines(in_force: Ruleset, form: Mapping[str, str]) -> list[str]:
    """Return what `form` (text by parameter) tries other than the rules in force, one `name=value` a line."""
    return [
        f"{name}={_raw(PARAMETERS[name], text.strip())}"
        for name, text in form.items()
        if name in PARAMETERS and text.strip() != _typed(in_force, name)
    ]


def _typed(rules: Ruleset, name: str) -> str:
    """Return a value as one types it: a list of single values with commas, other lists and null as JSON."""
    value = rules.plain_value(name)
    if isinstance(value, list) and not any(isinstance(item, list) or item is None for item in value):
        return ", ".join(_text(item) for item in value)
    return _text(value)


def _text(value: Plain) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _raw(kind: Kind, text: str) -> str:
    """Return what was typed as a line of a trial holds it."""
    if isinstance(kind, Items) and text and not text.startswith("["):
        return json.dumps([part.strip() for part in text.split(",")])
    return "null" if not text and isinstance(kind, Number) and kind.or_null else text


def _options(kind: Kind) -> Mapping[str, Template]:
    if isinstance(kind, Choice):
        return {option: CHOICES[option] for option in kind.options}
    return FLAGS if isinstance(kind, Flag) else {}
