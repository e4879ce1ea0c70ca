"""Standings: the scored entry kept for each entry, made anew when one of its assessments, rulings or rules changes.

STN-1  An arrival recomputes one entry from kept facts; only the records that are new or changed are read.
STN-2  Pages read kept standings and decide the awards from them; a standing whose entry, rulings or rules have changed
       since is made anew on the spot: no page shows figures of other rules, and whoever ruled sees it at once.
STN-3  Everything goes through `checklists.season`: the exported file is the very input of what the pages show.
STN-5  Where an entry is heading, and how many visits that rests on, is kept for each day on which its standing is made,
       as the day ends with it. A withdrawn entry, or one without a scored round, has no such day.
STN-4  A base under rules that no base was kept under yet is a new row; nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists import wire
from checklists.award.badge import BadgeRules
from checklists.award.entry_score import EntryFacts, EntryScore, score_entry
from checklists.award.projection import projection
from checklists.award.rounds import RoundScore, score_again
from checklists.language import Sentence
from checklists.number import shown
from checklists.record.assessment import ERASED
from checklists.rules.score_rules import ScoreRules
from sync_server.award.alike import kept_visits_of
from sync_server.award.base_rows import base_rows, without_base
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import read_entry
from sync_server.award.facts import KeptFacts
from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries import standings as queries
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.database.queries.grades import append_bases
from sync_server.database.queries.jobs import subjects_asked_for
from sync_server.database.queries.projected_days import DayRow, keep_days
from sync_server.database.queries.standings import EntryRow, FactsRow, KeptFactsRow, KeptStandingRow
from sync_server.jobs.wishes import STANDING, entry_of
from sync_server.season.forms import FormBook


class KeptStanding(msgspec.Struct, frozen=True, kw_only=True):
    """What `standings.body` holds: an entry's rounds without their assessments; final and badge follow from them."""

    inputs: str
    facts: EntryFacts
    rounds: tuple[RoundScore, ...]
    warnings: tuple[Sentence, ...]


class MadeStanding(NamedTuple):
    """One entry scored, the facts that were taken anew for it, and those without a base under the rules in force.

    `visits` is the wire JSON of what it was made of.
    """

    row: EntryRow
    score: EntryScore
    new_facts: Sequence[tuple[FactsRow, KeptFacts]]
    without_base: Sequence[tuple[FactsRow, KeptFacts]]
    visits: str


class Standings:
    """Makes standings. Called by the worker with the subjects of `standing_job`s; safe to repeat."""

    def __init__(self, database: Database, clock: Clock, book: FormBook) -> None:
        self._database = database
        self._clock = clock
        self._book = book

    def __call__(self, subjects: Sequence[str]) -> Callable[[Connection], None]:
        """Make the standing of each entry, and return what keeps them all. An entry that is gone is passed over."""
        with self._database.reading() as db:
            desk = SeasonDesk.of(db, self._book)
            made = [made_standing(desk, row) for row in desk.entry_rows([entry_of(each) for each in subjects])]
        now = self._clock()
        return lambda db: keep(db, desk, made, now)


def made_standing(desk: SeasonDesk, row: EntryRow) -> MadeStanding:
    """Return one entry scored at `desk`, to be kept."""
    entry = read_entry(desk, row)
    visits = wire.encode(kept_visits_of(desk, entry)).decode()
    return MadeStanding(row, desk.score(entry.entrant), entry.new_facts, without_base(desk, entry), visits)


def keep(db: Connection, desk: SeasonDesk, made: Sequence[MadeStanding], now: datetime) -> None:
    """Write what was made at `desk` to `db`: facts, bases under new rules, standings, and what tells open pages."""
    queries.keep_facts(db, _facts_to_keep(db, [facts for each in made for facts in each.new_facts]))
    append_bases(db, base_rows([facts for each in made for facts in each.without_base], desk, now))
    queries.keep_standings(db, [_standing_to_keep(each, desk, now) for each in made])
    on = now.astimezone(desk.zone).date().isoformat()
    keep_days(db, [day for each in made if (day := day_of(each.score, desk, on)) is not None])
    subjects = ["/".join(each.score.key) for each in made]
    append_changes(
        db, [NewChange(audience="office", kind="standing", subject_id=each, changed_at=now) for each in subjects]
    )


def _standing_to_keep(made: MadeStanding, desk: SeasonDesk, now: datetime) -> KeptStandingRow:
    score = made.score
    entrant_id, channel = score.key
    return KeptStandingRow(
        entrant_id=entrant_id,
        channel=channel,
        final=None if score.final is None else str(score.final),
        final_shown="" if score.final is None else shown(score.final),
        final_millionths=None if score.final is None else int(score.final * 1_000_000),
        grade=score.grade,
        body=wire.encode(_kept(score, desk.inputs(made.row))).decode(),
        ruleset_digest=desk.in_force.digest,
        computed_at=now,
        visits=made.visits,
    )


