"""Best IVRS: the best voice menu among entries whose own final is good enough (R17).

R-IVR-1  Per round the mean of its annex scores, then the rounds by their weights. Every round needs an annex, and the
         season at least `award.ivrs.min_n`.
R-IVR-2  Phone-in entries only, with the grade of `award.ivrs.needs` or better after rounding. Compared exactly.
R-IVR-3  `award.ivrs.source = panel` takes what a panel's marks came to in place of the annexes; `half_panel` half of
         each. An entry whose figure nobody fixed is not eligible.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from checklists.award.entry_score import EntryScore
from checklists.award.grades import GRADE_WORDS, Grade, is_at_least
from checklists.award.result import Award, AwardResult, first, not_eligible, ranked, without_final
from checklists.award.spread import mean
from checklists.language import N_, Sentence, sentence
from checklists.number import shown
from checklists.rules.ruleset import Ruleset


def best_ivrs(entries: Sequence[EntryScore], rules: Ruleset) -> AwardResult:
    """Decide the award."""
    candidates, out = [], []
    for entry in entries:
        figure = _figure(entry, rules)
        if isinstance(figure, Sentence):
            out.append(not_eligible(entry, figure))
        else:
            candidates.append((entry, figure, (figure,)))
    places = ranked(candidates)
    winners = first(places)
    if not winners:
        why = sentence(N_("Not awarded: nobody is eligible."))
    elif len(winners) > 1:
        why = sentence(N_("Joint: equal IVRS scores of {score}."), score=shown(places[0].figure))
    else:
        why = sentence(N_("Best IVRS score: {score}."), score=shown(places[0].figure))
    return AwardResult(award=Award.BEST_IVRS, winners=winners, why=why, not_eligible=tuple(out), ranked=places)


def _figure(entry: EntryScore, rules: Ruleset) -> Fraction | Sentence:
    """Return the entry's IVRS score, or why it is not eligible."""
    if entry.facts.channel.value != rules.text("award.ivrs.channel"):
        return sentence(N_("IVRS is judged on phone-in entries only"))
    out = without_final(entry)
    if out is not None:
        return out
    needed = Grade(rules.text("award.ivrs.needs"))
    if not is_at_least(entry.grade, needed):
        return sentence(
            N_("graded {grade}; {needed} is needed"),
            grade=sentence(GRADE_WORDS[entry.grade or Grade.BELOW_PASS]),
            needed=sentence(GRADE_WORDS[needed]),
        )
    source = rules.text("award.ivrs.source")
    by_panel = entry.facts.ivrs_panel
    if source != "annex_mean_weighted" and by_panel is None:
        return sentence(N_("no panel figure is recorded"))
    if source == "panel" and by_panel is not None:
        return by_panel
    by_annexes = _annexes(entry, rules)
    if by_panel is None or source == "annex_mean_weighted" or isinstance(by_annexes, Sentence):
        return by_annexes
    return (by_annexes + by_panel) / 2


def _annexes(entry: EntryScore, rules: Ruleset) -> Fraction | Sentence:
    """Return what the annexes come to (R-IVR-1), or why they do not."""
    counts = [len(round_.ivrs) for round_ in entry.rounds]
    if not all(counts):
        return sentence(N_("round {number} has no IVRS annex"), number=counts.index(0) + 1)
    least = rules.whole("award.ivrs.min_n")
    if sum(counts) < least:
        return sentence(N_("{count} IVRS annexes; at least {least} are needed"), count=sum(counts), least=least)
    means = [mean(round_.ivrs) or Fraction(0) for round_ in entry.rounds]
    weights = rules.numbers("rounds.weights")
    return sum((weight * figure for weight, figure in zip(weights, means, strict=True)), Fraction(0))
