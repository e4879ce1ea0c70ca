"""Entries as the season model has them, read from kept facts; only new or changed records are decoded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists import wire
from checklists.record.assessment import Assessment, Attempt
from checklists.record.assignment import Assignment
from checklists.rules.ruleset import Ruleset
from checklists.season.model import Season, SeasonEntrant
from checklists.season.score import EntryDesk
from sync_server.award.facts import KeptFacts, facts_of, tests_digest
from sync_server.award.season_entries import counts, season_entrant, season_entry
from sync_server.database.queries import standings as queries
from sync_server.database.queries.grades import BaseRow
from sync_server.database.queries.standings import EntryRow, FactsRow
from sync_server.fieldwork.earlier_tries import tries_to_count
from sync_server.season.forms import FormBook
from sync_server.season.rules import Rules


class Fresh(NamedTuple):
    """An entry as the season model has it, and what had to be read anew on the way."""

    row: EntryRow
    entrant: SeasonEntrant
    taken: Sequence[tuple[FactsRow, KeptFacts]]
    counted: Sequence[tuple[FactsRow, KeptFacts]]


def read_entry(db: Connection, row: EntryRow, in_force: Rules, book: FormBook) -> Fresh:
    """Return an entry as the season model has it, reading only records whose facts are not kept."""
    rows = queries.facts_rows(db, row.entrant_id, row.channel)
    earlier = _earlier(db, rows)
    tests = {held.id: tests_digest(in_force.rules, earlier.get(held.id, ())) for held in rows}
    stale = [held for held in rows if held.facts_digest != held.digest or held.tests_digest != tests[held.id]]
    read = queries.bodies(db, [held.id for held in stale]) if stale else {}
    taken = []
    for held in stale:
        body, assignment = read[held.id]
        facts = facts_of(
            wire.decode(body, Assessment),
            wire.decode(assignment, Assignment),
            in_force.rules,
            book,
            db,
            earlier=earlier.get(held.id, ()),
        )
        taken.append((held._replace(tests_digest=tests[held.id]), facts))
    fresh = {held.id: facts for held, facts in taken}
    counted = [(held, fresh.get(held.id) or wire.decode(held.body or "", KeptFacts)) for held in rows]
    decided = queries.decision_rows(db, row.entrant_id, row.channel)
    listed = [pair for pair in counted if counts(*pair)]
    is_manual = in_force.rules.text("consistency.method") == "manual"
    entry = season_entry(row, listed, decided, is_manual=is_manual)
    return Fresh(row, season_entrant(row, (entry,)), taken, listed)


def _earlier(db: Connection, rows: Sequence[FactsRow]) -> Mapping[str, tuple[Attempt, ...]]:
    """Return, by assessment, the tries of others who held its assignment and did not finish: nearly always none."""
    handed_on = {held.assignment_id for held in rows if held.status == "draft"}
    return {
        held.id: tries_to_count(db, held.assignment_id, held.assessor_id)
        for held in rows
        if held.assignment_id in handed_on and held.status != "draft"
    }


def desk_for(in_force: Rules, rules: Ruleset | None = None) -> EntryDesk:
    """Return what scores entries under the rules in force, or under others."""
    return EntryDesk(rules or in_force.rules, year=in_force.year, editions_held=in_force.editions)


def season_of(db: Connection, in_force: Rules, book: FormBook) -> Season:
    """Return the whole season as a season file has it."""
    entrants: dict[str, SeasonEntrant] = {}
    for row in queries.entry_rows(db):
        told = read_entry(db, row, in_force, book).entrant
        held = entrants.get(row.entrant_id)
        entrants[row.entrant_id] = (
            told if held is None else msgspec.structs.replace(held, entries=(*held.entries, *told.entries))
        )
    return Season(
        programme=in_force.programme,
        entrants=tuple(entrants.values()),
        editions_held=in_force.editions,
        forms=book.forms(db),
    )


def _ungraded(db: Connection, fresh: Fresh, in_force: Rules) -> Sequence[tuple[FactsRow, KeptFacts]]:
    """Return what has no grade under the rules in force: of what is new, or of everything once the rules changed."""
    if not in_force.is_set_up:
        return ()
    key = (fresh.row.entrant_id, fresh.row.channel)
    looked_at = fresh.taken if queries.ruleset_of_standing(db, key) == in_force.rules.digest else fresh.counted
    graded = queries.graded_under(db, [row.id for row, _ in looked_at], in_force.rules.digest)
    return [(row, facts) for row, facts in looked_at if counts(row, facts) and (row.id, row.digest) not in graded]


def _regraded(ungraded: Sequence[tuple[FactsRow, KeptFacts]], rules: Ruleset, now: datetime) -> Sequence[BaseRow]:
    zeroes = rules.text("critical.effect") == "section_zero"
    bases = [
        (row, facts, facts.base if zeroes or facts.base_unzeroed is None else facts.base_unzeroed)
        for row, facts in ungraded
    ]
    return [
        BaseRow(
            assessment_id=row.id,
            revision=row.revision,
            digest=row.digest,
            form=facts.form,
            ruleset_digest=rules.digest,
            base=str(base),
            why_no_base="",
            graded_at=now,
        )
        for row, facts, base in bases
        if base is not None
    ]
