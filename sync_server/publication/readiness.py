"""The check list of a closing: what is still open of a round, each line a count and where to look.

RDY-1  Some lines stop the closing: visits nobody reviewed, returned ones that are not back, failed critical items
       without a second reader (SRD), double scores that are not settled (DBL-4) or do not count yet (STL-3), open
       questions between reviewers (CRR-3), six-tries windows that are open, nothing accepted at all, a quota missed
       without a reason (below `quota.close_min` without a second name), a server's clock that is not believed, accepted
       visits whose form version is gone: they would count for nothing.
RDY-5  Where more figures wait for the worker than a page may take, as after an upgrade, that stops it too: a critical
       item among them is not known yet.
RDY-2  Some ask for a reason, which is kept with the copy: files that did not come, contacts outside the round's dates,
       phones' clocks that were wrong, visits without a score, names and filed questions that no paper can print.
RDY-3  Some are only told: visits drawn for a second score that nobody gave, heavy flags that nobody cleared (RAG-1),
       borderline rounds of which nothing was read again (RAG-2), entries that withdrew, rounds before it that were not
       published.
RDY-4  The results are closed once every round is signed, and no correction of one waits for its signatures; those
       before the last are final, and their disputes settled (DSP-5). Names that no paper can print ask for a reason,
       and borderline finals of which nothing was read again (RAG-3) are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Connection

from checklists import wire
from checklists.days import moment_words
from checklists.forms.form import Channel
from checklists.language import N_, Sentence, Template, sentence
from checklists.plan.quota import Completion, Made, Quota, Size, Variant, completion, plan_of, variant_of
from checklists.record.assessment import Assessment
from checklists.record.assignment import Assignment
from checklists.record.attempts import in_order, judge, next_try
from checklists.record.round_of_contact import misplaced
from checklists.rules.attempt_rules import AttemptRules
from sync_server.award.desk import SeasonDesk
from sync_server.award.facts import KeptFacts
from sync_server.database.queries import closing as queries
from sync_server.database.queries.bench import open_queries
from sync_server.database.queries.closing import Shortfall
from sync_server.database.queries.publications import published, signed_off, standing_copy, what_of
from sync_server.database.queries.releases import round_rows
from sync_server.database.queries.standings import EntryRow
from sync_server.publication import disputes
from sync_server.publication.read_again import (
    borderline_finals_not_read_again,
    borderlines_not_read_again,
    flags_not_cleared,
)
from sync_server.publication.unprintable import unprintable_words
from sync_server.review.figures import failed_criticals
from sync_server.review.queue import Bench
from sync_server.review.second_reader import unread
from sync_server.review.second_scores import apart, owed
from sync_server.review.settling import waiting
from sync_server.season.observed_time import mark_of

NO_EARLIER = '"earlier_attempts":[]'  # in the body of an assignment


class Weight(StrEnum):
    """What a line that is not clear means."""

    STOPS = "stops"
    REASON = "reason"
    TOLD = "told"


class Line(NamedTuple):
    """One check: how many are open, what that means, where to look, and each with its words."""

    name: Template
    open: int
    weight: Weight
    address: str = ""
    details: Sequence[tuple[str, Sentence]] = ()  # an address, what is the matter there

    @property
    def is_clear(self) -> bool:
        """Whether nothing is open."""
        return self.open == 0


class QuotaLine(NamedTuple):
    """An entry that is short of its quota, and what was said about it."""

    key: tuple[str, str]
    name: dict[str, str]
    made: int
    asked: int
    needs: Completion
    said: Sequence[Shortfall]

    @property
    def is_explained(self) -> bool:
        """Whether as many people said why as it takes."""
        return len({one.given_by for one in self.said}) >= (2 if self.needs is Completion.NEEDS_SECOND_PERSON else 1)


class OpenLines(NamedTuple):
    """What of a check list decides about a closing: each line that stops it, with its count; and any that asks why."""

    stops: Sequence[tuple[Sentence, int]] = ()
    asks: bool = False


class Readiness(NamedTuple):
    """The whole list."""

    lines: Sequence[Line]
    quotas: Sequence[QuotaLine] = ()

    def open_of(self, weight: Weight) -> Sequence[Line]:
        """Return the lines of a weight that are not clear."""
        return [line for line in self.lines if line.weight is weight and not line.is_clear]

    @property
    def deciding(self) -> OpenLines:
        """What decides about a closing."""
        stops = [(sentence(line.name), line.open) for line in self.open_of(Weight.STOPS)]
        return OpenLines(stops, bool(self.open_of(Weight.REASON)))


def readiness(desk: SeasonDesk, number: int, now: datetime, bench: Bench | None = None) -> Readiness:
    """Return the list of a round. `bench`: what compared its visits already; without it that is done here."""
    db = desk.db
    counts = queries.round_counts(db, number)
    quotas = list(_quota_lines(desk, number))
    outside = sorted(_outside(desk, number), key=itemgetter(0))
    windows = sorted(_windows(desk, number, now), key=itemgetter(0))
    failed = failed_criticals(db, desk.book, number)
    unread_ = unread(db, failed.digests)
    asked, apart_ = open_queries(db, number), apart(db, number)
    unexplained = [line for line in quotas if not line.is_explained]
    visits = f"/assessments?round={number}"
    accepted = counts.by_status.get("accepted", 0)
    withdrawn = sum(row.withdrawn for row in desk.entry_rows())
    gone = queries.forms_gone(db, number)
    flagged = flags_not_cleared(db, number, bench or Bench())
    names = {(row.entrant_id, row.channel): dict(row.name) for row in desk.entry_rows()}
    near = borderlines_not_read_again(db, number, names)
    before = [each for each in range(1, number) if published(db, what_of(each)) is None]
    return Readiness(
        (
            Line(N_("Nothing accepted yet"), int(not accepted), Weight.STOPS, visits),
            Line(
                N_("Visits without review"),
                counts.by_status.get("finished", 0),
                Weight.STOPS,
                f"{visits}&state=finished",
            ),
            Line(
                N_("Returned and not back"),
                counts.by_status.get("returned", 0),
                Weight.STOPS,
                f"{visits}&state=returned",
            ),
            Line(
                N_("Double scores apart"),
                len(apart_),
                Weight.STOPS,
                f"/quality/agreement?round={number}",
                [(f"/quality/second-scores/{name}", sentence(N_("the two scores are not settled"))) for name in apart_],
            ),
            Line(
                N_("Settled double scores that do not count yet"),
                len(waiting(db, number)),
                Weight.STOPS,
                f"/quality/settled?round={number}",
            ),
            Line(
                N_("Failed critical items without a second reader"),
                len(unread_),
                Weight.STOPS,
                "/bench",
                [(f"/bench/{name}", sentence(N_("nobody else has read it"))) for name in unread_],
            ),
            Line(
                N_("Questions between reviewers that are open"),
                len(asked),
                Weight.STOPS,
                "/bench",
                [(f"/bench/{name}", sentence(N_("{count} open"), count=count)) for name, count in asked.items()],
            ),
            Line(N_("Visits whose figures the server is still taking"), failed.unknown, Weight.STOPS, "/release"),
            Line(N_("Six-tries windows still open"), len(windows), Weight.STOPS, f"{visits}&state=draft", windows),
            Line(N_("Quota missed without a reason or second name"), len(unexplained), Weight.STOPS, "#quota"),
            Line(
                N_("Accepted visits whose form version is gone"),
                sum(gone.values()),
                Weight.STOPS,
                "/forms",
                [("/forms", sentence(N_("{form}: restore it from a backup"), form=form)) for form in gone],
            ),
            Line(N_("Files missing"), counts.files_missing, Weight.REASON, f"{visits}&state=files-missing"),
            Line(N_("Contacts dated outside the round"), len(outside), Weight.REASON, visits, outside),
            Line(N_("Phones whose clock was wrong"), counts.clock_wrong, Weight.REASON, f"{visits}&state=clock"),
            Line(N_("Accepted visits without a score"), counts.without_base, Weight.REASON, f"{visits}&state=accepted"),
            _unprintable_line(db),
            Line(
                N_("Drawn for a second score, and not scored"),
                len(owed(db, number)),
                Weight.TOLD,
                f"/quality/agreement?round={number}",
            ),
            Line(N_("Flags not cleared"), len(flagged), Weight.TOLD, "/bench", flagged),
            Line(N_("Borderlines not re-read"), len(near), Weight.TOLD, f"/quality/rounds?round={number}", near),
            Line(N_("Entries that withdrew"), withdrawn, Weight.TOLD, "/standings"),
            Line(N_("Earlier rounds that are not published"), len(before), Weight.TOLD, "/release"),
            _clock_line(db, now),
        ),
        quotas,
    )


def readiness_of_results(desk: SeasonDesk, final: Sequence[int], last: int, now: datetime) -> Readiness:
    """Return the list of the results. `final` are the rounds that are final, `last` is the last one's number."""
    db = desk.db
    signed, near = signed_off(db), borderline_finals_not_read_again(desk)
    unsigned = [number for number in range(1, last + 1) if what_of(number) not in signed]
    disputed = disputes.unsettled(db, range(1, last))
    unsettled = [number for number in range(1, last) if number not in final]
    standing = [standing_copy(db, what_of(number)) for number in range(1, last + 1)]
    waiting = [one.what for one in standing if one is not None and one.correction and not one.is_signed]
    return Readiness(
        (
            Line(N_("Rounds that are not signed"), len(unsigned), Weight.STOPS, "/release"),
            Line(
                N_("Corrections of rounds that wait for their signatures"),
                len(waiting),
                Weight.STOPS,
                "/release",
                [(f"/release/{what}", sentence(N_("sign it, or withdraw it"))) for what in waiting],
            ),
            Line(N_("Rounds before the last that are not final"), len(unsettled), Weight.STOPS, "/release"),
            Line(
                N_("Disputes before the last round that are open or wait for their correction"),
                len(disputed),
                Weight.STOPS,
                "/disputes",
            ),
            _unprintable_line(db),
            Line(N_("Borderline finals not re-read"), len(near), Weight.TOLD, "/borderline", near),
            _clock_line(db, now),
        )
    )


