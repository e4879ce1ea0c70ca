"""What is still to put right before a record can be finished.

Codes of findings (permanent):
answer-missing          an applicable question without an answer; a late one is told but does not block
answer-wrong            a value that does not fit its question
na-not-allowed          N/A where the form does not offer it
measurement-missing     a question read from measurements, and a measurement is not there
measurements-disordered one moment stands before another that comes first; blocks where a question is read from it
measurement-impossible  a count or a length of time that no contact comes to (`bounds`)
clock-moved             the device's clock moved while something was measured; told, does not block
answer-not-as-measured  the answer is not what the measurements give; told to the reviewer, does not block
text-too-short          fewer characters than the question wants
must-be-yes             the assessor's own conduct; the record cannot be finished unless yes
evidence-missing        evidence the question wants is not there
call-log-missing        nobody was reached, and no picture of the call log shows the tries (`PROOFS`)
critical-note-missing   a critical item failed and no words say how
recordings-missing      a recording check without a drawn recording
contact-open            nobody was reached and the series is not over
place-proof-missing     a position could not be had, and two other proofs are not there (`PROOFS`)
notes-unsorted          notes jotted down on the way are not sorted into the questions yet
personal-data           a note holds personal data (privacy E7)

A question that its condition hides (COND-1) has no findings but of personal data in its words.
An unreachable or void contact needs no answers and no evidence; its notes are still looked through and sorted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import msgspec

from checklists.forms.evidence_kinds import CALL_LOG, CLOCK, DRAW_LOG, KEEPERS, MENU_MAP, NAMES, OF_THE_VISIT, Keeper
from checklists.forms.form import Channel, Kind, MeasurementItem
from checklists.language import N_, Sentence, Template, sentence
from checklists.number import as_answer, exact
from checklists.record import derived
from checklists.record.asked import annex_is_left_out, hidden_keys
from checklists.record.assessment import NOT_APPLICABLE, AnswerValue, Assessment, Contact, MediaKind
from checklists.record.bounds import Impossible, impossible
from checklists.record.clock_moves import moved_stamps
from checklists.record.derived import Circumstances
from checklists.record.fitting import LONGEST, failed, fits
from checklists.record.moments import disorder, out_of_order
from checklists.record.personal_data import PERSONAL_DATA, may_hold_personal_data, personal_data_in
from checklists.record.place import proofs_missing
from checklists.record.sheet import Item, Sheet
from checklists.record.unanswered import too_early

# What a record of an older app may lack: it was told and did not block there, so whoever takes records in takes those.
PROOFS = frozenset({"call-log-missing", "place-proof-missing"})


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something the assessor can still put right. `question` is the key the screen jumps to, None for the whole."""

    code: str  # "answer-missing"; permanent, listed in the README
    message: Sentence
    blocks_finish: bool
    question: str | None = None
    section: str | None = None
    measurement: str | None = None  # the key of what is to be measured, where the finding is about one


def findings(assessment: Assessment, sheet: Sheet, *, circumstances: Circumstances) -> tuple[Finding, ...]:
    """Return everything still to put right, in the order of the form. When nothing blocks, it may be finished."""
    personal = (*_unsorted(assessment), *_personal_data(assessment, sheet))
    if assessment.contact in (Contact.UNREACHABLE, Contact.VOID):
        return (*_call_log(assessment), *personal)
    reader = _Reader(assessment, sheet, circumstances)
    return (*reader.of_record(), *reader.of_questions(), *personal)


