"""Kept rows as the season model has them: one entry, what counts in it, and what was decided about it.

SEN-1  Decisions are folded oldest first: the last one of a pair (set, lifted) holds. A decision replaces the log.
SEN-2  Void assessments are listed with their reason; drafts are not listed at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from checklists import wire
from checklists.award.badge import PastResult
from checklists.forms.form import Channel
from checklists.record.assignment import ServiceHours
from checklists.rules.ruleset import Ruleset
from checklists.season.model import SeasonAssessment, SeasonEntrant, SeasonEntry, SeasonRound
from sync_server.award.facts import KeptFacts
from sync_server.database.queries.standings import DecisionRow, EntryRow, FactsRow

COUNTED = frozenset({"finished", "returned", "accepted"})


def counts(row: FactsRow, facts: KeptFacts) -> bool:
    """Does this assessment appear in standings? A draft, or one not finished yet, does not."""
    return row.status == "void" or (row.status in COUNTED and facts.is_complete)


def season_entrant(row: EntryRow, entries: tuple[SeasonEntry, ...]) -> SeasonEntrant:
    """Return an entrant with `entries`."""
    return SeasonEntrant(
        id=row.entrant_id,
        organisation=row.organisation,
        name=row.name,
        industry=row.industry,
        seats=row.seats,
        branches=row.branches,
        entries=entries,
    )


def season_entry(
    row: EntryRow,
    counted: Sequence[tuple[FactsRow, KeptFacts]],
    decided: Sequence[DecisionRow],
    *,
    rules: Ruleset,
) -> SeasonEntry:
    """Return an entry with what counts, and what was decided, oldest first, in the rounds that `rules` have."""
    is_manual = rules.text("consistency.method") == "manual"
    about: dict[str, list[DecisionRow]] = {}
    bonuses: dict[int, Fraction] = {}
    for decision in decided:
        if decision.assessment_id is not None:
            about.setdefault(decision.assessment_id, []).append(decision)
        elif decision.kind == "consistency" and decision.round is not None and is_manual:
            bonuses[decision.round] = Fraction(decision.value)
    rounds = []
    for number, _weight in enumerate(rules.numbers("rounds.weights"), start=1):
        here = [(held, facts) for held, facts in counted if held.round == number]
        rounds.append(
            SeasonRound(
                assessments=tuple(_assessment(held, facts, about.get(held.id, ())) for held, facts in here),
                ivrs=tuple(facts.ivrs for held, facts in here if facts.ivrs is not None and held.status != "void"),
                consistency=bonuses.get(number),
            )
        )
    return SeasonEntry(
        channel=Channel(row.channel),
        rounds=tuple(rounds),
        faq_filed_at=row.faq_filed_at,
        faq_in_time=row.faq_filing == "in_time",
        is_withdrawn=row.withdrawn,
        service=None if row.service is None else msgspec.convert(row.service, ServiceHours),
        history={int(past["year"]): _past(past) for past in row.history},
    )


def _past(past: Mapping[str, Any]) -> PastResult:
    return wire.decode(msgspec.json.encode(past), PastResult)


def _assessment(row: FactsRow, facts: KeptFacts, decided: Sequence[DecisionRow]) -> SeasonAssessment:
    last = {_SUBJECT[decision.kind]: decision for decision in decided}
    told = SeasonAssessment(
        id=row.id,
        base=facts.base,
        base_unzeroed=facts.base_unzeroed,
        critical_failed=facts.critical_failed,
        ease=facts.ease_met,
        attempts=facts.attempts or None,
        subchannel=facts.subchannel,
        notes=_notes(row, facts, decided),
    )
    if "ease" in last:
        told = msgspec.structs.replace(told, ease=last["ease"].kind == "ease")
    if "penalty" in last and facts.base is not None:
        told = msgspec.structs.replace(told, attempts=None, penalty=last["penalty"].kind == "penalty")
    if "unreached" in last:
        told = msgspec.structs.replace(told, attempts=None)
        if last["unreached"].kind == "unreached":
            told = msgspec.structs.replace(told, base=None, base_unzeroed=None, penalty=False, unreached=True)
    if row.status == "void":
        void = last.get("void")
        reason = (void.reason if void else "") or facts.void_reason or "void"
        told = msgspec.structs.replace(told, void=reason)
    return told


_SUBJECT: Mapping[str, str] = {
    "void": "void",
    "unvoid": "void",
    "penalty": "penalty",
    "no_penalty": "penalty",
    "unreached": "unreached",
    "no_unreached": "unreached",
    "ease": "ease",
    "no_ease": "ease",
    "consistency": "consistency",
}


def _notes(row: FactsRow, facts: KeptFacts, decided: Sequence[DecisionRow]) -> dict[str, object]:
    notes: dict[str, object] = {"form": facts.form, "revision": row.revision, "digest": row.digest}
    if decided:
        notes["decisions"] = [
            {"kind": told.kind, "reason": told.reason, "by": told.decided_by, "at": told.decided_at.isoformat()}
            for told in decided
        ]
    return notes
