"""Kept rows as the season model has them: one entry, what counts in it, and the rulings about it.

SEN-1  Rulings are folded oldest first: the last one of a pair (set, lifted) holds. A ruling replaces the log.
SEN-2  Void assessments are listed with their reason; drafts are not listed at all.
SEN-3  A past result that an older import took without its final or its grade, or with figures no edition has, is left
       out: nothing can be decided by it. Every page, export and score goes on without it.
SEN-4  Where a visit was scored twice and somebody let that count, the settled base stands for its own (STL-2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from checklists import wire
from checklists.award.badge import PastResult
from checklists.forms.form import Channel
from checklists.record.assignment import ServiceHours
from checklists.season.fields import FIRST_YEAR, LAST_YEAR
from checklists.season.model import SeasonAssessment, SeasonEntrant, SeasonEntry, SeasonRound
from sync_server.award.facts import KeptFacts
from sync_server.award.settled import counting, note_of
from sync_server.database.queries.standings import EntryRow, FactsRow, RulingRow
from sync_server.season.rules import Rules

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
    rulings: Sequence[RulingRow],
    in_force: Rules,
) -> SeasonEntry:
    """Return an entry with what counts in it, in the rounds that the rules have. `rulings` come oldest first."""
    about: dict[str, list[RulingRow]] = {}
    bonuses: dict[int, Fraction] = {}
    ivrs_panel: Fraction | None = None
    for ruling in rulings:
        if ruling.assessment_id is not None:
            about.setdefault(ruling.assessment_id, []).append(ruling)
        elif ruling.kind == "consistency" and ruling.round is not None and is_manual(in_force, ruling.round):
            bonuses[ruling.round] = Fraction(ruling.value)
        elif ruling.kind == "ivrs_panel":
            ivrs_panel = Fraction(ruling.value)
    by_round: dict[int, list[tuple[FactsRow, KeptFacts]]] = defaultdict(list)
    for row_and_facts in counted:
        by_round[row_and_facts[0].round].append(row_and_facts)
    rounds = []
    for number, _ in enumerate(in_force.rules.numbers("rounds.weights"), 1):
        here = by_round[number]
        zeroes = in_force.rules_of(number).text("critical.effect") == "section_zero"
        rounds.append(
            SeasonRound(
                assessments=tuple(
                    _assessment(each, facts, about.get(each.id, ()), zeroes=zeroes) for each, facts in here
                ),
                ivrs=tuple(facts.ivrs for each, facts in here if facts.ivrs is not None and each.status != "void"),
                consistency=bonuses.get(number),
            )
        )
    return entry_with(row, tuple(rounds), ivrs_panel)


def entry_with(row: EntryRow, rounds: tuple[SeasonRound, ...], ivrs_panel: Fraction | None) -> SeasonEntry:
    """Return an entry with `rounds`, and what is kept of it beside them."""
    return SeasonEntry(
        channel=Channel(row.channel),
        rounds=rounds,
        faq_filed_at=row.faq_filed_at,
        faq_in_time=row.faq_filing == "in_time",
        is_withdrawn=row.withdrawn,
        service=None if row.service is None else msgspec.convert(row.service, ServiceHours),
        onsite_variant=row.onsite_variant,
        history={past.year: past for past in map(_past, row.history) if past is not None},
        ivrs_panel=ivrs_panel,
    )


def is_manual(in_force: Rules, number: int) -> bool:
    """Whether the bonus of a round is a coordinator's figure."""
    return in_force.rules_of(number).text("consistency.method") == "manual"


def _past(past: Mapping[str, Any]) -> PastResult | None:
    try:
        read = wire.decode(msgspec.json.encode(past), PastResult)
    except wire.NotReadableError:
        return None
    return read if FIRST_YEAR <= read.year <= LAST_YEAR and 0 <= read.final <= 100 else None


def _assessment(row: FactsRow, facts: KeptFacts, rulings: Sequence[RulingRow], *, zeroes: bool) -> SeasonAssessment:
    assessment = SeasonAssessment(
        id=row.id,
        base=facts.base,
        base_unzeroed=facts.base_unzeroed,
        critical_failed=facts.critical_failed,
        ease=facts.ease_met,
        attempts=facts.attempts or None,
        subchannel=facts.subchannel,
        variant=facts.variant,
        recordings=facts.recordings,
        notes=_notes(row, facts, rulings),
    )
    if not rulings and row.status != "void":  # nearly every one
        return assessment
    last = {_SUBJECT[ruling.kind]: ruling for ruling in rulings}
    changes: dict[str, Any] = {}
    if "settled" in last and facts.base is not None:
        first = facts.base if zeroes or facts.base_unzeroed is None else facts.base_unzeroed
        made = counting(last["settled"].value, row.digest, first)
        if made is not None and made.base is not None:
            notes = {**assessment.notes, "settled": note_of(last["settled"].value, first, made)}
            changes |= {"base": made.base, "base_unzeroed": None, "notes": notes}
    if "ease" in last:
        changes["ease"] = last["ease"].kind == "ease"
    if "penalty" in last and facts.base is not None:
        changes |= {"attempts": None, "penalty": last["penalty"].kind == "penalty"}
    if "unreached" in last:
        changes["attempts"] = None
        if last["unreached"].kind == "unreached":
            changes |= {"base": None, "base_unzeroed": None, "penalty": False, "unreached": True}
    if row.status == "void":
        void = last.get("void")
        changes["void"] = (void.reason if void else "") or facts.void_reason or "void"
    return msgspec.structs.replace(assessment, **changes)


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
    "settled": "settled",
    "ivrs_panel": "ivrs_panel",
}


def _notes(row: FactsRow, facts: KeptFacts, rulings: Sequence[RulingRow]) -> dict[str, object]:
    notes: dict[str, object] = {"form": facts.form, "revision": row.revision, "digest": row.digest}
    if rulings:
        notes["decisions"] = [
            {"kind": each.kind, "reason": each.reason, "by": each.decided_by, "at": each.decided_at.isoformat()}
            for each in rulings
        ]
    return notes
