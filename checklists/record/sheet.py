"""Which sections and questions apply to one assessment: the form laid out for its variant, sub-channel and recordings.

Phone, server and season reader all ask this page, so that none of them asks, scores or forgives a question alone.

Keys: a question's id; on the nth drawn recording "PB1#2" (n from 1); of the annex, its own ids. The key of a whole
annex is its form's name: the answer "na" under "ivrs_annex" says that there was nothing to pass through.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import NamedTuple

import msgspec

from checklists.forms.evidence_kinds import DRAW_LOG
from checklists.forms.form import Band, Calculated, Derived, Form, Kind, MeasurementItem, Question, Section, Variant
from checklists.language import N_, SentenceError, Text, sentence
from checklists.record.assessment import AnswerValue, Assessment
from checklists.record.conditions import Conditions
from checklists.record.fitting import settled

RECORDING_MARK = "#"


class SheetError(SentenceError, ValueError):
    """The form cannot be laid out as asked."""


class Item(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One question to be answered under `key`.

    `bands` are those in force, figures and limits in seconds where `in_seconds`. `recording` counts from 1.
    """

    key: str
    question: Question
    bands: tuple[Band, ...] = ()
    in_seconds: bool = False
    recording: int | None = None

    @property
    def is_measured(self) -> bool:
        """Whether its value comes from the app's own measurements. Of a recording it is typed: nothing was stamped."""
        return self.question.source is not None and self.recording is None

    @property
    def read_off(self) -> str:
        """The quantity its answer is read off, where nothing but its evidence is looked for beside it; else ""."""
        question = self.question
        is_alone = question.kind is Kind.BANDS and not question.must_be_yes and not question.critical
        return (question.source or "") if is_alone and self.is_measured else ""

    @cached_property
    def settled(self) -> Mapping[AnswerValue, type]:
        """The answers, by their types, that leave nothing but their evidence to look for (`fitting.settled`)."""
        return settled(self.question)


class Rule(NamedTuple):
    """One question as a pass over a record needs it, its attributes looked up once for every record.

    `source` is the quantity that is all its answer is compared with, "" where there is none, or more to look at.
    """

    key: str
    settled: Mapping[AnswerValue, type]
    evidence: tuple[str, ...]
    source: str
    item: Item


class SheetSection(msgspec.Struct, frozen=True, kw_only=True):
    """One section as it applies. `key` is unique on the sheet ("PB", of the second recording "PB#2")."""

    key: str
    title: Text
    weight: int
    items: tuple[Item, ...]
    recording: int | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Sections scored together: the form's own (`recording` None), or those of one recording."""

    sections: tuple[SheetSection, ...]
    recording: int | None = None
    calculated: tuple[Calculated, ...] = ()


