"""One question on its own paper: the question, its widget, the filed answer beside it, and the evidence it wants."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from fractions import Fraction

import flet as ft

from checklists.forms.evidence_kinds import DRAW_LOG, KEEPERS, NOTE, OF_THE_VISIT, Keeper
from checklists.forms.form import Kind, MeasurementItem
from checklists.language import Language
from checklists.number import as_answer
from checklists.record.asked import offered
from checklists.record.assessment import NOT_APPLICABLE, Evidence, Measurement
from checklists.record.assignment import FiledFaq
from checklists.record.derived import measurements_needed
from checklists.record.findings import Finding
from checklists.record.fitting import failed
from checklists.record.sheet import Item, Sheet
from fieldapp import theme
from fieldapp.language import _, fill, read, say, spoken
from fieldapp.state import Visit
from fieldapp.views import kit
from fieldapp.views.evidence.wanted_evidence import WantedEvidence
from fieldapp.views.questions import WIDGETS, OnAnswer, QuestionItem
from fieldapp.views.visit.measurements import ROWS
from fieldapp.views.visit.recordings import RecordingsCard
from fieldapp.views.visit_hooks import Keeping

# Already shown as an empty widget or an open chip; repeated as a complaint only on the review screen.
QUIET_CODES = frozenset({"answer-missing", "evidence-missing", "note-open"})
# Those that are put right by measuring, which the card offers in its place.
MEASURED_CODES = frozenset(
    {"measurement-missing", "measurements-disordered", "measurement-impossible", "evidence-missing"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What one card shows, as values: two equal cards look the same, so that only the one that changed is drawn."""

    item: QuestionItem
    language: Language  # of its words: another language makes another card
    filed: FiledFaq | None = None
    notes: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    app_keeps: tuple[tuple[str, bool], ...] = ()
    findings: tuple[Finding, ...] = ()
    asked: str = ""  # what a reviewer noted here
    asked_is_answered: bool = False
    measured: tuple[tuple[MeasurementItem, Measurement | None], ...] = ()  # still to put down, or to put right
    shared: frozenset[str] = frozenset()  # kinds of evidence that the whole visit has already
    draw: bool = False  # whether the recordings are still to be drawn for it


def card_of(visit: Visit, item: Item) -> Card:
    """Return the card of `item` as the visit stands."""
    record, question = visit.assessment, item.question
    answer = record.answers.get(item.key)
    measured = visit.reading.derived.get(question.source or "") if item.is_measured else None
    missing = {f.code for f in visit.findings if f.question == item.key}
    kept = [kind for kind in question.evidence if KEEPERS.get(kind) is Keeper.APP]
    return Card(
        item=QuestionItem(
            key=item.key,
            question=offered(question, visit.sheet, answer.value if answer else None),
            value=answer.value if answer else None,
            measured=None if measured is None else as_answer(measured),
            unit_seconds=item.in_seconds,
            measured_from=_source_name(visit.sheet, question.source) if item.is_measured else "",
            locked=not visit.may_answer(item.key),
        ),
        language=spoken(),
        filed=next((f for f in visit.assignment.filed_faqs if f.number == question.faq_number), None),
        notes=tuple(record.notes.get(item.key, {}).items()),
        evidence=tuple(file for file in record.evidence if file.question == item.key),
        app_keeps=tuple((kind, _app_has(visit, kind, question.source, measured)) for kind in kept)
        if item.recording is None
        else (),
        findings=tuple(f for f in visit.findings if f.question == item.key and f.code not in QUIET_CODES)
        if missing
        else (),
        asked=visit.notes_to_answer.get(item.key, ""),
        asked_is_answered=visit.is_note_answered(item.key),
        measured=_to_measure(visit, item, missing),
        shared=frozenset(file.evidence_kind or "" for file in record.evidence) & OF_THE_VISIT,
        draw=DRAW_LOG in question.evidence and visit.is_draft and not record.draws,
    )


def _to_measure(visit: Visit, item: Item, missing: Set[str]) -> tuple[tuple[MeasurementItem, Measurement | None], ...]:
    """Return what the figure of `item` is read from, while something of it is missing or stands in disorder."""
    if not item.is_measured or not visit.is_draft or missing.isdisjoint(MEASURED_CODES):
        return ()
    needed = measurements_needed(visit.sheet.derived.get(item.question.source or ""), item.question.source or "")
    return tuple(
        (visit.sheet.measurements[key], visit.assessment.measurements.get(key))
        for key in needed
        if key in visit.sheet.measurements
    )


def _app_has(visit: Visit, kind: str, source: str | None, measured: Fraction | None) -> bool:
    if kind == "draw_log":
        return bool(visit.assessment.draws)
    measurements = visit.assessment.measurements
    return measured is not None or (bool(measurements) if source is None else source in measurements)


