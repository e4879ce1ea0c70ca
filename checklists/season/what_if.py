"""The same season under other rules, side by side: who changes score, grade, badge or award. Nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from checklists.award.badge import Badge
from checklists.award.entry_score import EntryScore
from checklists.award.grades import GRADE_WORDS
from checklists.award.result import Award, AwardResult
from checklists.award.words import STANDING_WORDS
from checklists.language import N_, Language, Sentence, Text, sentence, translator
from checklists.number import shown
from checklists.problems import Problems, short
from checklists.rules.earlier import UNREAD
from checklists.rules.ruleset import Ruleset, RulesetError
from checklists.season.json_text import NumberText
from checklists.season.model import Season
from checklists.season.score import score_season

Pair = tuple[Sentence | str, Sentence | str]


class EntryChange(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that moves. Each pair is before and after, in words; `changes` names only what differs."""

    entrant: str
    channel: str
    name: Text
    changes: Mapping[str, Pair]


class AwardChange(msgspec.Struct, frozen=True, kw_only=True):
    """One award that goes to others, or is no longer given. Winners are (entrant, channel)."""

    award: Award
    industry: str | None
    channel: str | None
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that differs. `rules` are (name, before, after)."""

    rules: tuple[tuple[str, str, str], ...]
    entries: tuple[EntryChange, ...]
    awards: tuple[AwardChange, ...]
    entries_compared: int


def parse_changes(words: Iterable[str]) -> dict[str, object]:
    """Return the overrides that `name=value` words ask for; a value is JSON where it is, and else text.

    Raises:
        RulesetError: a word without "=", or a name that rules may have but nothing reads (R-EAR-4).
    """
    changes: dict[str, object] = {}
    problems = Problems(RulesetError)
    for word in words:
        name, equals, value = word.partition("=")
        if name.strip() == UNREAD:
            template = N_("is read by no rule, so that setting it would change nothing; leave it out")
            problems.add(f"what-if.{UNREAD}", "rule-unknown", template)
        elif equals and name.strip():
            changes[name.strip()] = _value(value.strip())
        else:
            template = N_("write it as name=value, such as grade.rounding=floor")
            problems.add(f"what-if {short(word)}", "what-if-unreadable", template)
    problems.raise_any()
    return changes


def compare(
    before: Sequence[EntryScore],
    after: Sequence[EntryScore],
    *,
    awards: tuple[Sequence[AwardResult], Sequence[AwardResult]],
    rules: tuple[Ruleset, Ruleset],
) -> Comparison:
    """Compare two scorings of the same entries. `awards` and `rules` are before and after."""
    after_by_key = {entry.key: entry for entry in after}
    moved = [(entry, _changes(entry, after_by_key[entry.key])) for entry in before]
    return Comparison(
        rules=tuple(
            (name, _rule_text(rules[0].plain_value(name)), _rule_text(rules[1].plain_value(name)))
            for name in dict.fromkeys([*rules[0].names, *rules[1].names])
            if rules[0].plain_value(name) != rules[1].plain_value(name)
        ),
        entries=tuple(
            EntryChange(entrant=entry.key[0], channel=entry.key[1], name=entry.facts.name, changes=changes)
            for entry, changes in moved
            if changes
        ),
        awards=tuple(_award_changes(*awards)),
        entries_compared=len(moved),
    )


def what_if(before: Season, after: Season) -> Comparison:
    """Score the same entries as they are and as they would be, under the rules of each, and compare."""
    now, then = score_season(before), score_season(after)
    return compare(now.entries, then.entries, awards=(now.awards, then.awards), rules=(now.rules, then.rules))


def comparison_text(comparison: Comparison, language: Language) -> str:
    """Return the comparison as a table of lines, for a terminal."""
    translate = translator("checklists", language)

    def words(value: Sentence | str) -> str:
        return value.in_language(language) if isinstance(value, Sentence) else value

    lines = [translate(N_("Rules")), *(f"  {name}: {before} → {after}" for name, before, after in comparison.rules)]
    if not comparison.rules:
        lines.append("  " + translate(N_("no parameter changes")))
    changed = sentence(
        N_("Entries that change: {count} of {all}"), count=len(comparison.entries), all=comparison.entries_compared
    )
    lines += ["", words(changed)]
    for entry in comparison.entries:
        lines.append(f"  {entry.entrant}/{entry.channel}")
        width = max(len(translate(STANDING_WORDS[name])) for name in entry.changes)
        lines += [
            f"    {translate(STANDING_WORDS[name]).ljust(width)}  {words(before)} → {words(after)}"
            for name, (before, after) in entry.changes.items()
        ]
    lines += ["", words(sentence(N_("Awards that change: {count}"), count=len(comparison.awards)))]
    for award in comparison.awards:
        about = " ".join(part for part in (award.award.value, award.industry, award.channel) if part)
        lines.append(f"  {about}: {_winners(award.before, translate)} → {_winners(award.after, translate)}")
    return "\n".join(lines) + "\n"


_NONE = sentence(N_("none"))


def _value(text: str) -> object:
    try:
        # Numbers stay text, so that none passes through a float; NaN is left for the parameter to refuse.
        return json.loads(text, parse_float=NumberText, parse_int=NumberText, parse_constant=str)
    except (ValueError, RecursionError):
        return text


def _changes(before: EntryScore, after: EntryScore) -> dict[str, Pair]:
    changes: dict[str, Pair] = {}
    for old, new in zip(before.rounds, after.rounds, strict=True):
        if old.score != new.score:
            changes[f"round_{old.number}"] = (
                _NONE if old.score is None else shown(old.score),
                _NONE if new.score is None else shown(new.score),
            )
    if before.final != after.final:
        changes["final"] = (
            _NONE if before.final is None else shown(before.final),
            _NONE if after.final is None else shown(after.final),
        )
    if before.grade != after.grade:
        changes["grade"] = (_grade(before), _grade(after))
    if before.badge != after.badge:
        changes["mark"] = (badge_words(before.badge), badge_words(after.badge))
    return changes


def _grade(entry: EntryScore) -> Sentence:
    return _NONE if entry.grade is None else sentence(GRADE_WORDS[entry.grade])


def badge_words(badge: Badge | None) -> Sentence:
    """Put a badge into words."""
    if badge is None:
        return _NONE
    return sentence(
        N_("run {run}, crowns {crowns}, stars {stars}"), run=badge.run, crowns=badge.crowns, stars=badge.stars
    )


def _award_changes(before: Sequence[AwardResult], after: Sequence[AwardResult]) -> Iterator[AwardChange]:
    def key(result: AwardResult) -> tuple[str, str, str]:
        return result.award.value, result.industry or "", result.channel or ""

    old, new = ({key(result): result for result in results} for results in (before, after))
    for name in [*old, *(name for name in new if name not in old)]:
        result = old.get(name) or new[name]
        was, is_now = (by_name[name].winners if name in by_name else () for by_name in (old, new))
        if was != is_now:
            yield AwardChange(
                award=result.award, industry=result.industry, channel=result.channel, before=was, after=is_now
            )


def _winners(winners: Sequence[tuple[str, str]], translate: object) -> str:
    names = ", ".join(f"{entrant}/{channel}" for entrant, channel in winners)
    return names or (translate(N_("not awarded")) if callable(translate) else "")


def _rule_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
