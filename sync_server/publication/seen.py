"""What a report says of a visit beside its score, taken along into the copy: redacted, once, when the copy is taken.

SEE-1  The day and the part of the week, never the hour: an exact moment names the clerk who was on duty.
SEE-2  Points earned and possible by section, and the share of each question; no answer in words, no note, no name but
       what SEE-7 has.
SEE-3  What the clock measured, in seconds, what was counted, how many tries there were, and the keys pressed in a menu.
SEE-4  Of each filed question that was asked: it and its filed answer, which are the entrant's own, and how it was met;
       never what was said.
SEE-5  Who served, as a number: codes that were taken down of an entry's round, in their order. The code itself, which
       may be a staff number, stays here.
SEE-6  Of a visit that counts for nothing: that its assessor broke it off, or the words in which the office declared it
       void.
SEE-7  What a reviewer cleared for the report and holds (FRP): quotes in their published words alone, and of photos the
       name of the picture and its caption. No picture: what is destroyed later is nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from checklists import wire
from checklists.forms.form import Kind
from checklists.number import exact_text
from checklists.plan.dayparts import daypart_of
from checklists.record.assessment import Assessment, Contact
from checklists.record.assignment import Assignment
from checklists.record.derived import Quantities, circumstances
from checklists.record.round_of_contact import began_at
from checklists.record.sheet import Sheet, SheetError
from checklists.score.scoring import CriticalEffect
from checklists.score.working import Working
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries import standings as queries
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.planning.holidays import general_holidays
from sync_server.review.for_report import ForReport, for_report

Seen = dict[str, Any]

NOT_ANSWERED = "not_answered"  # the code of the shipped forms


class SeenBook:
    """Looks at visits under one desk's rules."""

    def __init__(self, desk: SeasonDesk) -> None:
        self._desk = desk
        self._zone = ZoneInfo(desk.rules.text("tz"))
        self._staff: Mapping[str, int] = {}  # by code, of the entry that is looked at
        self.filed: dict[str, Seen] = {}  # what visits were asked of what is filed, each once

    def of(self, ids: Collection[str]) -> Mapping[str, Mapping[str, Seen]]:
        """Return what is to be noted with each visit of one entry's round, under its id."""
        bodies = queries.bodies(self._desk.db, ids) if ids else {}
        counted = CountedRecords(self._desk.db, ids)
        records = {name: counted.read(each.body, each.digest) for name, each in bodies.items()}
        codes = sorted({code for record in records.values() for code in _codes(record)})
        self._staff = {code: number for number, code in enumerate(codes, 1)}
        cleared = for_report(self._desk.db, ids) if ids else {}
        return {
            name: {
                "seen": self._seen(records[name], wire.decode(each.assignment, Assignment)) | _read(cleared.get(name))
            }
            for name, each in bodies.items()
        }

    def _seen(self, record: Assessment, assignment: Assignment) -> Seen:
        local = began_at(record).astimezone(self._zone)
        day = local.date()
        holidays = general_holidays(day, day + timedelta(days=1))
        seen: Seen = {
            "on": day.isoformat(),
            "daypart": daypart_of(day, 60 * local.hour + local.minute, holidays).value,
            "language": assignment.language,
            "scenario": dict(assignment.scenario.title),
            "tries": len(record.attempts),
        }
        if assignment.branch is not None:
            seen["branch"] = dict(assignment.branch.name)
        if record.contact is Contact.VOID:
            seen["is_broken_off"] = True
        if record.contact is not Contact.CONNECTED:
            return seen
        try:
            seen |= self._scored(record, assignment)
        except SheetError:
            seen["form_unreadable"] = True
        return seen

    def _scored(self, record: Assessment, assignment: Assignment) -> Seen:
        rules, db = self._desk.rules_of(assignment.round), self._desk.db
        effect: CriticalEffect = "section_zero" if rules.text("critical.effect") == "section_zero" else "flag_only"
        scorer = self._desk.book.scorer_of(record, effect, db)
        working = scorer.working({key: answer.value for key, answer in record.answers.items()})
        quantities = Quantities(
            scorer.sheet, record.measurements, circumstances=circumstances(assignment, rules.text("tz"))
        )
        measured = {key: quantities.number(key) for key in scorer.sheet.derived}
        return {
            "form": record.form,
            "sections": _sections(working),
            "items": _items(working),
            "faqs": self._faqs(scorer.sheet, working, record, assignment),
            "critical": sorted({_plain(key) for key in working.critical_failed}),
            "counted": {key: one.number for key, one in sorted(record.measurements.items()) if one.number is not None},
            **({"staff": self._staff[codes[0]]} if (codes := _codes(record)) else {}),
            **({"menu": [[step.key, step.heard, step.repeats] for step in record.menu]} if record.menu else {}),
            "measured": {key: exact_text(value) for key, value in measured.items() if value is not None},
        }

    def _faqs(
        self, sheet: Sheet, working: Working, record: Assessment, assignment: Assignment
    ) -> list[tuple[str, str]]:
        """Return which filed questions were asked and count, and how each was met (SEE-4)."""
        filed = {faq.number: faq for faq in assignment.filed_faqs}
        found = []
        for one in (question for section in working.sections for question in section.questions):
            question = sheet.all_items[one.key].question
            of = filed.get(question.faq_number or 0) if question.kind is Kind.FAQ else None
            if of is None or one.earned is None or not one.possible:
                continue
            met = "right" if one.earned == one.possible else "partly" if one.earned else "wrong"
            if met == "wrong" and record.answers[one.key].value == NOT_ANSWERED:
                met = "unanswered"
            words = {"question": dict(of.question), "filed": dict(of.answer)}
            ref = hashlib.sha256(msgspec.json.encode(words, order="sorted")).hexdigest()[:12]
            self.filed[ref] = words
            found.append((ref, met))
        return found


def _read(cleared: ForReport | None) -> Seen:
    """Return what the entrant reads and sees of a visit itself (SEE-7)."""
    seen: Seen = {}
    if cleared is not None and cleared.quotes:
        seen["quotes"] = [list(one) for one in cleared.quotes]
    if cleared is not None and cleared.photos:
        seen["photos"] = [[one.sha256, dict(one.caption)] for one in cleared.photos]
    return seen


def _codes(record: Assessment) -> list[str]:
    """Return what was taken down of who served, however it was written."""
    written = [(one.code or "").strip().casefold() for _, one in sorted(record.measurements.items())]
    return [code for code in written if code]


def _plain(key: str) -> str:
    return key.partition("#")[0]


def _sections(working: Working) -> dict[str, list[str]]:
    """Return the points of each section, those of every recording together; after critical items where they zero it."""
    summed: dict[str, tuple[Fraction, Fraction]] = {}
    for section in working.sections:
        earned = Fraction(0) if section.percent is None else section.percent * section.possible / 100
        before = summed.get(_plain(section.key), (Fraction(0), Fraction(0)))
        summed[_plain(section.key)] = (before[0] + earned, before[1] + section.possible)
    return {key: [exact_text(earned), exact_text(of)] for key, (earned, of) in summed.items()}


def _items(working: Working) -> dict[str, list[str | None]]:
    """Return, by question, the share of its points each time it was asked; None where it did not apply."""
    shares: dict[str, list[str | None]] = {}
    for section in working.sections:
        for question in section.questions:
            share = None
            if question.earned is not None and question.possible:
                share = exact_text(question.earned / question.possible)
            shares.setdefault(_plain(question.key), []).append(share)
    return shares
