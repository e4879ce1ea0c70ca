"""What a standing was made of, visits that any rules score alike kept together: a what-if reads no visit one by one.

ALK-1  Visits are alike that have the same bases, ease and decisions, and no failed try. A log with a failed try is kept
       as it is, and is alike to none; any other costs nothing under any rules, and is left out.
ALK-2  It is kept with the standing and is good as long: not once a visit has come or changed, nor under other inputs.
ALK-3  An ease test is judged by figures that are read only when its thresholds are others than those in force.
ALK-4  What does not follow is left out, to be read visit by visit: settled scores under another effect of critical
       items, a coordinator's figures under rules that begin to ask for them, ease of which no figures were kept;
       what another release kept in another form.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import chain, repeat

import msgspec

from checklists import wire
from checklists.award.entry_score import EntryScore
from checklists.record.assessment import Attempt
from checklists.record.attempts import FAILURES
from checklists.score.ease import FIGURES, EaseFigures, EaseTest
from checklists.season.model import SeasonAssessment, SeasonRound
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import ReadEntry
from sync_server.award.facts import KeptFacts
from sync_server.award.season_entries import entry_with, is_manual, season_entrant
from sync_server.database.queries import standings as queries
from sync_server.database.queries.jobs import subjects_asked_for
from sync_server.jobs import wishes

_EASE = frozenset({"ease", "no_ease"})
_Judged = tuple[tuple[EaseFigures, int], ...]  # and how many visits have them; none where somebody decided


class Alike(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """Visits that are alike: what `SeasonAssessment` has of each. Bases are in whole numbers: they are read sooner."""

    base: tuple[int, int] | None
    ease: bool = False
    base_unzeroed: tuple[int, int] | None = None
    critical_failed: bool = False
    penalty: bool = False
    unreached: bool = False
    is_void: bool = False
    variant: str | None = None
    recordings: int | None = None
    subchannel: str | None = None
    attempts: tuple[Attempt, ...] | None = None

    def assessment(self, *, ease: bool) -> SeasonAssessment:
        """Return one of them, its ease as it is judged."""
        return SeasonAssessment(
            id="",
            base=None if self.base is None else Fraction(*self.base),
            base_unzeroed=None if self.base_unzeroed is None else Fraction(*self.base_unzeroed),
            critical_failed=self.critical_failed,
            ease=ease,
            penalty=self.penalty,
            unreached=self.unreached,
            void="void" if self.is_void else None,
            variant=self.variant,
            recordings=self.recordings,
            subchannel=self.subchannel,
            attempts=self.attempts,
        )


class KeptRound(msgspec.Struct, frozen=True, array_like=True):
    """A round's visits, and how many are alike. `figures` is the wire JSON of the ease figures of each of `alike`."""

    alike: tuple[tuple[Alike, int], ...]
    figures: msgspec.Raw
    ivrs: tuple[Fraction, ...]
    consistency: Fraction | None