class Sheet(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A form laid out. `own_weight` and `recordings_weight` blend the parts; without recordings the second is 0."""

    form: Form
    parts: tuple[Part, ...]
    variant: str | None = None
    subchannel: str | None = None
    recordings: int = 0
    needs_recordings: bool = False
    own_weight: int = 100
    recordings_weight: int = 0
    annex: Sheet | None = None

    @cached_property
    def sections(self) -> tuple[SheetSection, ...]:
        """Every section that counts, in the order it is asked; the annex is not among them."""
        return tuple(section for part in self.parts for section in part.sections)

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every question that counts by key, in the order it is asked; the annex is not among them."""
        return {item.key: item for section in self.sections for item in section.items}

    @cached_property
    def conditions(self) -> tuple[Conditions, ...]:
        """What may hide `items`, part by part; the annex has its own."""
        return tuple(filter(None, (Conditions(_questions(p), p.calculated, _mark(p.recording)) for p in self.parts)))

    @cached_property
    def all_items(self) -> Mapping[str, Item]:
        """`items` and, after them, the annex's."""
        return {**self.items, **(self.annex.items if self.annex else {})}

    @cached_property
    def needs_draw(self) -> bool:
        """Whether recordings are drawn at random: to judge each, or because a question wants the log of the draw."""
        wanted = (kind for item in self.items.values() if item.recording is None for kind in item.question.evidence)
        return self.needs_recordings or DRAW_LOG in wanted

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """What to look at for each of `items`, in their order."""
        return tuple(
            Rule(key, item.settled, item.question.evidence, item.read_off, item) for key, item in self.items.items()
        )

    @cached_property
    def worded(self) -> tuple[str, ...]:
        """The keys of the questions answered in words, the annex's after the form's own."""
        return tuple(key for key, item in self.all_items.items() if item.question.kind is Kind.TEXT)

    @cached_property
    def all_sections(self) -> tuple[SheetSection, ...]:
        """`sections` and, after them, the annex's."""
        return self.sections + (self.annex.sections if self.annex else ())

    @cached_property
    def section_of(self) -> Mapping[str, SheetSection]:
        """The section each key belongs to, the annex included."""
        return {item.key: section for section in self.all_sections for item in section.items}

    @cached_property
    def measurements(self) -> Mapping[str, MeasurementItem]:
        """Every measurement the app may stamp, by key, the annex's included."""
        own = {measurement.key: measurement for measurement in self.form.measurements}
        return own | dict(self.annex.measurements if self.annex else {})

    @cached_property
    def moments_in_order(self) -> tuple[tuple[str, str], ...]:
        """Pairs of moments, the earlier before the later, that a quantity is worked out from (`moments`)."""
        return tuple(dict.fromkeys(pair for quantity in self.derived.values() for pair in quantity.moments_in_order))

    def read_from(self, measurement: str) -> tuple[str, ...]:
        """Return the keys of the questions whose figure is read from `measurement`."""
        return self._readers.get(measurement, ())

    @cached_property
    def _readers(self) -> Mapping[str, tuple[str, ...]]:
        readers: dict[str, tuple[str, ...]] = {}
        for key, item in self.all_items.items():
            source = item.question.source if item.is_measured else None
            if source is not None:
                quantity = self.derived.get(source)
                for measurement in quantity.inputs if quantity else (source,):
                    readers[measurement] = (*readers.get(measurement, ()), key)
        return readers

    @cached_property
    def derived(self) -> Mapping[str, Derived]:
        """Every quantity worked out from measurements, by key, the annex's included."""
        own = {quantity.key: quantity for quantity in self.form.derived}
        return own | dict(self.annex.derived if self.annex else {})


def sheet(
    form: Form,
    *,
    variant: str | None = None,
    subchannel: str | None = None,
    recordings: int = 0,
    recording_form: Form | None = None,
    annex: Form | None = None,
) -> Sheet:
    """Lay `form` out. A form with variants or sub-channels needs one named; one without refuses it.

    `recording_form` is the form drawn recordings are judged on, needed where the variant has them.

    Raises:
        SheetError: an unknown or missing variant or sub-channel, recordings where there are none, or no recording form.
    """
    chosen = _variant(form, variant)
    _check_subchannel(form, subchannel)
    blend = chosen.recordings if chosen else None
    if recordings and blend is None:
        raise SheetError(sentence(N_("{form} has no recordings here; set recordings to 0."), form=form.id))
    if blend and (recording_form is None or recording_form.id != blend.form):
        raise SheetError(sentence(N_("Recordings are judged on {form}; give that form."), form=blend.form))
    skipped = chosen.skipped if chosen else ()
    used = [s for s in form.sections if chosen is None or s.id in chosen.sections]
    own = tuple(_laid_out(form, s, subchannel, skipped=skipped) for s in used)
    parts = [Part(sections=own, calculated=form.calculated)]
    if blend and recording_form:
        judged = [s for s in recording_form.sections if s.id in blend.sections]
        values = recording_form.calculated
        parts.extend(
            Part(
                sections=tuple(_laid_out(recording_form, s, None, recording=n) for s in judged),
                recording=n,
                calculated=values,
            )
            for n in range(1, recordings + 1)
        )
    return Sheet(
        form=form,
        parts=tuple(parts),
        variant=variant,
        subchannel=subchannel,
        recordings=recordings,
        needs_recordings=blend is not None,
        own_weight=blend.own_weight if blend else 100,
        recordings_weight=blend.recordings_weight if blend else 0,
        annex=sheet(annex) if annex else None,
    )


def sheet_of(assessment: Assessment, forms: Mapping[str, Form]) -> Sheet:
    """Lay out the sheet `assessment` was filled on, from `forms` by id.

    Raises:
        SheetError: a form that is not there, or a record whose variant, sub-channel or recordings do not fit its form.
    """
    form = _form(forms, assessment.form)
    return sheet(
        form,
        variant=assessment.variant,
        subchannel=assessment.subchannel,
        recordings=assessment.recordings,
        recording_form=recording_form_of(form, assessment.variant, forms),
        annex=_form(forms, assessment.annex) if assessment.annex else None,
    )


def _variant(form: Form, code: str | None) -> Variant | None:
    chosen = next((variant for variant in form.variants if variant.code == code), None)
    if chosen is not None or (code is None and not form.variants):
        return chosen
    if not form.variants:
        raise SheetError(sentence(N_('{form} has no variants; leave out "{code}".'), form=form.id, code=code))
    allowed = ", ".join(variant.code for variant in form.variants)
    raise SheetError(sentence(N_("{form} is held in a variant; name one of {allowed}."), form=form.id, allowed=allowed))


def _check_subchannel(form: Form, code: str | None) -> None:
    if code in form.subchannels or (code is None and not form.subchannels):
        return
    if not form.subchannels:
        raise SheetError(sentence(N_('{form} has no sub-channels; leave out "{code}".'), form=form.id, code=code))
    allowed = ", ".join(form.subchannels)
    raise SheetError(sentence(N_("{form} needs a sub-channel; name one of {allowed}."), form=form.id, allowed=allowed))


def _laid_out(
    form: Form, section: Section, subchannel: str | None, *, skipped: Collection[str] = (), recording: int | None = None
) -> SheetSection:
    mark = _mark(recording)
    times = {quantity.key for quantity in form.derived if quantity.in_seconds}
    items = tuple(
        Item(
            key=q.id + mark,
            question=q,
            bands=q.bands_by_subchannel.get(subchannel or "", q.bands),
            in_seconds=q.source in times,
            recording=recording,
        )
        for q in section.questions
        if q.id not in skipped
    )
    return SheetSection(
        key=section.id + mark, title=section.title, weight=section.weight, items=items, recording=recording
    )


def _mark(recording: int | None) -> str:
    return f"{RECORDING_MARK}{recording}" if recording else ""


def _questions(part: Part) -> tuple[Question, ...]:
    return tuple(item.question for section in part.sections for item in section.items)


def _form(forms: Mapping[str, Form], form_id: str) -> Form:
    if form_id not in forms:
        words = N_('There is no form "{form}"; there are {held}.')
        raise SheetError(sentence(words, form=form_id, held=tuple(sorted(forms))))
    return forms[form_id]


def recording_form_of(form: Form, variant: str | None, forms: Mapping[str, Form]) -> Form | None:
    """Return the form that drawn recordings are judged on, of `forms`; None where the variant has none."""
    blend = next((held.recordings for held in form.variants if held.code == variant), None)
    return _form(forms, blend.form) if blend else None