def _unprintable_line(db: Connection) -> Line:
    words = unprintable_words(db)
    return Line(N_("Names and questions that papers cannot print"), len(words), Weight.REASON, "/records", words)


def _clock_line(db: Connection, now: datetime) -> Line:
    is_believed = mark_of(db, now).after(now).believes_its_clock
    return Line(N_("The server’s clock jumped and nobody confirmed it"), int(not is_believed), Weight.STOPS, "/release")


def _windows(desk: SeasonDesk, number: int, now: datetime) -> Iterator[tuple[str, Sentence]]:
    """Yield, in no order, the visits that may still be reached: a window of the six-tries rule is open."""
    rules = AttemptRules.of(desk.rules_of(number))
    for body, assigned in queries.bodies_of_drafts(desk.db, number):
        record, assignment = wire.decode(body, Assessment), wire.decode(assigned, Assignment)
        log = in_order((*assignment.earlier_attempts, *record.attempts))
        upcoming = next_try(judge(log, rules, assignment.service, record.channel, assignment.subchannel), now)
        if upcoming is not None and upcoming.closes_at is not None and now < upcoming.closes_at:
            until = moment_words(upcoming.closes_at, rules.tz)
            yield f"/assessments/{record.id}", sentence(N_("open until {until}"), until=until)


