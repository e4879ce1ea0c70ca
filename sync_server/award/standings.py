"""Standings: the scored entry kept for each entry, made anew when one of its assessments, decisions or rules changes.

STN-1  An arrival recomputes one entry from kept facts; only the records that are new or changed are read.
STN-2  Pages read kept standings and decide the awards from them; a standing whose entry or rules have changed since is
       made anew on the spot, so that no page ever shows figures of other rules.
STN-3  Everything goes through `checklists.season`: the exported file is the very input of what the pages show.
STN-4  A grade under rules that no grade was made under yet is a new row; nothing is overwritten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists import wire
from checklists.award.badge import MarkRules
from checklists.award.decide import Decision, decide_awards
from checklists.award.entry_score import EntryFacts, EntryScore, score_entry
from checklists.award.rounds import RoundScore
from checklists.language import Sentence
from checklists.number import shown
from checklists.record.assessment import ERASED, Assessment, Attempt
from checklists.record.assignment import Assignment
from checklists.rules.ruleset import Ruleset
from checklists.rules.score_rules import ScoreRules
from checklists.season.model import Season, SeasonEntrant
from checklists.season.score import EntryDesk
from sync_server.award.facts import KeptFacts, facts_of, tests_digest
from sync_server.award.season_entries import counts, season_entrant, season_entry
from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries import standings as queries
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.grades import append_grades
from sync_server.database.queries.standings import EntryRow, FactsRow
from sync_server.database.writer import Writer
from sync_server.fieldwork.earlier_tries import tries_to_count
from sync_server.season.forms import FormBook
from sync_server.season.rules import Rules, rules_in_force


class KeptStanding(msgspec.Struct, frozen=True, kw_only=True):
    """What `standings.body` holds: an entry's rounds without their assessments; final and mark follow from them."""

    inputs: str
    facts: EntryFacts
    rounds: tuple[RoundScore, ...]
    warnings: tuple[Sentence, ...]


class Fresh(NamedTuple):
    """An entry as the season model has it, and what had to be read anew on the way."""

    row: EntryRow
    entrant: SeasonEntrant
    taken: Sequence[tuple[FactsRow, KeptFacts]]
    counted: Sequence[tuple[FactsRow, KeptFacts]]


class Standings:
    """Makes and keeps standings. Called by the worker with "entrant/channel"; safe to repeat."""

    def __init__(self, database: Database, writer: Writer, clock: Clock, book: FormBook) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._book = book

    def __call__(self, subject: str) -> None:
        """Make the standing of one entry and keep it. Returns once it is durable."""
        entrant_id, _, channel = subject.rpartition("/")
        with self._database.reading() as db:
            in_force = rules_in_force(db)
            row = next(iter(queries.entry_rows(db, (entrant_id, channel))), None)
            if row is None:
                return
            fresh = read_entry(db, row, in_force, self._book)
            ungraded = _ungraded(db, fresh, in_force)
        told = desk_for(in_force).entry(fresh.entrant, fresh.entrant.entries[0])
        now = self._clock()

        def write(db: Connection) -> None:
            keep(db, fresh, told, in_force, ungraded=ungraded, now=now)

        self._writer.run_from_thread(write)


def keep(
    db: Connection,
    fresh: Fresh,
    told: EntryScore,
    in_force: Rules,
    *,
    ungraded: Sequence[tuple[FactsRow, KeptFacts]],
    now: datetime,
) -> None:
    """Write what was made: facts, grades under new rules, the standing, and the change that tells open pages."""
    queries.keep_facts(db, _facts_to_keep(db, fresh.taken))
    append_grades(db, _regraded(ungraded, in_force.rules, now))
    entrant_id, channel = told.key
    queries.keep_standing(
        db,
        {
            "entrant_id": entrant_id,
            "channel": channel,
            "final": None if told.final is None else str(told.final),
            "final_shown": "" if told.final is None else shown(told.final),
            "final_millionths": None if told.final is None else int(told.final * 1_000_000),
            "grade": told.grade,
            "body": wire.encode(_kept(told, _inputs(fresh.row, in_force))).decode(),
            "ruleset_digest": in_force.rules.digest,
            "computed_at": now,
        },
    )
    subject = f"{entrant_id}/{channel}"
    append_changes(db, [NewChange(audience="office", kind="standing", subject_id=subject, changed_at=now)])


