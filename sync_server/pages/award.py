"""The page of the awards: each with its winners, and for every other entry it concerns why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checklists.award.entry_score import EntryScore
from checklists.award.projection import projection
from checklists.award.result import AwardResult
from checklists.award.words import AWARD_WORDS, award_standing
from checklists.language import Sentence, Text, sentence
from checklists.rules.score_rules import ScoreRules
from sync_server.pages.standings import Row, row_of
from sync_server.season.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardView:
    """One award's card."""

    name: Sentence
    industry: Text | None
    channel: str | None
    result: AwardResult
    winners: tuple[Row, ...]
    others: tuple[tuple[Row, Sentence], ...]


def award_views(scores: Sequence[EntryScore], awards: Sequence[AwardResult], rules: Rules) -> tuple[AwardView, ...]:
    """Return every award with its winners, and how every other entry it concerns stands."""
    score_rules = ScoreRules.of(rules.rules)
    rows = {score.key: row_of(score, projection(score.rounds, score_rules)) for score in scores}
    views = []
    for result in awards:
        places = {(ranked.entrant, ranked.channel): ranked.place for ranked in result.ranked}
        concerned = sorted(
            {*places, *((out.entrant, out.channel) for out in result.not_eligible)} - set(result.winners),
            key=lambda key: (places.get(key, len(places) + 1), key),
        )
        views.append(
            AwardView(
                name=sentence(AWARD_WORDS[result.award]),
                industry=None if result.industry is None else rules.industry_name(result.industry),
                channel=result.channel,
                result=result,
                winners=tuple(rows[key] for key in result.winners),
                others=tuple((rows[key], award_standing(result, key)) for key in concerned),
            )
        )
    return tuple(views)
