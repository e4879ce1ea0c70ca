"""The level of a visit: decided by one, confirmed by another, withdrawn with a reason; and who holds what.

DCD-1  A visit is decided only once its second rating is final and no item is open. What is decided is a frozen copy
       with its digest: ratings, level by both readings with why, scorecard, who rated, and the programme.
DCD-2  A second person confirms it; neither made the visit, neither is tied to the organisation, and each has declared
       ties in that year. Only then is it shown to anybody outside the office.
DCD-3  A certificate is of a confirmed level of 1 or more. The register shows it with its days; one that has ended, or
       was withdrawn, stays in the register and says so. Holders whom the source names stand there as printed, undated.
DCD-4  The company reads its own level, with why, its scorecard and its certificate, from the second name on, and no
       longer once it is withdrawn. It reads what was frozen, and nothing of who rated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec
from sqlalchemy import Connection

from checklists.csqs.gates import cre_missing, ends_on, holds
from checklists.csqs.level import Level
from checklists.csqs.standard import Standard
from checklists.language import LANGUAGES, N_, Sentence, SentenceError, Text, sentence
from sync_server.csqs.moderating import Doer
from sync_server.csqs.rated import Rated, rated_of
from sync_server.database.queries import closing, csqs_decisions
from sync_server.database.queries import csqs as visits
from sync_server.database.queries.csqs import VisitRow
from sync_server.database.queries.csqs_decisions import DecisionRow, HolderRow
from sync_server.publication.signers import Signer, refusal_to_sign
from sync_server.season.rules import version_in_force


class CannotDecideLevelError(SentenceError):
    """It cannot be decided like this; the message says why."""


class Registered(NamedTuple):
    """One line of the register. `state`: holds, later, ended, withdrawn, printed."""

    name: Text
    level: int
    begins_on: str
    ends_on: str
    state: str


class Gate(NamedTuple):
    """What a CRE entry of a company still lacks."""

    company: Text
    missing: tuple[Sentence, ...]


def decide(db: Connection, standard: Standard, assessment_id: str, given: tuple[date, str], by: Doer) -> DecisionRow:
    """Decide the level of a visit from a day on, with a reason (DCD-1). In a write.

    Raises:
        CannotDecideLevelError: an item is open, no second rating is final, it is decided, no reason, or not this
            person.
        LookupError: there is no such visit.
    """
    begins_on, reason = given
    rated = rated_of(db, standard, assessment_id)
    if rated.decision is not None:
        raise CannotDecideLevelError(sentence(N_("The visit is decided already.")))
    if not rated.moderator:
        raise CannotDecideLevelError(sentence(N_("A second person has to rate the visit first.")))
    if rated.open_items:
        words = N_("Settle these items first: {items}.")
        raise CannotDecideLevelError(sentence(words, items=tuple(rated.open_items)))
    _check(db, rated.visit, by, [])
    if not reason.strip():
        raise CannotDecideLevelError(sentence(N_("Give a reason: it is kept with the decision.")))
    body = _frozen(standard, rated)
    digest = hashlib.sha256(msgspec.json.encode(body, order="sorted")).hexdigest()
    row = DecisionRow(
        id=f"csqs-{uuid4().hex[:12]}",
        assessment_id=assessment_id,
        entrant_id=rated.visit.company_id,
        level=rated.levels[0].number,
        begins_on=begins_on.isoformat(),
        ends_on=ends_on(begins_on, standard.valid_months).isoformat(),
        body=body,
        digest=digest,
        reason=reason.strip()[:2000],
        decided_by=by.user_id,
        decided_at=by.now,
    )
    csqs_decisions.add_decision(db, row)
    return row


def confirm(db: Connection, decision_id: str, by: Doer) -> None:
    """Confirm a decision as the second person (DCD-2). In a write.

    Raises:
        CannotDecideLevelError: not this person, or there is nothing to confirm.
        LookupError: there is no such decision.
    """
    row = _decision(db, decision_id)
    (visit,) = visits.visits(db, row.assessment_id)
    _check(db, visit, by, [row.decided_by])
    if not csqs_decisions.confirm(db, decision_id, by.user_id, by.now):
        raise CannotDecideLevelError(sentence(N_("It is confirmed or withdrawn already.")))


def withdraw(db: Connection, decision_id: str, reason: str, by: Doer) -> None:
    """Withdraw a decision, with why (DCD-3). In a write.

    Raises:
        CannotDecideLevelError: no reason, or it is withdrawn. LookupError: there is no such decision.
    """
    _decision(db, decision_id)
    if not reason.strip():
        raise CannotDecideLevelError(sentence(N_("Give a reason: it is kept with the decision.")))
    if not csqs_decisions.withdraw(db, decision_id, by.user_id, reason.strip()[:2000], by.now):
        raise CannotDecideLevelError(sentence(N_("It was withdrawn already.")))


def register(db: Connection, standard: Standard, today: date) -> Sequence[Registered]:
    """Return the register: the highest level first, then by day; last those of the source (DCD-3)."""
    lines = []
    for row in csqs_decisions.decisions(db):
        if row.confirmed_at is None or not row.level:
            continue
        lines.append(Registered(row.body["company"], row.level, row.begins_on, row.ends_on, state_of(row, today)))
    lines.sort(key=lambda line: (line.state != "holds", -line.level, line.begins_on))
    return [*lines, *(Registered(one.name, one.level, "", "", "printed") for one in standard.holders)]


def state_of(row: DecisionRow, today: date) -> str:
    """Return how a decision stands on a day: holds, later, ended, withdrawn."""
    begins, ends = date.fromisoformat(row.begins_on), date.fromisoformat(row.ends_on)
    dated = "holds" if holds(begins, ends, today) else "later" if today < begins else "ended"
    return "withdrawn" if row.withdrawn_at is not None else dated


def levels_of(db: Connection, entrant_id: str) -> Sequence[DecisionRow]:
    """Return the levels that a company may read, the newest first (DCD-4)."""
    return [row for row in csqs_decisions.decisions(db) if row.entrant_id == entrant_id and row.stands]


def gates(db: Connection) -> Sequence[Gate]:
    """Return what a CRE entry of each company with a visit or a holder lacks (CRE-1)."""
    decided = {row.entrant_id for row in csqs_decisions.decisions(db) if row.stands}
    held = {row.entrant_id for row in csqs_decisions.holders(db)}
    concerned = decided | held | {row.company_id for row in visits.visits(db)}
    return [
        Gate(one.name, cre_missing(int(one.id in held), int(one.id in decided)))
        for one in visits.companies(db)
        if one.id in concerned
    ]


def add_holder(db: Connection, typed: Mapping[str, str], by: Doer) -> None:
    """Keep somebody of a company who holds a CCSM. In a write.

    Raises:
        CannotDecideLevelError: a field is missing, the day is none, or the number is another's.
    """
    number, person = typed.get("number", "").strip()[:60], typed.get("person", "").strip()[:200]
    company, day = typed.get("company", ""), typed.get("held_on", "").strip()
    if company not in {row.id for row in visits.companies(db)} or not number or not person:
        raise CannotDecideLevelError(sentence(N_("Give company, person and number of the certificate.")))
    try:
        held_on = date.fromisoformat(day)
    except ValueError as error:
        raise CannotDecideLevelError(sentence(N_("Write the day as 2026-11-30."))) from error
    if held_on > by.now.date():
        raise CannotDecideLevelError(sentence(N_("That day is still to come.")))
    if not csqs_decisions.add_holder(db, HolderRow(number, company, person, day, by.user_id, by.now)):
        raise CannotDecideLevelError(sentence(N_("That number is kept already.")))


def _decision(db: Connection, decision_id: str) -> DecisionRow:
    row = csqs_decisions.decision_of(db, decision_id)
    if row is None:
        raise LookupError(decision_id)
    return row


def _check(db: Connection, visit: VisitRow, by: Doer, signed_by: Sequence[str]) -> None:
    declared, zone = closing.declaration_of(db, by.user_id), version_in_force(db).zone
    year = by.now.astimezone(zone).year
    is_of_this_year = declared is not None and declared.declared_at.astimezone(zone).year == year
    made = declared is not None and declared.assessor_id == visit.assessor_id
    ties = declared.organisations if declared is not None and is_of_this_year else None
    signer = Signer(user_id=by.user_id, assessed=int(made), ties=ties)
    named = closing.called(db, {visit.organisation, visit.company_id})
    refused = refusal_to_sign(signer, signed_by, named, year=year)
    if refused is not None:
        raise CannotDecideLevelError(refused)


def _frozen(standard: Standard, rated: Rated) -> dict[str, Any]:
    card, own, other = rated.card, *rated.levels
    assert card is not None  # noqa: S101 - there are levels
    lines = (card.whole, card.cskm, card.iso9000, *card.perspectives, *card.processes)
    return {
        "programme": standard.name,
        "company": dict(rated.visit.company),
        "industry": rated.visit.industry,
        "module": rated.visit.module,
        "revision": rated.digest,
        "ratings": {pair.item: pair.counted for pair in rated.pairs},
        "moderated_by": rated.moderator,
        "whole": _plain(card.whole.percent),
        "figures": {line.code: _plain(line.percent) for line in lines},
        "level": _level(own),
        "other_reading": _level(other),
    }


def _level(level: Level) -> dict[str, Any]:
    stages = [{"number": one.number, "percent": _plain(one.percent), "passed": one.is_passed} for one in level.stages]
    why = [level.why, *(stage.why for stage in level.stages)]
    told = {language: [one.in_language(language) for one in why] for language in LANGUAGES}
    return {"model": level.model, "number": level.number, "stages": stages, "why": told}


def _plain(percent: Fraction | None) -> str | None:
    return None if percent is None else str(percent)
