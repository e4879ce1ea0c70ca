"""The Industry Awards and the Grand Award: the highest final of a group, or of all (R14, R15, R28).

R-IND-1  A group counts what `award.industry.count` says, each once however many channels it entered: units or
         organisations, with a final or enrolled and not withdrawn. Below `min_entrants` there is no award.
R-IND-2  No minimum score unless `min_score` sets one; a winner below pass is awarded with a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from checklists.award.entry_score import EntryScore
from checklists.award.grades import Grade
from checklists.award.result import Award, AwardResult, NotEligible, Ranked, first, not_eligible, ranked, without_final
from checklists.award.ties import decided_by, tie_key
from checklists.language import N_, NOTHING, Sentence, Template, sentence
from checklists.number import shown
from checklists.rules.ruleset import Ruleset


def industry_awards(
    entries: Sequence[EntryScore], industries: Iterable[str], rules: Ruleset
) -> tuple[AwardResult, ...]:
    """Decide the award of each industry (or industry and channel), in the order of `industries`."""
    decisions = []
    for industry in industries:
        group = [entry for entry in entries if entry.facts.industry == industry]
        if rules.text("award.industry.group_by") == "industry_channel":
            channels = sorted({entry.facts.channel.value for entry in group})
            decisions += [
                _industry([entry for entry in group if entry.facts.channel.value == channel], industry, channel, rules)
                for channel in channels
            ]
        else:
            decisions.append(_industry(group, industry, None, rules))
    return tuple(decisions)


def grand(entries: Sequence[EntryScore], rules: Ruleset) -> AwardResult:
    """Decide the Grand Award over all entries."""
    places, out = _places(entries, rules, None)
    winners = first(places)
    return AwardResult(
        award=Award.GRAND,
        winners=winners,
        why=_why(entries, places, rules) if winners else sentence(N_("Not awarded: no entry has a final.")),
        not_eligible=out,
        ranked=places,
    )


def _industry(group: Sequence[EntryScore], industry: str, channel: str | None, rules: Ruleset) -> AwardResult:
    least = rules.whole("award.industry.min_entrants")
    places, out = _places(group, rules, rules.number_or_none("award.industry.min_score"))
    count = _counted(group, rules)
    winners = first(places) if count >= least else ()
    if count < least:
        why = sentence(_TOO_FEW[rules.text("award.industry.count")], count=count, least=least)
    elif winners:
        why = _why(group, places, rules)
    else:
        why = sentence(N_("Not awarded: no entry reaches the lowest score allowed."))
    return AwardResult(
        award=Award.INDUSTRY,
        industry=industry,
        channel=channel,
        winners=winners,
        why=why,
        warnings=_warnings(group, winners),
        not_eligible=out,
        ranked=places,
    )


_TOO_FEW: Mapping[str, Template] = {
    "finalised_units": N_("Not awarded: units with a final in this group: {count}; needed: {least}."),
    "finalised_organisations": N_("Not awarded: organisations with a final in this group: {count}; needed: {least}."),
    "enrolled_units": N_("Not awarded: units enrolled in this group: {count}; needed: {least}."),
    "enrolled_organisations": N_("Not awarded: organisations enrolled in this group: {count}; needed: {least}."),
}


def _counted(group: Iterable[EntryScore], rules: Ruleset) -> int:
    which, _, what = rules.text("award.industry.count").partition("_")
    counted = [
        entry.facts
        for entry in group
        if entry.final is not None or (which == "enrolled" and not entry.facts.is_withdrawn)
    ]
    return len({facts.entrant if what == "units" else facts.organisation for facts in counted})


def _places(
    entries: Iterable[EntryScore], rules: Ruleset, min_score: Fraction | None
) -> tuple[tuple[Ranked, ...], tuple[NotEligible, ...]]:
    candidates, out = [], []
    for entry in entries:
        why = without_final(entry)
        if entry.final is None:
            out.append(not_eligible(entry, why or NOTHING))
        elif min_score is not None and entry.final < min_score:
            below = sentence(N_("final {final} is below {least}"), final=shown(entry.final), least=str(min_score))
            out.append(not_eligible(entry, below))
        else:
            candidates.append((entry, entry.final, tie_key(entry, rules)))
    return ranked(candidates), tuple(out)


def _why(entries: Iterable[EntryScore], places: Sequence[Ranked], rules: Ruleset) -> Sentence:
    by_key = {entry.key: entry for entry in entries}
    winners = first(places)
    if len(winners) > 1:
        return sentence(
            N_("Joint: {count} entries are equal at {final} after every tie-breaker."),
            count=len(winners),
            final=shown(places[0].figure, 4),
        )
    highest = sentence(N_("Highest final: {final}."), final=shown(places[0].figure))
    if len(places) > 1:
        runner_up = by_key[places[1].entrant, places[1].channel]
        tie = decided_by(by_key[winners[0]], runner_up, rules)
        if tie is not None:
            return sentence(N_("{highest} It was {tie}."), highest=highest, tie=tie)
    return highest


def _warnings(group: Iterable[EntryScore], winners: Iterable[tuple[str, str]]) -> tuple[Sentence, ...]:
    by_key = {entry.key: entry for entry in group}
    return tuple(
        sentence(
            N_("{name} wins with a final below pass; the rules set no minimum: confirm before results."),
            name=by_key[winner].facts.name,
        )
        for winner in winners
        if by_key[winner].grade is Grade.BELOW_PASS
    )