def _outside(desk: SeasonDesk, number: int) -> Iterator[tuple[str, Sentence]]:
    spans = {row.number: (row.opens_at, row.closes_at) for row in round_rows(desk.db)}
    if number not in spans:
        return
    zone = desk.rules.zone("tz")
    for body, assigned in queries.bodies_near_the_edge(desk.db, number, *spans[number]):
        record = wire.decode(body, Assessment)
        # Few assignments were handed on, and a round may have thousands of visits near its edge.
        earlier = () if NO_EARLIER in assigned else wire.decode(assigned, Assignment).earlier_attempts
        why = misplaced(record, number, spans, zone, earlier)
        if why is not None:
            yield f"/assessments/{record.id}", why


def _quota_lines(desk: SeasonDesk, number: int) -> Iterator[QuotaLine]:
    made, onsite = queries.made_of_round(desk.db, number), queries.onsite_facts(desk.db, number)
    said = queries.shortfalls_of(desk.db, number)
    rules = desk.rules_of(number)
    for row in desk.entry_rows():
        key = (row.entrant_id, row.channel)
        size = Size(seats=row.seats, branches=row.branches)
        asked = plan_of(Channel(row.channel), size, desk.rules, variant=row.onsite_variant).quota
        if asked is None or row.withdrawn:
            continue
        done = _made(desk, row, asked, made.get(key, 0), onsite.get(key, ()))
        needs = completion(done, asked, rules)
        if needs is not Completion.COMPLETE:
            yield QuotaLine(
                key, dict(row.name), _towards(done, asked), asked.per_round, needs,
                [one for one in said if (one.entrant_id, one.channel) == key],
            )  # fmt: skip


def _towards(done: Made, asked: Quota) -> int:
    return min(done.contacts, asked.contacts) + min(done.visits, asked.visits)


def _made(desk: SeasonDesk, row: EntryRow, asked: Quota, made: int, bodies: Sequence[str]) -> Made:
    """Count as the award does: one recording is one contact."""
    if row.channel != Channel.ONSITE.value or not asked.contacts:
        return Made(contacts=made, visits=made)
    size = Size(seats=row.seats, branches=row.branches)
    usual = variant_of(row.onsite_variant, size, desk.rules)
    contacts = visits = 0
    for body in bodies:
        facts = wire.decode(body, KeptFacts)
        variant = Variant(facts.variant or usual)
        contacts += (facts.recordings or 1) if variant is not Variant.BRANCH else 0
        visits += variant is not Variant.RECORDING
    return Made(contacts=contacts, visits=visits)