class _Reader:
    """One pass over a record: what it holds, looked up once."""

    def __init__(self, assessment: Assessment, sheet: Sheet, circumstances: Circumstances) -> None:
        self._record = assessment
        self._sheet = sheet
        self._hidden = hidden_keys(assessment, sheet)
        self._quantities = derived.Quantities(sheet, assessment.measurements, circumstances=circumstances)
        self._disordered = tuple(out_of_order(sheet, assessment.measurements)) if assessment.measurements else ()
        self._named = {(file.question or "", file.evidence_kind) for file in assessment.evidence}
        self._pictures = {
            file.question or "" for file in assessment.evidence if file.evidence_kind is None and _is_picture(file.kind)
        }

    def of_record(self) -> Iterator[Finding]:
        if self._record.contact is Contact.OPEN:
            yield _finding("contact-open", N_("Log what the contact came to: reached, or all tries used up."))
        if self._sheet.needs_recordings and not self._sheet.recordings:
            yield _finding("recordings-missing", N_("No recording is drawn yet; draw them and judge each one."))
        for pair in self._disordered:
            if set(self._sheet.read_from(pair[0])).isdisjoint(self._sheet.read_from(pair[1])):
                yield self._disorder(pair)
        for what in impossible(self._sheet, self._record.measurements) if self._record.measurements else ():
            yield self._impossible(what)
        for key, seconds in moved_stamps(self._record).items():
            if key in self._sheet.measurements:
                yield self._clock_moved(key, seconds)
        for key, item in too_early(self._sheet, self._record.measurements, self._quantities.circumstances):
            message = sentence(
                N_('"{mark}": it is too early to say that nobody answered; wait until the time scores nothing.'),
                mark=self._sheet.measurements[key].label,
            )
            yield self._told(item, "measurement-missing", message)
        if missing := proofs_missing(self._record):
            yield _proof_missing(missing)

    def of_questions(self) -> Iterator[Finding]:
        """Every question in order; the annex's only when there was something for it to assess."""
        yield from self._of_rules(self._sheet)
        if self._sheet.annex and not annex_is_left_out(self._record, self._sheet):
            yield from self._of_rules(self._sheet.annex)

    def _of_rules(self, sheet: Sheet) -> Iterator[Finding]:
        answers = self._record.answers
        for key, settled, evidence, source, item in sheet.rules:
            if key in self._hidden:
                continue
            answer = answers.get(key)
            # Most answers, most of the time, leave nothing to find: they are passed over without another call.
            if (
                answer is not None
                and (
                    settled.get(answer.value) is type(answer.value)
                    or (source and self._is_read_off(source, answer.value))
                )
                and (not evidence or answer.value == NOT_APPLICABLE or self._are_there(item, evidence))
            ):
                continue
            yield from self.of(item)

    def _is_read_off(self, source: str, value: AnswerValue) -> bool:
        """Whether `value` is the whole number that the measurements give."""
        return type(value) is int and 0 <= value < LONGEST and value == self._quantities.number(source)

    def of(self, item: Item) -> Iterator[Finding]:
        value, question = self._value(item.key), item.question
        is_read_off = item.is_measured and question.kind is Kind.BANDS and value != NOT_APPLICABLE
        if is_read_off and self._number(item) is None:
            if question.optional and value is None:
                return
            disorder = self._disorder_of(item)
            code = "measurements-disordered" if disorder else "measurement-missing"
            yield self._told(item, code, disorder or self._measurement_sentence(item))
            return
        if value is None:
            if not question.optional:
                yield self._missing(item)
            return
        misfit = fits(question, value)
        if misfit:
            code = "na-not-allowed" if value == NOT_APPLICABLE else "answer-wrong"
            yield self._told(item, code, misfit)
            return
        if value == NOT_APPLICABLE and question.kind is not Kind.TEXT:
            return
        yield from self._of_value(item, value)
        yield from self._evidence(item)

    def _of_value(self, item: Item, value: AnswerValue) -> Iterator[Finding]:
        question = item.question
        if question.kind is Kind.TEXT and len(str(value).strip()) < question.min_chars:
            message = sentence(N_("Write at least {count} characters."), count=question.min_chars)
            yield self._told(item, "text-too-short", message)
        if question.must_be_yes and value is not True:
            yield self._told(item, "must-be-yes", sentence(N_("This must be yes before the record can be finished.")))
        if question.kind is Kind.BANDS and item.is_measured and not self._is_as_measured(item, value):
            message = sentence(
                N_("The answer is {value}, but the measurements give {number}."), value=value, number=self._shown(item)
            )
            yield self._told(item, "answer-not-as-measured", message, blocks=False)
        if question.critical and failed(question, value) and not any(self._words(item.key).values()):
            message = sentence(N_("A critical item failed: write down the words that were said or what was seen."))
            yield self._told(item, "critical-note-missing", message)

    def _is_as_measured(self, item: Item, value: AnswerValue) -> bool:
        return (value if type(value) is int else exact(value)) == self._number(item)

    def _evidence(self, item: Item) -> Iterator[Finding]:
        if item.question.kind is Kind.MATURITY and self._value(item.key) == 0:
            return  # nothing was seen: there is nothing to show
        for kind in item.question.evidence:
            if not self._is_there(item, kind):
                yield self._told(item, "evidence-missing", self._wanted(item, kind))

    def _wanted(self, item: Item, kind: str) -> Sentence:
        """What to add; of the measurements, the one that is missing, which stands on another page than the question."""
        if kind == CLOCK and item.is_measured and self._measurements(item):
            return self._measurement_sentence(item)
        return sentence(N_("Add {evidence}."), evidence=sentence(NAMES[kind]))

    def _are_there(self, item: Item, evidence: tuple[str, ...]) -> bool:
        for kind in evidence:  # noqa: SIM110 - a generator costs more than what it would look through
            if not self._is_there(item, kind):
                return False
        return True

    def _is_there(self, item: Item, kind: str) -> bool:
        keeper = KEEPERS[kind]
        if keeper is Keeper.WORDS:
            return bool(self._words(item.key).get(kind, "").strip())
        # Of a recording nothing is copied out and nothing is stamped: only words can support an answer.
        if item.recording is not None:
            return True
        if kind == DRAW_LOG:
            return bool(self._record.draws)
        if kind == CLOCK:
            return self._is_stamped(item)
        if kind == MENU_MAP and self._record.menu:  # the keys pressed are the map
            return True
        if kind in OF_THE_VISIT and any(named == kind for _, named in self._named):
            return True
        return (item.key, kind) in self._named or item.key in self._pictures

    def _is_stamped(self, item: Item) -> bool:
        source = item.question.source
        if source is None:
            return bool(self._record.measurements)
        return self._number(item) is not None or source in self._record.measurements

    def _missing(self, item: Item) -> Finding:
        late = item.question.late_answer
        message = N_("Not answered yet; it may be filled in later.") if late else N_("Not answered yet.")
        return self._told(item, "answer-missing", sentence(message), blocks=not late)

    def _measurement_sentence(self, item: Item) -> Sentence:
        measurements = self._measurements(item)
        absent = [needed for needed in measurements if needed.key not in self._record.measurements]
        return sentence(N_('Stamp or fill in "{mark}".'), mark=(absent or measurements)[0].label)

    def _disorder_of(self, item: Item) -> Sentence | None:
        """What stands the wrong way round among the measurements `item` is read from; None: nothing does."""
        needed = {measurement.key for measurement in self._measurements(item)}
        return next((disorder(self._sheet, pair) for pair in self._disordered if needed.issuperset(pair)), None)

    def _disorder(self, pair: tuple[str, str]) -> Finding:
        code, message = "measurements-disordered", disorder(self._sheet, pair)
        return Finding(code=code, message=message, blocks_finish=False, measurement=pair[1])

    def _impossible(self, what: Impossible) -> Finding:
        """At the question that is read from all of it, where there is one: there it can be put right."""
        code = "measurement-impossible"
        for item in self._sheet.all_items.values():
            source = item.question.source if item.is_measured else None
            if source and set(what.keys) <= set(self._needed(source)):
                return self._told(item, code, what.message)
        return Finding(code=code, message=what.message, blocks_finish=True, measurement=what.keys[-1])

    def _clock_moved(self, key: str, moved_s: int) -> Finding:
        template = (
            N_('The clock of the phone was put back by {seconds} s before "{mark}". Correct the time or take it back.')
            if moved_s < 0
            else N_(
                'The clock of the phone ran {seconds} s ahead before "{mark}": it was put forward, or the phone slept. '
                "Correct the time or take it back if it is wrong."
            )
        )
        message = sentence(template, seconds=abs(moved_s), mark=self._sheet.measurements[key].label)
        return Finding(code="clock-moved", message=message, blocks_finish=False, measurement=key)

    def _measurements(self, item: Item) -> list[MeasurementItem]:
        needed = self._needed(item.question.source or "")
        return [self._sheet.measurements[key] for key in needed if key in self._sheet.measurements]

    def _needed(self, source: str) -> tuple[str, ...]:
        return derived.measurements_needed(self._sheet.derived.get(source), source)

    def _number(self, item: Item) -> Fraction | None:
        return self._quantities.number(item.question.source or "")

    def _shown(self, item: Item) -> object:
        number = self._number(item)
        return "" if number is None else as_answer(number)

    def _value(self, key: str) -> AnswerValue | None:
        held = self._record.answers.get(key)
        return held.value if held else None

    def _words(self, key: str) -> Mapping[str, str]:
        return self._record.notes.get(key, {})

    def _told(self, item: Item, code: str, message: Sentence, *, blocks: bool = True) -> Finding:
        section = self._sheet.section_of[item.key].key
        return Finding(code=code, message=message, blocks_finish=blocks, question=item.key, section=section)


