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
from typing import Any

import msgspec
from sqlalchemy import Connection

from checklists import wire
from checklists.award.badge import BadgeRules
from checklists.award.decide import AwardResult, decide_awards
from checklists.award.entry_score import EntryFacts, EntryScore, score_entry
from checklists.award.rounds import RoundScore
from checklists.language import Sentence
from checklists.number import shown
from checklists.record.assessment import ERASED
from checklists.rules.score_rules import ScoreRules
from sync_server.award.entries import Fresh, _regraded, _ungraded, desk_for, read_entry
from sync_server.award.facts import KeptFacts
from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries import standings as queries
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.grades import append_bases
from sync_server.database.queries.standings import EntryRow, FactsRow
from sync_server.database.writer import Writer
from sync_server.jobs.wishes import entry_of
from sync_server.season.forms import FormBook
from sync_server.season.rules import Rules, rules_in_force


class KeptStanding(msgspec.Struct, frozen=True, kw_only=True):
    """What `standings.body` holds: an entry's rounds without their assessments; final and mark follow from them."""

    inputs: str
    facts: EntryFacts
    rounds: tuple[RoundScore, ...]
    warnings: tuple[Sentence, ...]


class Standings:
    """Makes and keeps standings. Called by the worker with the subject of a `standing_job`; safe to repeat."""

    def __init__(self, database: Database, writer: Writer, clock: Clock, book: FormBook) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._book = book

    def __call__(self, subject: str) -> None:
        """Make the standing of one entry and keep it. Returns once it is durable."""
        with self._database.reading() as db:
            in_force = rules_in_force(db)
            row = next(iter(queries.entry_rows(db, entry_of(subject))), None)
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
    append_bases(db, _regraded(ungraded, in_force.rules, now))
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
    score_rules, mark_rules = ScoreRules.of(in_force.rules), BadgeRules.of(in_force.rules)
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


def awards_of(told: Sequence[EntryScore], in_force: Rules) -> tuple[AwardResult, ...]:
    """Decide the awards from standings."""
    return decide_awards(told, in_force.rules, year=in_force.year)


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
