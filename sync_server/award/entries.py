"""Entries as the season model has them, read from kept facts; only new or changed records are decoded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from checklists import wire
from checklists.record.assessment import Attempt
from checklists.record.assignment import Assignment
from checklists.season.model import Season, SeasonEntrant
from sync_server.award.desk import SeasonDesk
from sync_server.award.facts import KeptFacts, facts_of, tests_digest
from sync_server.award.season_entries import counts, season_entrant, season_entry
from sync_server.database.queries import standings as queries
from sync_server.database.queries.standings import EntryRow, FactsRow
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.fieldwork.earlier_tries import tries_to_count


class ReadEntry(NamedTuple):
    """An entry as the season model has it, the facts it rests on, and those among them that were taken anew."""

    row: EntryRow
    entrant: SeasonEntrant
    new_facts: Sequence[tuple[FactsRow, KeptFacts]]
    facts: Sequence[tuple[FactsRow, KeptFacts]]


def read_entry(desk: SeasonDesk, row: EntryRow) -> ReadEntry:
    """Return an entry as the season model has it, reading only records whose facts are not kept."""
    rows = queries.facts_rows(desk.db, row.entrant_id, row.channel)
    return _read(desk, row, rows, CountedRecords(desk.db, [each.id for each in rows]))


def read_entries(desk: SeasonDesk, keys: Collection[tuple[str, str]] | None = None) -> Iterator[ReadEntry]:
    """Yield what `read_entry` returns of every entry, or of those named, by entrant and channel."""
    counted = CountedRecords(desk.db)
    for row in desk.entry_rows(keys):
        # One entry after the other: a season's rows at once are more than a processor's cache holds, and slower.
        yield _read(desk, row, queries.facts_rows(desk.db, row.entrant_id, row.channel), counted)


def _read(desk: SeasonDesk, row: EntryRow, rows: Sequence[FactsRow], corrected: CountedRecords) -> ReadEntry:
    new_facts = _new_facts(desk, rows, corrected)
    fresh = {facts_row.id: facts for facts_row, facts in new_facts}
    every = [(each, fresh.get(each.id) or wire.decode(each.body or "", KeptFacts)) for each in rows]
    counted = [(each, facts) for each, facts in every if counts(each, facts)]
    rulings = queries.ruling_rows(desk.db, row.entrant_id, row.channel)
    entry = season_entry(row, counted, rulings, desk.in_force)
    return ReadEntry(row, season_entrant(row, (entry,)), new_facts, counted)


def _new_facts(
    desk: SeasonDesk, rows: Sequence[FactsRow], counted: CountedRecords
) -> Sequence[tuple[FactsRow, KeptFacts]]:
    """Take the facts of those records that came or changed, or whose ease tests or earlier tries did."""
    earlier = _earlier(desk, rows)
    made = {row.id: each for row in rows if row.id in counted and (each := counted.made_on(row.id, row.digest))}
    plain = {number: tests_digest(desk.rules_of(number), (), ()) for number in {row.round for row in rows}}
    own = {
        row.id: tests_digest(desk.rules_of(row.round), earlier.get(row.id, ()), made.get(row.id, ()))
        for row in rows
        if row.id in earlier or row.id in made
    }
    stale = [
        (row, tests)
        for row in rows
        if row.tests_digest != (tests := own.get(row.id) or plain[row.round]) or row.facts_digest != row.digest
    ]
    bodies = queries.bodies(desk.db, [row.id for row, _ in stale]) if stale else {}
    new_facts, assignments = [], {}
    for row, tests in stale:
        body, assignment, digest = bodies[row.id]
        if row.assignment_id not in assignments:
            assignments[row.assignment_id] = wire.decode(assignment, Assignment)
        facts = facts_of(
            counted.read(body, digest),
            assignments[row.assignment_id],
            desk,
            desk.rules_of(row.round),
            earlier=earlier.get(row.id, ()),
        )
        new_facts.append((row._replace(tests_digest=tests), facts))
    return new_facts


def _earlier(desk: SeasonDesk, rows: Sequence[FactsRow]) -> Mapping[str, tuple[Attempt, ...]]:
    """Return, by assessment, the tries of others who held its assignment and did not finish: nearly always none."""
    handed_on = {row.assignment_id for row in rows if row.status == "draft"}
    if not handed_on:
        return {}
    return {
        row.id: tries_to_count(desk.db, row.assignment_id, row.assessor_id)
        for row in rows
        if row.assignment_id in handed_on and row.status != "draft"
    }


def season_of(desk: SeasonDesk) -> Season:
    """Return the whole season as a season file has it."""
    entrants: dict[str, SeasonEntrant] = {}
    for row, read, _, _ in read_entries(desk):
        entrant, before = read, entrants.get(row.entrant_id)
        if before is not None:
            entrant = msgspec.structs.replace(before, entries=(*before.entries, *entrant.entries))
        entrants[row.entrant_id] = entrant
    return Season(
        programme=desk.in_force.programme,
        entrants=tuple(entrants.values()),
        editions_held=desk.in_force.editions,
        forms=desk.book.forms(desk.db),
        rules_by_round=desk.in_force.rules_by_round,
    )