def _facts_to_keep(db: Connection, taken: Sequence[tuple[FactsRow, KeptFacts]]) -> Sequence[Mapping[str, Any]]:
    # The words of a record may have been erased since it was read for this.
    bare = queries.without_words_among(db, [row.id for row, facts in taken if facts.void_reason])
    return [
        {
            "assessment_id": row.id,
            "digest": row.digest,
            "tests_digest": row.tests_digest,
            "body": wire.encode(
                msgspec.structs.replace(facts, void_reason=ERASED) if row.id in bare else facts
            ).decode(),
        }
        for row, facts in taken
    ]


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


def standing_of(db: Connection, key: tuple[str, str], in_force: Rules, book: FormBook) -> EntryScore | None:
    """Return one entry scored with all its assessments; None when there is no such entry."""
    row = next(iter(queries.entry_rows(db, key)), None)
    if row is None:
        return None
    entrant = read_entry(db, row, in_force, book).entrant
    return desk_for(in_force).entry(entrant, entrant.entries[0])


def kept_standings(db: Connection, in_force: Rules, book: FormBook) -> tuple[EntryScore, ...]:
    """Return every entry as kept, its rounds without their assessments; what is out of date is made anew here."""
    kept = {(row.entrant_id, row.channel): row for row in queries.standing_rows(db)}
    score_rules, mark_rules = ScoreRules.of(in_force.rules), MarkRules.of(in_force.rules)
    told = []
    for row in queries.entry_rows(db):
        held = kept.get((row.entrant_id, row.channel))
        body = wire.decode(held.body, KeptStanding) if held else None
        if body is None or body.inputs != _inputs(row, in_force):
            entrant = read_entry(db, row, in_force, book).entrant
            told.append(desk_for(in_force).entry(entrant, entrant.entries[0]))
            continue
        told.append(
            score_entry(
                body.facts,
                body.rounds,
                score_rules,
                mark_rules,
                editions_held=in_force.editions,
                year=in_force.year,
                warnings=body.warnings,
            )
        )
    return tuple(told)


def awards_of(told: Sequence[EntryScore], in_force: Rules) -> tuple[Decision, ...]:
    """Decide the awards from standings."""
    return decide_awards(told, in_force.rules, year=in_force.year)


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


def _regraded(
    ungraded: Sequence[tuple[FactsRow, KeptFacts]], rules: Ruleset, now: datetime
) -> Sequence[Mapping[str, Any]]:
    zeroes = rules.text("critical.effect") == "section_zero"
    bases = [
        (row, facts, facts.base if zeroes or facts.base_unzeroed is None else facts.base_unzeroed)
        for row, facts in ungraded
    ]
    return [
        {
            "assessment_id": row.id,
            "revision": row.revision,
            "digest": row.digest,
            "form": facts.form,
            "ruleset_digest": rules.digest,
            "base": str(base),
            "why_no_base": "",
            "graded_at": now,
        }
        for row, facts, base in bases
        if base is not None
    ]


def _kept(told: EntryScore, inputs: str) -> KeptStanding:
    rounds = tuple(msgspec.structs.replace(held, assessments=()) for held in told.rounds)
    # `score_entry` adds the rounds' own warnings again when the standing is read.
    own = sum(held.bonus.warning is not None for held in rounds)
    return KeptStanding(
        inputs=inputs, facts=told.facts, rounds=rounds, warnings=told.warnings[: len(told.warnings) - own]
    )


def _inputs(row: EntryRow, in_force: Rules) -> str:
    """Name everything but the assessments that a standing was made of."""
    told = [row._asdict(), in_force.rules.digest]
    return hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()
