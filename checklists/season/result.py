"""The answer to a season file, as JSON: every score as the exact rational and the text a person reads.

A score that does not exist is null, with its reason beside it. The same result gives the same bytes.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec

from checklists.award.entry_score import EntryScore
from checklists.award.result import Award, AwardResult
from checklists.award.rounds import RoundScore
from checklists.language import Language, Sentence
from checklists.number import exact_text, shown
from checklists.score.assessment_score import AssessmentScore
from checklists.season.score import SeasonScore

Json = dict[str, Any]


def result_json(told: SeasonScore, language: Language = "en") -> bytes:
    """Return the result of `told`, its sentences in `language`."""
    return msgspec.json.format(msgspec.json.encode(_Writer(language).season(told)), indent=2) + b"\n"


def score_object(score: Fraction) -> Json:
    """Return a score as JSON shows it."""
    return {"exact": exact_text(score), "shown": shown(score)}


class _Writer:
    def __init__(self, language: Language) -> None:
        self._language = language
        # Most scores of a season are alike: each is worded once.
        self._objects: dict[tuple[int, int], Json] = {}
        self._texts: dict[Fraction, str] = {}

    def season(self, told: SeasonScore) -> Json:
        return {
            "programme": told.season.programme.name,
            "rules_digest": told.rules.digest,
            "rules": dict(told.rules.plain),
            "entries": [self._entry(entry) for entry in told.entries],
            "awards": [self._award(decision) for decision in told.awards],
        }

    def _entry(self, entry: EntryScore) -> Json:
        mark = entry.mark
        return {
            "entrant": entry.facts.entrant,
            "channel": entry.facts.channel.value,
            "size_group": entry.facts.size_group,
            "rounds": [self._round(told) for told in entry.rounds],
            "final": self._score(entry.final),
            "grade": None if entry.grade is None else entry.grade.value,
            "mark": None if mark is None else {"run": mark.run, "crowns": mark.crowns, "stars": mark.stars},
            "why_no_final": self._words(entry.why_no_final),
            "warnings": [self._words(warning) for warning in entry.warnings],
        }

    def _round(self, told: RoundScore) -> Json:
        return {
            "assessments": [self._assessment(scored) for scored in told.assessments],
            "mean": self._score(told.mean),
            "consistency": self._text(told.bonus.points),
            "faq": self._text(-told.faq),
            "unreached": told.unreached,
            "score": self._score(told.score),
            "why_no_score": self._words(told.why_no_score),
        }

    def _assessment(self, scored: AssessmentScore) -> Json:
        told = {
            "id": scored.id,
            "base": self._score(scored.base),
            "ease": self._text(scored.ease) if scored.ease else "0",
            "penalty": self._text(-scored.penalty) if scored.penalty else "0",
            "score": self._score(scored.score),
            "state": scored.state.value,
        }
        if scored.score is None:
            told["why_no_score"] = self._words(scored.why_no_score)
        return told

    def _award(self, decision: AwardResult) -> Json:
        told: Json = {"award": decision.award.value}
        if decision.award is Award.INDUSTRY:
            told["industry"] = decision.industry
        if decision.channel is not None:
            told["channel"] = decision.channel
        return told | {
            "winners": [{"entrant": entrant, "channel": channel} for entrant, channel in decision.winners],
            "why": self._words(decision.why),
            "warnings": [self._words(warning) for warning in decision.warnings],
            "not_eligible": [
                {"entrant": out.entrant, "channel": out.channel, "why": self._words(out.why)}
                for out in decision.not_eligible
            ],
        }

    def _score(self, score: Fraction | None) -> Json | None:
        if score is None:
            return None
        key = (score.numerator, score.denominator)
        told = self._objects.get(key)
        if told is None:
            told = self._objects[key] = score_object(score)
        return told

    def _text(self, value: Fraction) -> str:
        told = self._texts.get(value)
        if told is None:
            told = self._texts[value] = exact_text(value)
        return told

    def _words(self, words: Sentence | None) -> str | None:
        return None if words is None else words.in_language(self._language)
