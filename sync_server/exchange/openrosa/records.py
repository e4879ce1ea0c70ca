"""A submission as a record of the field app: finished, and with whatever another app could not do missing from it.

ORR-1  Each value becomes the answer, note or file of its row. What does not fit its question is left out and named.
ORR-2  A file that no row names belongs to the whole visit. One that has not come is no evidence yet.
ORR-3  The same submission with the same files makes the same record, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from checklists.forms.evidence_kinds import KEEPERS, Keeper
from checklists.forms.form import Kind, Question
from checklists.language import N_, Sentence, sentence
from checklists.number import NotANumberError, as_answer, exact
from checklists.record.assessment import (
    Answer,
    AnswerValue,
    Assessment,
    Contact,
    Evidence,
    MediaKind,
    RecordStatus,
)
from checklists.record.assignment import Assignment
from checklists.record.fitting import fits
from checklists.record.verbs import begin
from sync_server.exchange.openrosa.submission import Submission
from sync_server.exchange.openrosa.xforms import END, START, Row
from sync_server.fieldwork.record_check import OTHER_APP
from sync_server.fieldwork.record_moments import is_moment

YES_NO: Mapping[str, bool] = {"yes": True, "no": False}
MOST_SHOWN = 60


class SentFile(NamedTuple):
    """One file of a submission that is held."""

    name: str
    sha256: str
    size_bytes: int
    content_type: str


class Built(NamedTuple):
    """The record a submission makes, and what of it could not be taken."""

    record: Assessment
    left_out: tuple[Sentence, ...]


def built(
    assignment: Assignment,
    rows: Mapping[str, Row],
    submission: Submission,
    files: Mapping[str, SentFile],
    *,
    assessment_id: str,
    revision: int,
    form_id: str,
    received_at: datetime,
) -> Built:
    """Return the record of `submission`, answered on `form_id`, whose rows hold `rows`. `files` are by their names."""
    began = _moment(submission.value(START)) or received_at
    ended = _moment(submission.value(END)) or received_at
    began = min(began, ended)
    left_out: list[Sentence] = []
    answers: dict[str, Answer] = {}
    notes: dict[str, dict[str, str]] = {}
    for name, row in rows.items():
        words = submission.value(name)
        if not words:
            continue
        if row.evidence is None:
            value = answer_of(row.question, words)
            if fits(row.question, value):
                text = N_('{question}: "{value}" does not fit it and was left out.')
                left_out.append(sentence(text, question=row.question.id, value=words[:MOST_SHOWN]))
            else:
                answers[row.question.id] = Answer(value=value, at=ended)
        elif KEEPERS[row.evidence] is Keeper.WORDS:
            notes.setdefault(row.question.id, {})[row.evidence] = words
    record = replace(
        begin(assignment, assessment_id, at=began, app_version=OTHER_APP),
        revision=revision,
        form=form_id,
        contact=Contact.CONNECTED,
        status=RecordStatus.FINISHED,
        answers=answers,
        notes=notes,
        evidence=tuple(_evidence(rows, submission, files, ended)),
        finished_at=ended,
        updated_at=ended,
    )
    return Built(record, tuple(left_out))


def answer_of(question: Question, words: str) -> AnswerValue:
    """Return what the value of a row is as an answer; words that are none stay as they are."""
    if question.kind is Kind.YES_NO:
        return YES_NO.get(words, words)
    if question.kind is Kind.SCALE:
        return int(words) if words.isascii() and words.isdigit() and len(words) == 1 else words
    if question.kind is Kind.BANDS:
        try:
            return as_answer(exact(words))
        except NotANumberError:
            return words
    return words


def files_named(rows: Mapping[str, Row], submission: Submission) -> Mapping[str, Row]:
    """Return the names of the files that the submission's rows name, each with its row."""
    return {
        name: row
        for row_name, row in rows.items()
        if row.evidence is not None and KEEPERS[row.evidence] is Keeper.FILE
        for name in submission.values.get(row_name, ())
        if name
    }


def _evidence(
    rows: Mapping[str, Row], submission: Submission, files: Mapping[str, SentFile], taken_at: datetime
) -> Iterator[Evidence]:
    named = files_named(rows, submission)
    for number, (name, file) in enumerate(sorted(files.items()), start=1):
        row = named.get(name)
        yield Evidence(
            id=f"file-{number}",
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            kind=_media_kind(file.content_type),
            content_type=file.content_type,
            taken_at=taken_at,
            question=row.question.id if row else None,
            evidence_kind=row.evidence if row else None,
            prepared=False,
            why_not_prepared=OTHER_APP,
        )


def _media_kind(content_type: str) -> MediaKind:
    if content_type.startswith("image/"):
        return MediaKind.PHOTO
    return MediaKind.AUDIO_NOTE if content_type.startswith("audio/") else MediaKind.FILE


def _moment(words: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return None
    return at if is_moment(at) else None
