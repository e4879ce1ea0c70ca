"""One assessment made ready to be printed on a page: its answers beside what each earned and why, its tries beside why
each counts, its measurements, files and words. Values only; a page decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from checklists.forms.evidence_kinds import LABELS
from checklists.forms.form import Question
from checklists.language import N_, Sentence, Text, sentence
from checklists.number import shown
from checklists.record import attempts, derived
from checklists.record.assessment import Assessment, Attempt, Contact, Evidence, Measurement, MediaKind
from checklists.record.assignment import Assignment, FiledFaq
from checklists.record.attempts import JudgedTry
from checklists.record.clock_moves import moved_stamps, moved_tries
from checklists.record.draw import number_of
from checklists.record.findings import Finding, findings
from checklists.record.labels import MEDIA
from checklists.record.reuse import PhotosOf, Use
from checklists.record.sheet import Item, Sheet
from checklists.record.trusted_time import elapsed
from checklists.rules.attempt_rules import AttemptRules
from checklists.rules.ruleset import Ruleset
from checklists.score.scoring import Scorer
from checklists.score.working import QuestionWorking, SectionWorking, Working
from sync_server.fieldwork.record_check import OTHER_APP
from sync_server.pages.answers import Words, answer_words, duration_words, number_words, quantity_words

MOST_KEYS, MOST_OF_A_KEY = 20, 40  # of answers nobody asked for: a phone may send any number of any length


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """One file the record names, held or not."""

    sha256: str
    question: str | None  # None: it belongs to the whole visit
    kind: str
    name: Words
    is_held: bool
    erased_at: datetime | None
    can_be_shown: bool
    can_be_marked: bool  # a picture of it was made here, to black areas out on
    problem: str  # why it never can be, as a word; empty while its derivative may still come
    prepared: bool
    size_kb: int
    taken_at: datetime | None
    duration_s: int | None
    caption: str = ""
    bars: Sequence[int] = ()  # how loud a sound is along its length, 0 to 100
    used_before: tuple[Use[PhotosOf], ...] = ()  # where else the photo was used, as far as the reader may know

    @property
    def is_sound(self) -> bool:
        """Whether it is to be heard, not looked at."""
        return MediaKind(self.kind).is_sound


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNote:
    """Words the assessor wrote, what they are, and their place in the record: question and kind."""

    name: Words
    words: str
    place: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnswer:
    """One question, its answer, and what it earned."""

    key: str
    text: Text
    answer: Words | None  # None: not answered
    is_critical: bool
    critical_failed: bool
    points: str  # "3 / 4"; empty where it carries none or is left out
    why: Words
    filed: FiledFaq | None
    notes: tuple[ShownNote, ...]
    files: tuple[ShownFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSection:
    """One section with what it earned."""

    key: str
    title: Text
    weight: int | None  # None: it does not count (the annex)
    recording: int | None
    percent: str
    points: str
    why: Words
    answers: tuple[ShownAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMeasurement:
    """One measurement in words."""

    name: Text
    value: Words
    note: Words
    at: datetime | None
    wall_at: datetime | None = None  # what the phone's clock showed, where that was not the time
    edited_from: datetime | None = None
    why_typed: str = ""  # in the assessor's words; "": the app stamped it
    clock_moved_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTries:
    """The log of tries, judged. `applies` False: the channel has no such rule.

    `earlier` are those among them by assessors who held the assignment before.
    """

    tries: tuple[JudgedTry, ...]
    earlier: tuple[Attempt, ...]
    counted: int
    needed: int
    penalty: str
    applies: bool
    warnings: tuple[Sentence, ...]
    clock_moved_s: Mapping[
        int, int
    ]  # by the place in `tries`, from 0: how far the phone's clock moved since the one before


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentView:
    """A whole record as a page shows it."""

    record: Assessment
    working: Working
    base: str
    sections: tuple[ShownSection, ...]
    measurements: tuple[ShownMeasurement, ...]
    tries: ShownTries
    notes: tuple[ShownNote, ...]
    files: tuple[ShownFile, ...]  # those of the whole visit
    critical_failed: tuple[Text, ...] = field(default=())
    missing: tuple[Finding, ...] | None = None  # what another app that sent it left; None: the field app did
    not_asked: tuple[str, ...] = ()  # answered keys that its sheet does not know, the first few

    def recording_number(self, recording: int) -> int:
        """Return the number on the office's list of the nth recording that was judged."""
        return number_of(self.record.draws, recording)