def day_of(score: EntryScore, desk: SeasonDesk, on: str) -> DayRow | None:
    """Return where an entry is heading on a day; None where nothing is projected. `score` has its assessments."""
    ahead = projection(score.rounds, ScoreRules.of(desk.rules))
    if ahead.final is None or score.facts.is_withdrawn:
        return None
    made = sum(each.made for each in score.rounds if each.score is not None)
    return DayRow(*score.key, on, shown(ahead.final), ahead.grade, made)


def _facts_to_keep(db: Connection, new_facts: Sequence[tuple[FactsRow, KeptFacts]]) -> Sequence[KeptFactsRow]:
    # The words of a record may have been erased since it was read for this.
    bare = queries.without_words_among(db, [row.id for row, facts in new_facts if facts.void_reason])
    return [
        KeptFactsRow(
            assessment_id=row.id,
            digest=row.digest,
            tests_digest=row.tests_digest or "",
            body=wire.encode(msgspec.structs.replace(facts, void_reason=ERASED) if row.id in bare else facts).decode(),
        )
        for row, facts in new_facts
    ]


def standing_of(desk: SeasonDesk, key: tuple[str, str]) -> EntryScore | None:
    """Return one entry scored with all its assessments; None when there is no such entry."""
    row = next(iter(desk.entry_rows([key])), None)
    return None if row is None else desk.score(read_entry(desk, row).entrant)


def kept_standings(desk: SeasonDesk, *, to_the_moment: bool = False) -> tuple[EntryScore, ...]:
    """Return every entry as kept, its rounds without their assessments; what is out of date is made anew here.

    `to_the_moment`: so is what the worker has not made yet of visits that came or changed.
    """
    waiting = {entry_of(each) for each in subjects_asked_for(desk.db, STANDING)} if to_the_moment else set()
    kept = {
        (row.entrant_id, row.channel): row
        for row in queries.standing_rows(desk.db)
        if (row.entrant_id, row.channel) not in waiting
    }
    score_rules, badge_rules = ScoreRules.of(desk.rules), BadgeRules.of(desk.rules)
    scores = []
    for row in desk.entry_rows():
        kept_row = kept.get((row.entrant_id, row.channel))
        body = wire.decode(kept_row.body, KeptStanding) if kept_row else None
        if body is None or body.inputs != desk.inputs(row):
            scores.append(desk.score(read_entry(desk, row).entrant))
            continue
        scores.append(
            score_entry(
                body.facts,
                body.rounds,
                score_rules,
                badge_rules,
                editions_held=desk.in_force.editions,
                year=desk.in_force.year,
                warnings=body.warnings,
            )
        )
    return tuple(scores)


def scored_again(now: SeasonDesk, other: SeasonDesk, scores: Sequence[EntryScore]) -> Sequence[EntryScore]:
    """Return entries scored at `now` as they are at `other`, whose rules leave every assessment and FAQ as it is.

    Left out are those of which the figures of a round do not say it: their visits are to be looked at.
    """
    score_rules, badge_rules = ScoreRules.of(other.rules), BadgeRules.of(other.rules)
    numbers = range(1, len(score_rules.weights) + 1)
    pairs = [(ScoreRules.of(now.rules_of(number)), ScoreRules.of(other.rules_of(number))) for number in numbers]
    held, year = other.in_force.editions, other.in_force.year
    again = []
    for one in scores:
        rounds = [
            each if old == new else score_again(each, old, new)
            for each, (old, new) in zip(one.rounds, pairs, strict=True)
        ]
        said = [each for each in rounds if each is not None]
        if len(said) == len(rounds):
            again.append(score_entry(one.facts, said, score_rules, badge_rules, editions_held=held, year=year))
    return again


def without_assessments(score: EntryScore) -> EntryScore:
    """Return an entry as it is kept: its rounds scored, without the thousands of figures they were scored from."""
    return msgspec.structs.replace(score, rounds=_bare(score.rounds))


def _bare(rounds: Sequence[RoundScore]) -> tuple[RoundScore, ...]:
    return tuple(msgspec.structs.replace(each, assessments=()) for each in rounds)


def _kept(score: EntryScore, inputs: str) -> KeptStanding:
    rounds = _bare(score.rounds)
    # `score_entry` adds the rounds' own warnings again when the standing is read.
    own = sum(each.bonus.warning is not None for each in rounds)
    warnings = score.warnings[: len(score.warnings) - own]
    return KeptStanding(inputs=inputs, facts=score.facts, rounds=rounds, warnings=warnings)