def _is_picture(media: MediaKind) -> bool:
    return media in (MediaKind.PHOTO, MediaKind.FILE)


def _finding(code: str, template: Template) -> Finding:
    return Finding(code=code, message=sentence(template), blocks_finish=True)


def _call_log(assessment: Assessment) -> Iterator[Finding]:
    wanted = assessment.contact is Contact.UNREACHABLE and assessment.channel is Channel.PHONE_IN
    if wanted and not any(file.evidence_kind == CALL_LOG for file in assessment.evidence):
        message = sentence(N_("Add a picture of the phone's call log: it shows that the tries were made."))
        yield Finding(code="call-log-missing", message=message, blocks_finish=True)


def _unsorted(assessment: Assessment) -> Iterator[Finding]:
    if assessment.jotted.strip():
        yield _finding("notes-unsorted", N_("Sort the notes taken on the way into the questions, or strike them out."))


def _proof_missing(count: int) -> Finding:
    template = N_(
        "There is no good position. Proofs of the visit still to add: {count} (a photo of the place without people, "
        "the queue ticket or a receipt)."
    )
    return Finding(code="place-proof-missing", message=sentence(template, count=count), blocks_finish=True)


def _personal_data(assessment: Assessment, sheet: Sheet) -> Iterator[Finding]:
    """One finding for each kind of personal data in each place where an assessor writes (E7)."""
    written = _written(assessment, sheet)
    if not may_hold_personal_data("\n".join([text for _, text in written])):
        return
    for key, text in written:
        section = sheet.section_of.get(key or "")
        for kind in dict.fromkeys(found.kind for found in personal_data_in(text)):
            message = sentence(N_("This looks like {kind}; take it out."), kind=sentence(PERSONAL_DATA[kind]))
            yield Finding(
                code="personal-data",
                message=message,
                blocks_finish=True,
                question=key,
                section=section.key if section else None,
            )


def _written(assessment: Assessment, sheet: Sheet) -> list[tuple[str | None, str]]:
    answers, written = assessment.answers, list[tuple[str | None, str]]()
    written += [(key, str(answers[key].value)) for key in sheet.worded if key in answers]
    written += [(key, "\n".join(notes.values())) for key, notes in assessment.notes.items()]
    written += [(file.question, file.caption) for file in assessment.evidence if file.caption]
    written += [(None, attempt.note) for attempt in assessment.attempts if attempt.note]
    written += [(None, measurement.reason) for measurement in assessment.measurements.values() if measurement.reason]
    return [*written, (None, assessment.void_reason)] if assessment.void_reason else written
