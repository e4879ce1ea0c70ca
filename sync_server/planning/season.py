"""The question of a round's plan, read from the season that is kept.

PLS-1  Lines are the entries that are not withdrawn, by the quota of the season's own rules. An onsite recording session
       takes two recordings of the quota.
PLS-2  What an import would refuse to hand out is not planned, and said with what to do: no notice to staff, no contact
       point, no scenario that is approved, asks filed FAQs only and names no red line.
PLS-3  What is kept stays. A visit is lost when it has no record and its assessor left, has a conflict or is named, or
       its branch is named, or was closed for all of its days to come.
PLS-4  Only days after today are planned, and only whole days of the round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection

from checklists.days import day_words
from checklists.forms.form import Channel
from checklists.language import N_, SentenceError, sentence
from checklists.plan.quota import Quota, Size, Variant, plan_of, variant_of
from checklists.plan.red_lines import red_lines_in
from checklists.record.assessment import RecordStatus
from checklists.record.assignment import Assignment, ServiceHours
from checklists.rules.programme import Programme
from checklists.wire import decode
from sync_server.database.queries import season
from sync_server.database.queries.assignments import Progress, progress_of
from sync_server.database.queries.suspensions import suspension_rows
from sync_server.planning.holidays import general_holidays
from sync_server.planning.question import Kept, Line, Lost, Person, Place, Question
from sync_server.planning.result import both
from sync_server.planning.suspended import is_closed_throughout, without_suspended
from sync_server.season.approval import approvers, is_approved
from sync_server.season.branch_hours import hours_at
from sync_server.season.rules import rules_in_force, version_in_force

Row = Mapping[str, Any]
RECORDINGS = 2  # of one session
AT_BRANCHES = (Channel.FACE_TO_FACE, Channel.ONSITE)
SUBCHANNELS = ("chat", "email", "form", "social")


class PlanError(SentenceError, ValueError):
    """There is nothing to plan: the message says why and what to do."""


def question_of(db: Connection, number: int, seed: str, now: datetime, without: Collection[str] = ()) -> Question:
    """Return the question of round `number`. `without` are codes of assessors and branches that are lost.

    Raises:
        PlanError: there is no such round, assessor or branch, or no day of the round is left.
    """
    return _Season(db, number, now, frozenset(without)).question(seed)


class _Season:
    def __init__(self, db: Connection, number: int, now: datetime, without: frozenset[str]) -> None:
        # The season's own rules, by which what was done of a round is counted against its quota.
        self._zone, self._programme = version_in_force(db).zone, rules_in_force(db).programme
        self._rows = {name: season.rows_of(db, name) for name in season.KEYS}
        self._entrants = {row["id"]: row for row in self._rows["entrants"]}
        self._entries = {(row["entrant_id"], row["channel"]): row for row in self._rows["entries"]}
        self._branches = {row["id"]: row for row in self._rows["branches"]}
        self._accounts = approvers(db)
        self._red = {row["id"] for row in self._rows["scenarios"] if _names_red_lines(row, self._programme)}
        self._progress = progress_of(db)
        self._suspensions = suspension_rows(db)
        self._number, self._without = number, without
        self._today = now.astimezone(self._zone).date()
        self._first, self._last = self._days()
        self._conflicts: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
        for row in self._rows["conflicts"]:
            self._conflicts[row["assessor_id"]][row["organisation"]] = row["until"]
        unknown = without - {row["id"] for row in self._rows["assessors"]} - set(self._branches)
        if unknown:
            words = N_("There is no assessor or branch {codes}; write the codes as the season has them.")
            raise PlanError(sentence(words, codes=tuple(sorted(unknown))))

    def question(self, seed: str) -> Question:
        people = tuple(self._people())
        kept, lost = self._kept(people)
        return Question(
            round=self._number,
            first=self._first,
            last=self._last,
            begin=max(self._first, self._today + timedelta(days=1)),
            seed=seed,
            holidays=general_holidays(self._first, self._last),
            lines=tuple(self._lines()),
            people=people,
            kept=tuple(kept),
            lost=tuple(lost),
            codes=tuple(row["id"] for row in self._rows["assignments"]),
            certified=self._certified(),
        )

    def _certified(self) -> Mapping[str, tuple[str, ...]] | msgspec.UnsetType:
        of_channel: defaultdict[str, list[str]] = defaultdict(list)
        for row in self._rows["certificates"]:
            if row["round"] == self._number:
                of_channel[row["channel"]].append(row["assessor_id"])
        return {channel: tuple(sorted(people)) for channel, people in sorted(of_channel.items())} or msgspec.UNSET

    def _days(self) -> tuple[date, date]:
        around = next((row for row in self._rows["rounds"] if row["number"] == self._number), None)
        if around is None:
            numbers = ", ".join(str(row["number"]) for row in self._rows["rounds"]) or "-"
            words = N_("There is no round {number}; the season has: {numbers}.")
            raise PlanError(sentence(words, number=self._number, numbers=numbers))
        opens, closes = (around[name].astimezone(self._zone) for name in ("opens_at", "closes_at"))
        first = opens.date() + timedelta(days=int(opens.time() != time()))
        last = closes.date() - timedelta(days=1)
        if last <= self._today:
            words = N_("No day of round {number} is left: its last is {last}.")
            raise PlanError(sentence(words, number=self._number, last=day_words(last)))
        return first, last

    def _people(self) -> Iterator[Person]:
        for row in self._rows["assessors"]:
            if row["left_at"] is None and row["id"] not in self._without:
                yield Person(
                    id=row["id"],
                    languages=tuple(row["languages"]),
                    districts=tuple(row["districts"]),
                    conflicts=dict(sorted(self._conflicts[row["id"]].items())),
                )

    def _lines(self) -> Iterator[Line]:
        for row in self._rows["entries"]:
            if row["withdrawn"]:
                continue
            entrant = self._entrants[row["entrant_id"]]
            size = Size(seats=entrant["seats"], branches=entrant["branches"])
            quota = plan_of(Channel(row["channel"]), size, self._programme.rules, variant=row["onsite_variant"]).quota
            if quota is not None:
                yield from self._lines_of(entrant, row, size, quota)

    def _lines_of(self, entrant: Row, entry: Row, size: Size, quota: Quota) -> Iterator[Line]:
        channel = Channel(entry["channel"])
        if channel is not Channel.ONSITE:
            yield self._line(entrant, entry, None, quota.per_round, quota.branches or 0)
            return
        variant = variant_of(entry["onsite_variant"], size, self._programme.rules)
        if quota.contacts:
            yield self._line(entrant, entry, Variant.RECORDING.value, -(-quota.contacts // RECORDINGS), 0)
        if quota.visits and variant is not Variant.RECORDING:
            yield self._line(entrant, entry, Variant.BRANCH.value, quota.visits, quota.branches or 0)

    def _line(self, entrant: Row, entry: Row, variant: str | None, visits: int, branches: int) -> Line:
        channel = entry["channel"]
        points = [
            row for row in self._rows["contact_points"]
            if row["entrant_id"] == entrant["id"] and row["channel"] == channel
        ]  # fmt: skip
        if variant == Variant.RECORDING and not _shared(points):
            # Recordings are listened to where they can be reached: at every branch with a contact point of its own.
            branches = len({point["branch_id"] for point in points})
        at_branches = bool(branches) and channel in AT_BRANCHES
        places = tuple(self._places(entrant["id"], entry, points)) if at_branches else ()
        subchannels = tuple(_subchannels(points)) if channel == Channel.ONLINE else ()
        scenarios = tuple(self._scenarios(entrant["id"], channel))
        is_reached = bool(points) if at_branches else _shared(points)
        return Line(
            entrant=entrant["id"],
            organisation=entrant["organisation"],
            channel=channel,
            variant=variant,
            visits=visits,
            share_of=visits,
            service=self._service(entry, None),
            scenarios=scenarios,
            subchannels=subchannels,
            places=places,
            branches=branches if at_branches else 0,
            recordings=RECORDINGS if variant == Variant.RECORDING else 0,
            blocked=_blocked(entrant, is_reached=is_reached, has_scenarios=bool(scenarios)),
        )

    def _places(self, entrant_id: str, entry: Row, points: Sequence[Row]) -> Iterator[Place]:
        for row in self._rows["branches"]:
            is_reached = any(point["branch_id"] in (None, row["id"]) for point in points)
            if row["entrant_id"] == entrant_id and is_reached and row["id"] not in self._without:
                yield Place(id=row["id"], district=row["district"], service=self._service(entry, row))

    def _service(self, entry: Row, branch: Row | None, *, in_part: bool = True) -> ServiceHours | None:
        """Return when it serves (BRH-1), without the days on which it is suspended."""
        hours = hours_at(entry["service"], None if branch is None else branch["service"])
        spans = [each for each in self._suspensions if each.entrant_id in (None, entry["entrant_id"])]
        return without_suspended(hours, spans, self._zone, in_part=in_part)

    def _scenarios(self, entrant_id: str, channel: str) -> Iterator[str]:
        filed = {row["code"] for row in self._rows["faqs"] if row["entrant_id"] == entrant_id}
        for row in self._rows["scenarios"]:
            if (
                row["channel"] == channel
                and is_approved(row["approved_by"], self._accounts)
                and set(row["faq_codes"]) <= filed
                and row["id"] not in self._red
            ):
                yield row["id"]

    def _kept(self, people: Sequence[Person]) -> tuple[list[Kept], list[Lost]]:
        here = {person.id: person for person in people}
        kept: list[Kept] = []
        lost: list[Lost] = []
        for row in self._rows["assignments"]:
            came = self._progress.get(row["id"])
            if row["withdrawn"] and came is None:
                continue
            one = self._kept_one(row, came)
            if came is None and row["round"] == self._number and self._is_lost(row, one, here.get(one.assessor)):
                lost.append(Lost(id=one.id, entrant=one.entrant, channel=one.channel, variant=one.variant))
            else:
                kept.append(one)
        return kept, lost

    def _kept_one(self, row: Row, came: Progress | None) -> Kept:
        begins = row["due_from"].astimezone(self._zone)
        ends = (row["due_until"] - timedelta(microseconds=1)).astimezone(self._zone)
        if came is not None:
            begins = ends = came.started_at.astimezone(self._zone)
        is_void = came is not None and came.statuses == {RecordStatus.VOID.value}
        return Kept(
            id=row["id"],
            assessor=row["assessor_id"],
            entrant=row["entrant_id"],
            channel=row["channel"],
            variant=row["variant"],
            branch=row["branch_id"],
            scenario=row["scenario_id"],
            language=decode(row["body"], Assignment).language,
            subchannel=row["subchannel"],
            round=row["round"],
            first=begins.date(),
            last=ends.date(),
            minute=begins.hour * 60 + begins.minute,
            counts=not row["withdrawn"] and not is_void,
        )

    def _is_lost(self, row: Row, one: Kept, person: Person | None) -> bool:
        if person is None or one.branch in self._without:
            return True
        entrant, entry = self._entrants[one.entrant], self._entries[one.entrant, one.channel]
        names = (entrant["organisation"], one.entrant)
        barred = [person.conflicts[name] for name in names if name in person.conflicts]
        if not row["exception"] and any(until is None or one.first.isoformat() <= until for until in barred):
            return True
        service = self._service(entry, self._branches.get(one.branch) if one.branch else None, in_part=False)
        return one.first > self._today and is_closed_throughout(service, one.first, one.last)


def _shared(points: Sequence[Row]) -> bool:
    return any(point["branch_id"] is None for point in points)


def _subchannels(points: Sequence[Row]) -> Iterator[str]:
    """Yield the sub-channels with a contact point of their own, or all where none says which it is."""
    reached = [point for point in points if point["branch_id"] is None]
    named = [name for name in SUBCHANNELS if any(point["subchannel"] == name for point in reached)]
    yield from named or (SUBCHANNELS if reached else ())


def _blocked(entrant: Row, *, is_reached: bool, has_scenarios: bool) -> Any:
    if not entrant["staff_notice"]:
        why = N_("its staff have not been told (E1)")
        way_out = N_("Fill in staff_notice_on in entrants.csv.")
    elif not is_reached:
        why = N_("no contact point of it is filed for this channel (E14)")
        way_out = N_("Add it to contact_points.csv.")
    elif not has_scenarios:
        why = N_("no scenario of this channel is approved by two, asks filed FAQs only and names no red line (E13)")
        way_out = N_("Have a scenario approved, or the FAQs it asks filed.")
    else:
        return None
    return both(sentence(why)), both(sentence(way_out))


def _names_red_lines(scenario: Row, programme: Programme) -> bool:
    return bool(red_lines_in([*scenario["title"].values(), *scenario["briefing"].values()], programme.red_lines.words))
