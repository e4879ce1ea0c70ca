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


def result_json(score: SeasonScore, language: Language = "en") -> bytes:
    """Return the result of `score`, its sentences in `language`."""
    return msgspec.json.format(msgspec.json.encode(_Writer(language).season(score)), indent=2) + b"\n"


def score_object(score: Fraction) -> Json:
    """Return a score as JSON shows it."""
    return {"exact": exact_text(score), "shown": shown(score)}


class _Writer:
    def __init__(self, language: Language) -> None:
        self._language = language
        # Most scores of a season are alike: each is worded once.
        self._objects: dict[tuple[int, int], Json] = {}
        self._texts: dict[Fraction, str] = {}

    def season(self, score: SeasonScore) -> Json:
        return {
            "programme": score.season.programme.name,
            "rules_digest": score.rules.digest,
            "rules": dict(score.rules.plain),
            **({"rules_by_round": by_round} if (by_round := self._rules_by_round(score)) else {}),
            "entries": [self._entry(entry) for entry in score.entries],
            "awards": [self._award(award) for award in score.awards],
        }

    def _rules_by_round(self, score: SeasonScore) -> Json:
        return {
            str(number): {"rules_digest": rules.digest, "rules": dict(rules.plain)}
            for number, rules in sorted(score.season.rules_by_round.items())
            if rules != score.rules
        }

    def _entry(self, entry: EntryScore) -> Json:
        badge = entry.badge
        return {
            "entrant": entry.facts.entrant,
            "channel": entry.facts.channel.value,
            "size_group": entry.facts.size_group,
            "rounds": [self._round(round_) for round_ in entry.rounds],
            "final": self._score(entry.final),
            "grade": None if entry.grade is None else entry.grade.value,
            "mark": None if badge is None else {"run": badge.run, "crowns": badge.crowns, "stars": badge.stars},
            "why_no_final": self._words(entry.why_no_final),
            "warnings": [self._words(warning) for warning in entry.warnings],
        }

    def _round(self, round_: RoundScore) -> Json:
        return {
            "assessments": [self._assessment(scored) for scored in round_.assessments],
            "mean": self._score(round_.mean),
            "consistency": self._text(round_.bonus.points),
            "faq": self._text(-round_.faq),
            "unreached": round_.unreached,
            "score": self._score(round_.score),
            "why_no_score": self._words(round_.why_no_score),
        }

    def _assessment(self, scored: AssessmentScore) -> Json:
        assessment_object = {
            "id": scored.id,
            "base": self._score(scored.base),
            "ease": self._text(scored.ease) if scored.ease else "0",
            "penalty": self._text(-scored.penalty) if scored.penalty else "0",
            "score": self._score(scored.score),
            "state": scored.state.value,
        }
        if scored.score is None:
            assessment_object["why_no_score"] = self._words(scored.why_no_score)
        return assessment_object

    def _award(self, result: AwardResult) -> Json:
        award_object: Json = {"award": result.award.value}
        if result.award is Award.INDUSTRY:
            award_object["industry"] = result.industry
        if result.channel is not None:
            award_object["channel"] = result.channel
        return award_object | {
            "winners": [{"entrant": entrant, "channel": channel} for entrant, channel in result.winners],
            "why": self._words(result.why),
            "warnings": [self._words(warning) for warning in result.warnings],
            "not_eligible": [
                {"entrant": out.entrant, "channel": out.channel, "why": self._words(out.why)}
                for out in result.not_eligible
            ],
        }

    def _score(self, score: Fraction | None) -> Json | None:
        if score is None:
            return None
        key = (score.numerator, score.denominator)
        score_shown = self._objects.get(key)
        if score_shown is None:
            score_shown = self._objects[key] = score_object(score)
        return score_shown

    def _text(self, value: Fraction) -> str:
        text = self._texts.get(value)
        if text is None:
            text = self._texts[value] = exact_text(value)
        return text

    def _words(self, words: Sentence | None) -> str | None:
        return None if words is None else words.in_language(self._language)
