"""What awards and the parts of a standing are called, and how one entry stands in one, as sentences."""

from __future__ import annotations

from collections.abc import Mapping

from checklists.award.result import Award, AwardResult
from checklists.language import N_, Sentence, Template, sentence
from checklists.number import shown

AWARD_WORDS: Mapping[str, Template] = {
    Award.INDUSTRY: N_("Industry Award"),
    Award.GRAND: N_("Grand Award"),
    Award.MOST_IMPROVED: N_("Most Improved"),
    Award.BEST_IVRS: N_("Best IVRS"),
}

# What a standing is made of; the badge is a "mark" in season files.
STANDING_WORDS: Mapping[str, Template] = {
    "round_1": N_("Round 1"),
    "round_2": N_("Round 2"),
    "round_3": N_("Round 3"),
    "final": N_("Final"),
    "grade": N_("Grade"),
    "mark": N_("Badge"),
}


def award_standing(result: AwardResult, key: tuple[str, str]) -> Sentence:
    """Say how one entry stands in one award: won, why not eligible, or in which place."""
    if key in result.winners:
        return sentence(N_("won. {why}"), why=result.why)
    for out in result.not_eligible:
        if (out.entrant, out.channel) == key:
            return sentence(N_("not eligible: {why}"), why=out.why)
    for entry in result.ranked:
        if (entry.entrant, entry.channel) == key and result.winners:
            return sentence(
                N_("place {place} of {count} with {figure}; the winner has {best}"),
                place=entry.place,
                count=len(result.ranked),
                figure=shown(entry.figure, 4),
                best=shown(result.ranked[0].figure, 4),
            )
    return result.why