def view(
    record: Assessment, scorer: Scorer, *, assignment: Assignment, rules: Ruleset, files: Sequence[ShownFile]
) -> AssessmentView:
    """Return `record` ready to be shown, its tries and its times judged by `rules`.

    `assignment.earlier_attempts` are the tries that count beside the record's own; `files` those the reader may have.
    """
    sheet = scorer.sheet
    answers = {key: answer.value for key, answer in record.answers.items()}
    working = scorer.working({key: value for key, value in answers.items() if key in sheet.items})
    section_workings = {section.key: section for part in working.parts for section in part.sections}
    question_workings = {each.key: each for section in section_workings.values() for each in section.questions}

    def shown_answer(item: Item) -> ShownAnswer:
        earned = question_workings.get(item.key)
        return ShownAnswer(
            key=item.key,
            text=item.question.text,
            answer=answer_words(item.question, record.answers.get(item.key), sheet),
            is_critical=item.question.critical,
            critical_failed=earned.critical_failed if earned else False,
            points=_points(earned),
            why=earned.why if earned else "",
            filed=_filed(item.question, assignment),
            notes=_notes(item.key, record.notes.get(item.key, {})),
            files=tuple(file for file in files if file.question == item.key),
        )

    # A contact that was never made has no answers: a page of unanswered questions would only hide why.
    shown_sections = sheet.all_sections if record.answers or record.contact is Contact.CONNECTED else ()
    sections = tuple(
        _section(
            section.key,
            section.title,
            section.recording,
            section_workings.get(section.key),
            tuple(shown_answer(item) for item in section.items),
        )
        for section in shown_sections
    )
    on_sheet = set(sheet.all_items)
    return AssessmentView(
        record=record,
        working=working,
        base="" if working.base is None else shown(working.base),
        sections=sections,
        measurements=_measurements(record, sheet, assignment, rules.text("tz")),
        tries=_tries(record, assignment, AttemptRules.of(rules)),
        notes=tuple(note for key, kinds in record.notes.items() if key not in on_sheet for note in _notes(key, kinds)),
        files=tuple(file for file in files if file.question not in on_sheet),
        critical_failed=tuple(sheet.items[key].question.text for key in working.critical_failed),
        missing=_missing(record, sheet, assignment, rules.text("tz")) if record.app_version == OTHER_APP else None,
        not_asked=tuple(key[:MOST_OF_A_KEY] for key in answers if not scorer.knows(key))[:MOST_KEYS],
    )


def _missing(record: Assessment, sheet: Sheet, assignment: Assignment, zone: str) -> tuple[Finding, ...]:
    return findings(record, sheet, circumstances=derived.circumstances(assignment, zone))


def evidence_name(evidence: Evidence | None, kind: str) -> str:
    """Return the English name of a file, to be translated: what the form calls it, else what it is."""
    if evidence is not None and evidence.evidence_kind is not None and evidence.evidence_kind in LABELS:
        return LABELS[evidence.evidence_kind]
    return MEDIA.get(kind, MEDIA[MediaKind.FILE])


def _section(
    key: str, title: Text, recording: int | None, earned: SectionWorking | None, answers: tuple[ShownAnswer, ...]
) -> ShownSection:
    if earned is None:
        return ShownSection(
            key=key, title=title, weight=None, recording=recording, percent="", points="", why="", answers=answers
        )
    return ShownSection(
        key=key,
        title=title,
        weight=earned.weight,
        recording=recording,
        percent="" if earned.percent is None else shown(earned.percent),
        points=f"{number_words(earned.earned)} / {number_words(earned.possible)}",
        why=earned.why,
        answers=answers,
    )


