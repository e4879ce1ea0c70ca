"""Most Improved: the largest rise on the last participation (R16, R19).

R-IMP-1  The last participation is the latest history row of the same industry and channel, as far as
         `award.improved.same` asks; it must be no older than `max_age`.
R-IMP-3  Under `award.improved.last = any` it is the row of the latest year, whatever its channel and industry, and the
         award then requires them to be the same.
R-IMP-2  Unrounded finals are compared, in points or percent. The rise must be above 0 unless the rules lift that.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from checklists.award.badge import PastResult, is_same
from checklists.award.entry_score import EntryScore
from checklists.award.result import Award, AwardResult, first, not_eligible, ranked, without_final
from checklists.language import N_, Sentence, sentence
from checklists.number import shown
from checklists.rules.ruleset import Ruleset


def most_improved(entries: Sequence[EntryScore], rules: Ruleset, *, year: int) -> AwardResult:
    """Decide the award for the edition of `year`."""
    candidates, out = [], []
    for entry in entries:
        rise = _rise(entry, rules, year)
        if isinstance(rise, Sentence):
            out.append(not_eligible(entry, rise))
        else:
            candidates.append((entry, rise, (rise,)))
    places = ranked(candidates)
    winners = first(places)
    return AwardResult(
        award=Award.MOST_IMPROVED,
        winners=winners,
        why=_why(winners, places[0].figure, rules) if winners else sentence(N_("Not awarded: nobody is eligible.")),
        not_eligible=tuple(out),
        ranked=places,
    )


def last_participation(entry: EntryScore, rules: Ruleset) -> PastResult | None:
    """Return the row compared with: the latest there is, under `last = same` of the same industry and channel."""
    facts, same = entry.facts, rules.texts("award.improved.same")
    rows = list(facts.history.values())
    if rules.text("award.improved.last") == "same":
        rows = [past for past in rows if is_same(past, facts.industry, facts.channel.value, same)]
    return max(rows, key=lambda past: past.year, default=None)


def _rise(entry: EntryScore, rules: Ruleset, year: int) -> Fraction | Sentence:
    """Return the figure the entry is ranked on, or why it is not eligible."""
    last, out = last_participation(entry, rules), without_final(entry)
    if entry.final is None or last is None:
        return out or _nothing_before(entry, rules)
    same = rules.texts("award.improved.same")
    if "industry" in same and last.industry != entry.facts.industry:
        return sentence(N_("the last participation, in {year}, was in another industry"), year=str(last.year))
    if "channel" in same and last.channel != entry.facts.channel.value:
        return sentence(N_("the last participation, in {year}, was on another channel"), year=str(last.year))
    oldest = rules.whole_or_none("award.improved.max_age")
    if oldest is not None and year - last.year > oldest:
        return sentence(N_("the last participation, in {year}, is too long ago"), year=str(last.year))
    rise = entry.final - last.final
    if rules.text("award.improved.metric") == "percent":
        if not last.final:
            return sentence(N_("the last final was 0: there is no percentage of it"))
        rise = 100 * rise / last.final
    if rules.flag("award.improved.must_be_positive") and rise <= 0:
        return sentence(
            N_("did not rise: {now} after {before} in {year}"),
            now=shown(entry.final),
            before=shown(last.final),
            year=str(last.year),
        )
    return rise


def _nothing_before(entry: EntryScore, rules: Ruleset) -> Sentence:
    same = set(rules.texts("award.improved.same"))
    if not entry.facts.history:
        return sentence(N_("first participation: nothing to compare with"))
    if len(same) != 1:
        return sentence(N_("first participation in this industry and channel: nothing to compare with"))
    if same == {"industry"}:
        return sentence(N_("first participation in this industry: nothing to compare with"))
    return sentence(N_("first participation on this channel: nothing to compare with"))


def _why(winners: Sequence[tuple[str, str]], figure: Fraction, rules: Ruleset) -> Sentence:
    unit = N_("percent") if rules.text("award.improved.metric") == "percent" else N_("points")
    template = N_("Joint: the largest rise on the last participation, {rise} {unit}, is shared.")
    if len(winners) == 1:
        template = N_("Largest rise on the last participation: {rise} {unit}.")
    return sentence(template, rise=shown(figure), unit=sentence(unit))