class KeptVisits(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What `standings.visits` holds. `inputs` are those of the standing; `has_figures`: of all that have an ease."""

    inputs: str
    rounds: tuple[KeptRound, ...]
    ivrs_panel: Fraction | None = None
    has_settled: bool = False
    has_figures: bool = True


def kept_visits_of(desk: SeasonDesk, read: ReadEntry) -> KeptVisits:
    """Return what is kept of the visits in `read`, an entry as it is at `desk`."""
    entry = read.entrant.entries[0]
    has_ease = entry.channel in FIGURES
    facts = {row.id: facts for row, facts in read.facts}
    decided = {each.id: _decided(each) for round_ in entry.rounds for each in round_.assessments}
    judged = [facts[name] for name, kinds in decided.items() if not kinds & _EASE]
    return KeptVisits(
        inputs=desk.inputs(read.row),
        rounds=tuple(_kept_round(round_, facts, decided) for round_ in entry.rounds),
        ivrs_panel=entry.ivrs_panel,
        has_settled=any("settled" in kinds for kinds in decided.values()),
        has_figures=not has_ease or all(each.figures is not None or each.base is None for each in judged),
    )


def scored_alike(
    now: SeasonDesk, other: SeasonDesk, keys: Collection[tuple[str, str]], changed: Collection[str]
) -> Iterator[EntryScore]:
    """Yield those of the entries `keys` that can be scored at `other` by what is kept of their standings at `now`.

    `changed` names the parameters that differ between the two. Assessments of a yielded entry are without names.
    """
    kept = queries.kept_visits(now.db)
    waiting = {wishes.entry_of(each) for each in subjects_asked_for(now.db, wishes.STANDING)}
    inputs = {(row.entrant_id, row.channel): now.inputs(row) for row in now.entry_rows(keys)}
    for row in other.entry_rows(keys):
        key = (row.entrant_id, row.channel)
        if key in waiting or key not in kept:
            continue
        visits = _read(kept[key])
        if visits is None or visits.inputs != inputs[key] or not _follows(visits, other, changed):
            continue
        rounds = tuple(_round(number, each, now, other) for number, each in enumerate(visits.rounds, 1))
        yield other.score(season_entrant(row, (entry_with(row, rounds, visits.ivrs_panel),)))


def _read(kept: str) -> KeptVisits | None:
    try:
        return wire.decode(kept, KeptVisits)
    except wire.NotReadableError:  # another release kept it in another form: its visits are read one by one
        return None


def _follows(visits: KeptVisits, other: SeasonDesk, changed: Collection[str]) -> bool:
    """Whether what is kept says everything that the changed parameters ask for (ALK-4)."""
    if "rounds.weights" in changed and len(other.rules.numbers("rounds.weights")) != len(visits.rounds):
        return False
    if "critical.effect" in changed and visits.has_settled:
        return False
    if any(name.startswith("ease.test.") for name in changed) and not visits.has_figures:
        return False
    return "consistency.method" not in changed or not any(
        is_manual(other.in_force, number) for number, _ in enumerate(visits.rounds, 1)
    )


def _round(number: int, kept: KeptRound, now: SeasonDesk, other: SeasonDesk) -> SeasonRound:
    test = EaseTest.of(other.rules_of(number))
    is_other_test = test != EaseTest.of(now.rules_of(number))
    figures = wire.decode(bytes(kept.figures), tuple[_Judged, ...]) if is_other_test else repeat(())
    assessments: list[Iterable[SeasonAssessment]] = []
    for (alike, times), judged in zip(kept.alike, figures, strict=False):
        if judged:
            eased = sum(count for each, count in judged if each.met(test))
            assessments.append(repeat(alike.assessment(ease=True), eased))
            assessments.append(repeat(alike.assessment(ease=False), times - eased))
        else:
            assessments.append(repeat(alike.assessment(ease=alike.ease), times))
    return SeasonRound(
        assessments=tuple(chain.from_iterable(assessments)), ivrs=kept.ivrs, consistency=kept.consistency
    )


def _kept_round(
    round_: SeasonRound, facts: Mapping[str, KeptFacts], decided: Mapping[str, frozenset[str]]
) -> KeptRound:
    times: Counter[tuple[Alike, bool]] = Counter()
    figures: defaultdict[tuple[Alike, bool], Counter[EaseFigures]] = defaultdict(Counter)
    for each in round_.assessments:
        found = None if _EASE & decided[each.id] else facts[each.id].figures
        key = (_alike(each), found is not None)
        times[key] += 1
        if found is not None:
            figures[key][found] += 1
    return KeptRound(
        alike=tuple((alike, count) for (alike, _), count in times.items()),
        figures=msgspec.Raw(wire.encode([tuple(figures[key].items()) if key[1] else () for key in times])),
        ivrs=round_.ivrs,
        consistency=round_.consistency,
    )


def _alike(each: SeasonAssessment) -> Alike:
    if each.void is not None:
        return Alike(None, is_void=True)
    has_failure = any(tried.outcome in FAILURES for tried in each.attempts or ())
    return Alike(
        _ratio(each.base),
        ease=each.ease,
        base_unzeroed=_ratio(each.base_unzeroed),
        critical_failed=each.critical_failed,
        penalty=each.penalty,
        unreached=each.unreached,
        variant=each.variant,
        recordings=each.recordings,
        subchannel=each.subchannel,
        attempts=each.attempts if has_failure else None,
    )


def _ratio(base: Fraction | None) -> tuple[int, int] | None:
    return None if base is None else base.as_integer_ratio()


def _decided(each: SeasonAssessment) -> frozenset[str]:
    """Return the kinds of decision there are about a visit."""
    decisions = each.notes.get("decisions")
    return frozenset(one["kind"] for one in decisions) if isinstance(decisions, list) else frozenset()