def _source_name(sheet: Sheet, source: str | None) -> str:
    quantity = sheet.derived.get(source or "") or sheet.measurements.get(source or "")
    return read(quantity.label) if quantity else ""


def scroll_key(key: str) -> ft.ScrollKey:
    """Return what the page scrolls to when a finding is tapped."""
    return ft.ScrollKey(f"question-{key}")  # type: ignore[call-arg]


@ft.component
def QuestionCard(card: Card, on_answer: OnAnswer, keeping: Keeping) -> ft.Control:
    """The whole card."""
    item = card.item
    question = item.question
    pills: list[ft.Control] = [kit.quiet(item.key)]
    if question.critical:
        pills.append(kit.pill(_("Critical"), kit.Tone.ALARM, ft.Icons.PRIORITY_HIGH))
    if question.late_answer:
        pills.append(kit.pill(_("May be answered later"), kit.Tone.FACT, ft.Icons.SCHEDULE))
    return kit.card(
        [
            kit.flow(pills),
            kit.words(read(question.text), ft.TextThemeStyle.BODY_LARGE),
            *([_filed(card.filed)] if card.filed and question.kind is Kind.FAQ else []),
            *_asked(card, keeping),
            WIDGETS[question.kind](item, on_answer),
            *(ROWS[of.kind](keeping, of, taken) for of, taken in card.measured),
            *([RecordingsCard(keeping)] if card.draw else []),
            *_clear(item, on_answer),
            WantedEvidence(
                item.key,
                _wanted(card),
                card.notes,
                card.evidence,
                card.app_keeps,
                keeping,
                item.locked,
                card.shared,
            ),
            *(_complaint(finding) for finding in card.findings),
        ],
        key=scroll_key(item.key),
    )


def _asked(card: Card, keeping: Keeping) -> list[ft.Control]:
    """Return what the reviewer noted here, ticked off once it is answered, and the way to say that it stays so."""
    if not card.asked:
        return []
    key = card.item.key
    if card.asked_is_answered:
        words = fill("Answered. The reviewer asked: {words}", words=card.asked)
        return [kit.banner(kit.Tone.GOOD, words, key=f"asked-{key}")]
    stays = _("It stays as it is")

    async def confirm(_event: object) -> None:
        await keeping.confirm(key)

    button = [] if card.item.locked else [kit.text_button(stays, confirm, f"stays-{key}", name=f"{key} {stays}")]
    words = fill("The reviewer asks: {words}", words=card.asked)
    return [kit.banner(kit.Tone.CAUTION, words, button, key=f"asked-{key}")]


def _clear(item: QuestionItem, on_answer: OnAnswer) -> list[ft.Control]:
    """Return the way to take an answer back; a figure has its own, and words are deleted where they stand."""
    if item.locked or item.value is None or item.question.kind in (Kind.BANDS, Kind.TEXT):
        return []
    label = _("Clear the answer")

    async def clear(_event: object) -> None:
        await on_answer(item.key, None)

    return [kit.flow([kit.text_button(label, clear, f"clear-{item.key}", name=f"{item.key} {label}")])]


def _wanted(card: Card) -> Sequence[str]:
    """Return the kinds of evidence to ask for: none for N/A; a failed critical item always wants words."""
    question = card.item.question
    if card.item.value == NOT_APPLICABLE and question.kind is not Kind.TEXT:
        return ()
    wanted = [kind for kind in question.evidence if KEEPERS.get(kind) is not Keeper.APP]
    has_words = any(KEEPERS.get(kind) is Keeper.WORDS for kind in wanted)
    if question.critical and failed(question, card.item.value) and not has_words:
        wanted.append(NOTE)
    return tuple(wanted)


def _filed(filed: FiledFaq) -> ft.Control:
    """Return what the entrant filed, to compare with what the assessor heard."""
    return ft.Container(
        bgcolor=theme.FACT_PAPER,
        border_radius=theme.RADIUS,
        padding=theme.M,
        content=kit.stack(
            [
                ft.Text(_("Filed answer"), theme_style=ft.TextThemeStyle.LABEL_MEDIUM, color=theme.ON_FACT_PAPER),
                ft.Text(read(filed.question), theme_style=ft.TextThemeStyle.BODY_SMALL, color=theme.ON_FACT_PAPER),
                ft.Text(read(filed.answer), color=theme.ON_FACT_PAPER),
            ],
            spacing=theme.XS,
        ),
    )


def _complaint(finding: Finding) -> ft.Control:
    if finding.code == "measurement-missing":
        return kit.quiet(say(finding.message))
    tone = kit.Tone.ALARM if finding.blocks_finish else kit.Tone.CAUTION
    return kit.banner(tone, say(finding.message), key=f"finding-{finding.question}-{finding.code}")
