"""One question on its own paper: the question, its widget, the filed answer beside it, and the evidence it wants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
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
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.evidence.wanted_evidence import Wanted, WantedEvidence
from fieldapp.views.questions import WIDGETS, OnAnswer, QuestionItem, named
from fieldapp.views.questions.figure import figure_words
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
    is_open: bool = False  # whether anything of it still stands in the way of finishing


def cards_of(
    visit: Visit, items: Iterable[Item], *, phrases: tuple[str, ...] = (), is_large: bool = False
) -> list[Card]:
    """Return the cards of `items` as the visit stands. `is_large`: words are large."""
    findings: dict[str | None, list[Finding]] = {}
    for finding in visit.findings:
        findings.setdefault(finding.question, []).append(finding)
    asked = visit.notes_to_answer
    return [
        _card(visit, item, findings.get(item.key, ()), asked.get(item.key, ""), phrases, is_large) for item in items
    ]


def _card(
    visit: Visit, item: Item, findings: Sequence[Finding], asked: str, phrases: tuple[str, ...], is_large: bool
) -> Card:
    record, question = visit.assessment, item.question
    answer = record.answers.get(item.key)
    measured = visit.reading.derived.get(question.source or "") if item.is_measured else None
    to_measure = _to_measure(visit, item, {finding.code for finding in findings})
    kept = [kind for kind in question.evidence if KEEPERS.get(kind) is Keeper.APP]
    return Card(
        item=QuestionItem(
            key=item.key,
            question=offered(question, visit.sheet, answer.value if answer else None),
            value=answer.value if answer else None,
            measured=None if measured is None else as_answer(measured),
            measures_here=bool(to_measure),
            unit_seconds=item.in_seconds,
            measured_from=_source_name(visit.sheet, question.source) if item.is_measured else "",
            locked=not visit.may_answer(item.key),
            phrases=phrases if question.evidence or question.critical or question.kind is Kind.TEXT else (),
            is_large=is_large,
        ),
        language=spoken(),
        filed=next((f for f in visit.assignment.filed_faqs if f.number == question.faq_number), None),
        notes=tuple(record.notes.get(item.key, {}).items()),
        evidence=tuple(file for file in record.evidence if file.question == item.key),
        app_keeps=tuple((kind, _app_has(visit, kind, question.source, measured)) for kind in kept)
        if item.recording is None
        else (),
        findings=tuple(
            finding
            for finding in findings
            if finding.code not in QUIET_CODES and not (to_measure and finding.code == "measurement-missing")
        ),
        asked=asked,
        asked_is_answered=visit.is_note_answered(item.key),
        measured=to_measure,
        shared=frozenset(file.evidence_kind or "" for file in record.evidence) & OF_THE_VISIT,
        draw=DRAW_LOG in question.evidence and visit.is_draft and not record.draws,
        is_open=any(finding.blocks_finish for finding in findings),
    )


def card_of(visit: Visit, item: Item) -> Card:
    """Return the card of one question as the visit stands."""
    return cards_of(visit, (item,))[0]


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
    """The whole card: what is asked, the answers at the thumb, and behind one quiet sign what may be added."""
    adding, set_adding = ft.use_state(False)
    item = card.item
    question = item.question
    measuring = [ROWS[of.kind](keeping, of, taken) for of, taken in card.measured]
    beside = [] if item.locked else [_more_button(item.key, adding, lambda _e: set_adding(not adding))]
    if _is_settled(item) and not adding:
        asked = [_in_a_row([_question(card), *_asked(card, keeping)], [_measured(item), *beside])]
    else:
        asks = [WIDGETS[question.kind](replace(item, is_unfolded=adding), on_answer), *measuring]
        filed = [_filed(card.filed)] if _is_filed(card) and card.filed else []
        asked = [_question(card), *filed, *_asked(card, keeping), _in_a_row(asks, beside)]
    return ft.Container(
        key=scroll_key(item.key),
        padding=ft.Padding.only(top=theme.XS),
        content=kit.stack(
            [
                *asked,
                *([RecordingsCard(keeping)] if card.draw else []),
                *(_clear(item, on_answer) if adding else []),
                WantedEvidence(_wanted(card, adding=adding), keeping),
                *(_complaint(finding) for finding in card.findings),
            ],
            theme.XS,
        ),
    )


def _in_a_row(asked: list[ft.Control], beside: Sequence[ft.Control]) -> ft.Control:
    """Return what is asked, and what is seldom tapped beside it."""
    return ft.Row(
        [ft.Container(kit.stack(asked), expand=True), *beside],
        spacing=theme.XS,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _is_settled(item: QuestionItem) -> bool:
    """Whether it was measured and stays so: a line says all of it."""
    return item.question.kind is Kind.BANDS and item.value == item.measured is not None and not item.is_large


def _measured(item: QuestionItem) -> ft.Control:
    figure = figure_words(item.measured or 0, item.unit_seconds)
    rows: list[ft.Control] = [kit.words(figure, ft.TextThemeStyle.TITLE_SMALL), kit.quiet(_("from the stamps"))]
    return ft.Column(rows, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.END)


def _is_filed(card: Card) -> bool:
    """Whether it is a question that the entrant filed, with its answer."""
    return card.filed is not None and card.item.question.kind is Kind.FAQ


def _question(card: Card) -> ft.Control:
    """Return the question as a heading to jump to: open ones lead, the code stands last and small."""
    item = card.item
    question = item.question
    says, words = [item.key], read(question.text)
    if _is_filed(card) and card.filed:
        says, words = [fill("FAQ {number}", number=card.filed.number), item.key], read(card.filed.question)
    if question.critical:
        says.append(_("critical"))
    if question.late_answer:
        says.append(_("may be answered later"))
    small = ft.TextStyle(size=theme.CODE, color=theme.QUIET)
    text = ft.Text(
        words,
        spans=[ft.TextSpan("  " + _(", ").join(says), style=small)],
        theme_style=ft.TextThemeStyle.BODY_LARGE,
        color=theme.INK if card.is_open else theme.QUIET,
    )
    tint = theme.CAUTION if question.critical else theme.PRIMARY
    dot = ft.Container(width=theme.S, height=theme.S, border_radius=theme.S, bgcolor=tint, opacity=int(card.is_open))
    row = ft.Row(
        [ft.Container(dot, padding=ft.Padding.only(top=theme.S)), ft.Container(text, expand=True)],
        spacing=theme.S,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.Semantics(header=True, heading_level=3, content=row)


def _more_button(key: str, adding: bool, on_tap: kit.OnTap) -> ft.Control:
    label = _("Less") if adding else _("More: note, photo, clear")
    icon = ft.Icons.EXPAND_LESS if adding else ft.Icons.ADD
    return kit.icon_button(icon, named(label, key), on_tap, f"more-{key}", icon_color=theme.QUIET)


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

    button = [] if card.item.locked else [kit.text_button(stays, confirm, f"stays-{key}", name=named(stays, key))]
    words = fill("The reviewer asks: {words}", words=card.asked)
    return [kit.banner(kit.Tone.CAUTION, words, button, key=f"asked-{key}")]


def _clear(item: QuestionItem, on_answer: OnAnswer) -> list[ft.Control]:
    """Return the way to take an answer back; a figure has its own, and words are deleted where they stand."""
    if item.locked or item.value is None or item.question.kind in (Kind.BANDS, Kind.TEXT):
        return []
    label = _("Clear the answer")

    async def clear(_event: object) -> None:
        await on_answer(item.key, None)

    return [kit.flow([kit.text_button(label, clear, f"clear-{item.key}", name=named(label, item.key))])]


def _wanted(card: Card, *, adding: bool) -> Wanted:
    item = card.item
    return Wanted(
        key=item.key,
        kinds=_kinds(card),
        notes=card.notes,
        evidence=card.evidence,
        # The figure, or what it is still to be measured by, says it already.
        app_keeps=card.app_keeps if item.measured is None and not card.measured else (),
        locked=item.locked,
        shared=card.shared,
        phrases=() if item.question.kind is Kind.TEXT else item.phrases,  # there they write the answer
        adding=adding,
        due=item.value is not None,
    )


def _kinds(card: Card) -> tuple[str, ...]:
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
    """Return what the entrant filed, to compare with what the assessor heard: neutral, so that it looks not chosen."""
    return ft.Container(
        border=ft.Border.only(left=ft.BorderSide(3, theme.EDGE)),
        padding=ft.Padding.only(left=theme.M),
        content=kit.stack([kit.quiet(_("Filed answer")), kit.words(read(filed.answer))], spacing=0),
    )


def _complaint(finding: Finding) -> ft.Control:
    if finding.code == "measurement-missing":
        return kit.quiet(say(finding.message))
    tone = kit.Tone.ALARM if finding.blocks_finish else kit.Tone.CAUTION
    return kit.banner(tone, say(finding.message), key=f"finding-{finding.question}-{finding.code}")
