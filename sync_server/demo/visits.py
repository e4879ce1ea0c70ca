"""One visit filled in from its real form, by the same verbs the phone uses, so that the record passes the same checks.

`quality` (0 to 1) is how well the entrant serves: it sets how likely a good answer, how long the waits. The words in
notes are invented and hold no personal data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from checklists.forms.evidence_kinds import CALL_LOG, KEEPERS, Keeper
from checklists.forms.file import shipped_forms
from checklists.forms.form import Kind, Question
from checklists.record import verbs
from checklists.record.assessment import (
    NOT_APPLICABLE,
    AnswerValue,
    Assessment,
    Attempt,
    Draw,
    Evidence,
    MediaKind,
    Outcome,
)
from checklists.record.assignment import Assignment
from checklists.record.derived import Circumstances, circumstances
from checklists.record.sheet import Item, Sheet, sheet_of
from checklists.record.transitions import ContactEvent
from checklists.rules.programme import load_programme
from sync_server.demo.measurements import Course, measured, with_menu
from sync_server.demo.pictures import picture
from sync_server.demo.tones import NOTE_S, melody
from sync_server.demo.words import COMMENTS, VERBATIM, transcript
from sync_server.exchange.loopback import SentFile
from sync_server.season.rules import PROGRAMME

APP_VERSION = "demo"
FAILURES = (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.QUEUE_TIMEOUT, Outcome.IVRS_DEAD_END)


class Visit(NamedTuple):
    """A finished record and the files it names, by SHA-256."""

    record: Assessment
    files: dict[str, SentFile]


class NotFinishedError(RuntimeError):
    """The demo filled a form in so that it cannot be finished: its forms and this module no longer agree."""


def begun(assignment: Assignment, at: datetime, random: Random) -> Assessment:
    """Return the empty record of an assignment, as a phone opens it."""
    assessment_id = str(UUID(int=random.getrandbits(128), version=4))
    return verbs.begin(assignment, assessment_id, at=at, app_version=APP_VERSION)


def with_draw(record: Assessment, assignment: Assignment, at: datetime, random: Random) -> Assessment:
    """Draw the recordings of an onsite check, where the assignment has one; the sheet is laid out after it."""
    if assignment.variant not in ("recording", "both"):
        return record
    listed = 30 + random.randrange(40)
    seed = f"{assignment.id}/{random.randrange(10**9):09d}"
    # The draw is the app's own and repeatable from its seed; the demo only needs one.
    picked = tuple(sorted(Random(seed).sample(range(1, listed + 1), max(1, assignment.recordings_to_draw))))  # noqa: S311
    sheet = sheet_of(record, shipped_forms())
    return verbs.with_draw(record, Draw(at=at, seed=seed, listed=listed, picked=picked), at=at, sheet=sheet)


def filled(assignment: Assignment, record: Assessment, sheet: Sheet, quality: float, random: Random) -> Visit:
    """Return the finished visit: attempts, measurements, every answer, words, pictures, and now and then an audio note.

    Raises:
        NotFinishedError: a finding blocks it.
    """
    at = record.started_at
    course = Course.of(assignment, quality, random)
    if assignment.channel == "phone_in" or assignment.subchannel == "chat":
        record = _with_tries(record, random)
        at = record.attempts[-1].at
    around = circumstances(assignment, load_programme(PROGRAMME).rules.text("tz"))
    stamped_at = at
    for key, measurement, stamped_at in measured(sheet, at, course, random):
        record = verbs.with_measurement(record, key, measurement, at=stamped_at, sheet=sheet, circumstances=around)
    record = with_menu(record)
    ended_at = max(at + timedelta(seconds=course.length_s), stamped_at)
    for item in _asked(record, sheet):
        value = _answer(item, assignment, course, quality, random)
        if value is not None:
            record = verbs.with_answer(record, item.key, value, at=ended_at)
    record, files = _with_evidence(record, assignment, sheet, ended_at, random)
    return _finished(record, sheet, around, ended_at + timedelta(minutes=8), files)


def unreached(assignment: Assignment, record: Assessment, sheet: Sheet, random: Random) -> Visit:
    """Return the visit of a contact never reached: six tries in three days, with the call log, then given up."""
    for day in range(3):
        for hour in (0, 4):
            at = record.started_at + timedelta(days=day, hours=hour)
            record = verbs.with_attempt(record, Attempt(at=at, outcome=FAILURES[(day + hour) % 2]), at=at)
    last = record.attempts[-1].at
    record = verbs.with_contact(record, ContactEvent.SERIES_FAILED, at=last)
    log = _drawn(CALL_LOG, assignment, last, random)
    record = verbs.with_evidence(record, _evidence(log, CALL_LOG, last, kind=CALL_LOG), at=last)
    return _finished(record, sheet, Circumstances(), last + timedelta(minutes=1), {log.sha256: log})


def recognised(record: Assessment, sheet: Sheet) -> Visit:
    """Return the visit that was broken off because the assessor was recognised."""
    at = record.started_at + timedelta(minutes=4)
    return _finished(verbs.void(record, "recognised", at=at), sheet, Circumstances(), at, {})


def _finished(
    record: Assessment, sheet: Sheet, around: Circumstances, at: datetime, files: dict[str, SentFile]
) -> Visit:
    done = verbs.finish(record, sheet, at=at, circumstances=around)
    if isinstance(done, tuple):
        blocking = [f"{finding.question}: {finding.message}" for finding in done if finding.blocks_finish]
        raise NotFinishedError(f"{record.assignment_id}: {'; '.join(blocking)}")
    return Visit(done, files)


def _with_tries(record: Assessment, random: Random) -> Assessment:
    at = record.started_at
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        record = verbs.with_attempt(record, Attempt(at=at, outcome=random.choice(FAILURES)), at=at)
        at += timedelta(minutes=20 + random.randrange(60))
    return verbs.with_attempt(record, Attempt(at=at, outcome=Outcome.CONNECTED), at=at)


def _asked(record: Assessment, sheet: Sheet) -> Iterator[Item]:
    for key, item in sheet.all_items.items():
        held = record.answers.get(key)
        if held is None or item.question.kind is not Kind.BANDS:
            yield item


def _answer(item: Item, assignment: Assignment, course: Course, quality: float, random: Random) -> AnswerValue | None:
    question = item.question
    if question.not_applicable is not None and _is_not_applicable(question, assignment, course, random):
        return NOT_APPLICABLE
    match question.kind:
        case Kind.YES_NO:
            sure = question.must_be_yes or (question.critical and random.random() < 0.995)
            return True if sure else random.random() < 0.5 + 0.5 * quality
        case Kind.SCALE:
            return min(4, max(0, round(random.gauss(2.2 + 1.6 * quality, 0.6))))
        case Kind.MATURITY:
            return min(3, max(0, round(random.gauss(1.2 + 1.6 * quality, 0.6))))
        case Kind.CHOICE | Kind.FAQ:
            best_first = sorted(question.options, key=lambda option: -option.share)
            place = 0 if random.random() < 0.35 + 0.62 * quality else random.choice((1, 1, 2))
            return best_first[min(place, len(best_first) - 1)].code
        case Kind.TEXT:
            return random.choice(COMMENTS[assignment.language == "en"])
        case Kind.BANDS:
            return None if item.is_measured else random.randrange(5, 60)


def _is_not_applicable(question: Question, assignment: Assignment, course: Course, random: Random) -> bool:
    if question.faq_number is not None:
        return question.faq_number > len(assignment.filed_faqs)
    reason = (question.not_applicable or {}).get("en", "").lower()
    if "hold" in reason or "transfer" in reason:
        return not (course.hold_s if "hold" in reason else course.transfers)
    if question.source is not None:
        return False
    return random.random() < (0.6 if "promise" in reason else 0.15)


def _with_evidence(
    record: Assessment, assignment: Assignment, sheet: Sheet, at: datetime, random: Random
) -> tuple[Assessment, dict[str, SentFile]]:
    """Give each answered question the evidence it wants. One picture of a kind serves all questions of the visit."""
    files: dict[str, SentFile] = {}
    by_kind: dict[str, SentFile] = {}
    for key, item in sheet.all_items.items():
        answer = record.answers.get(key)
        if answer is None or (answer.value == NOT_APPLICABLE and item.question.kind is not Kind.TEXT):
            continue
        if item.question.critical and answer.value is False:
            record = verbs.with_note(record, key, "note", random.choice(VERBATIM), at=at)
        for kind in item.question.evidence:
            if KEEPERS[kind] is Keeper.WORDS:
                record = verbs.with_note(record, key, kind, random.choice(VERBATIM), at=at)
            elif KEEPERS[kind] is Keeper.FILE and item.recording is None:
                file = by_kind.get(kind) or by_kind.setdefault(kind, _drawn(kind, assignment, at, random))
                files[file.sha256] = file
                record = verbs.with_evidence(record, _evidence(file, f"{key}-{kind}", at, key=key, kind=kind), at=at)
    if random.random() < 0.35:
        sound = SentFile(melody(random), MediaKind.AUDIO_NOTE, "audio/wav")
        files[sound.sha256] = sound
        note = _evidence(sound, "audio-note", at, duration_s=round(10 * NOTE_S))
        record = verbs.with_evidence(record, note, at=at)
    return record, files


def _drawn(kind: str, assignment: Assignment, at: datetime, random: Random) -> SentFile:
    lines: Sequence[str] = transcript(kind, at)
    return SentFile(picture(kind, assignment.entrant_name["en"], lines, random), MediaKind.PHOTO, "image/jpeg")


def _evidence(
    file: SentFile,
    name: str,
    at: datetime,
    *,
    key: str | None = None,
    kind: str | None = None,
    duration_s: int | None = None,
) -> Evidence:
    return Evidence(
        id=name,
        sha256=file.sha256,
        size_bytes=len(file.content),
        kind=file.kind,
        content_type=file.content_type,
        taken_at=at,
        question=key,
        evidence_kind=kind,
        duration_s=duration_s,
    )