def _points(earned: QuestionWorking | None) -> str:
    if earned is None or earned.earned is None or earned.possible is None:
        return ""
    return f"{number_words(earned.earned)} / {number_words(earned.possible)}"


def _filed(question: Question, assignment: Assignment) -> FiledFaq | None:
    if question.faq_number is None:
        return None
    return next((faq for faq in assignment.filed_faqs if faq.number == question.faq_number), None)


def _notes(key: str, kinds: Mapping[str, str]) -> tuple[ShownNote, ...]:
    return tuple(
        ShownNote(name=LABELS.get(kind, kind), words=words, place=(key, kind))
        for kind, words in kinds.items()
        if words.strip()
    )


def _measurements(record: Assessment, sheet: Sheet, assignment: Assignment, zone: str) -> tuple[ShownMeasurement, ...]:
    """Return what was measured, and what follows from it."""
    numbers = derived.values(sheet, record.measurements, circumstances=derived.circumstances(assignment, zone))
    moved = moved_stamps(record)
    measured = [
        _measurement(sheet, key, measurement, moved.get(key, 0))
        for key, measurement in record.measurements.items()
        if key in sheet.measurements
    ]
    worked_out = [
        ShownMeasurement(
            name=quantity.label,
            value=duration_words(number) if quantity.in_seconds else quantity_words(number),
            note=sentence(N_("worked out")),
            at=None,
        )
        for key, quantity in sheet.derived.items()
        if (number := numbers.get(key)) is not None
    ]
    return (*measured, *worked_out)


def _measurement(sheet: Sheet, key: str, measurement: Measurement, moved_s: int) -> ShownMeasurement:
    item = sheet.measurements[key]
    value: Words = ""
    if measurement.number is not None:
        value = str(measurement.number)
    elif measurement.pair is not None:
        value = f"{measurement.pair[0]} / {measurement.pair[1]}"
    elif measurement.spans:
        lengths = (elapsed(start, end) for start, end in measurement.span_moments if end is not None)
        seconds = sum(int(length.total_seconds()) for length in lengths)
        value = sentence(N_("{count} × · {time}"), count=len(measurement.spans), time=duration_words(Fraction(seconds)))
    elif measurement.code is not None:
        value = measurement.code
    note: Words = ""
    if measurement.choice is not None:
        labels = {option.code: option.label for option in item.options}
        note = labels.get(measurement.choice, measurement.choice)
    elif measurement.position is not None:
        note = sentence(N_("position within {metres} m"), metres=measurement.position.accuracy_m)
    elif measurement.never:
        note = sentence(N_("none had come by then"))
    elif measurement.no_position:
        note = sentence(N_("no position could be had"))
    first = measurement.first_moment
    return ShownMeasurement(
        name=item.label,
        value=value,
        note=note,
        at=measurement.trusted_at,
        wall_at=None if measurement.at == measurement.trusted_at else measurement.at,
        edited_from=None if first is None or measurement.original_at is None else first.corrected,
        why_typed=measurement.reason,
        clock_moved_s=moved_s,
    )


def _tries(record: Assessment, assignment: Assignment, rules: AttemptRules) -> ShownTries:
    earlier = assignment.earlier_attempts
    log = attempts.in_order((*earlier, *record.attempts))
    series = attempts.judge(log, rules, assignment.service, record.channel, record.subchannel)
    return ShownTries(
        tries=series.tries,
        earlier=earlier,
        counted=series.counted,
        needed=rules.needed,
        penalty=number_words(series.penalty) if series.penalty else "",
        applies=series.applies,
        warnings=series.warnings,
        clock_moved_s=moved_tries(log),
    )
