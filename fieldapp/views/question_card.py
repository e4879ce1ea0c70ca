"""One question on its own paper: the question, its widget, the filed answer beside it, and the evidence it wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import flet as ft

from checklists.forms.evidence_kinds import KEEPERS, NOTE, Keeper
from checklists.forms.form import Kind
from checklists.language import Language
from checklists.number import as_answer
from checklists.record.assessment import Evidence
from checklists.record.assignment import FiledFaq
from checklists.record.findings import Finding
from checklists.record.fitting import failed
from checklists.record.sheet import Item, Sheet
from fieldapp import theme
from fieldapp.language import _, read, say, spoken
from fieldapp.state import Visit
from fieldapp.views import kit
from fieldapp.views.evidence.wanted_evidence import WantedEvidence
from fieldapp.views.questions import WIDGETS, OnAnswer, QuestionItem
from fieldapp.views.visit_hooks import Keeping

# Already shown as an empty widget or an open chip; repeated as a complaint only on the review screen.
QUIET_CODES = frozenset({"answer-missing", "evidence-missing"})


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
            question=question,
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
            WIDGETS[question.kind](item, on_answer),
            WantedEvidence(item.key, _wanted(card), card.notes, card.evidence, card.app_keeps, keeping, item.locked),
            *(_complaint(finding) for finding in card.findings),
        ],
        key=scroll_key(item.key),
    )


def _wanted(card: Card) -> Sequence[str]:
    """Return the kinds of evidence to ask for; a failed critical item always wants words."""
    question = card.item.question
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
