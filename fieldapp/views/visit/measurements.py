"""What is measured on a visit: one tap stamps now; a stamp may be corrected, and the first one stays on the record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import flet as ft

from checklists.forms.form import MeasurementItem, MeasurementKind
from checklists.record.assessment import Measurement
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.views import kit, words
from fieldapp.views.questions.words_field import WordsField
from fieldapp.views.tappable import Tappable, one_of
from fieldapp.views.visit.correction import history, use_correction
from fieldapp.views.visit_hooks import Keeping

Row = Callable[[Keeping, MeasurementItem, Measurement | None], ft.Control]


@ft.component
def MeasurementsCard(keeping: Keeping, items: Sequence[MeasurementItem]) -> ft.Control:
    """Everything the form, or its annex, has measured, in the order things happen."""
    visit = keeping.visit
    measurements = visit.assessment.measurements
    rows = [ROWS[item.kind](keeping, item, measurements.get(item.key)) for item in items]
    hint = _("Tap at the moment it happens. A count or time can be put right afterwards.")
    told = [kit.quiet(hint)] if visit.is_draft else []
    return kit.card([kit.heading(_("Measurements"), 3), *told, *rows])


def _row(label: str, controls: list[ft.Control], optional: bool = False) -> ft.Control:
    text = kit.words(f"{label} {_('(if any)')}" if optional else label)
    return kit.label_row(text, controls)


@ft.component
def StampRow(keeping: Keeping, item: MeasurementItem, measurement: Measurement | None) -> ft.Control:
    """One moment: a button before, the time after; tapping the time corrects it, the keyboard types one in."""
    visit = keeping.visit
    label, locked = read(item.label), not visit.is_draft
    correct = use_correction(visit, item, measurement)

    async def stamp(_event: object) -> None:
        await visit.stamp(item.key)

    if measurement is not None and measurement.trusted_at is not None:
        shown = words.moment(measurement.trusted_at, visit.zone, seconds=True)
        if measurement.never:
            shown = fill("none by {time}", time=shown)
        row = _row(label, _time_button(item, shown, label, correct, locked))
        return kit.stack([row, *history(measurement, visit.zone, visit.clock_moved_s(item.key))], spacing=theme.XS)
    if locked:
        return _row(label, [kit.quiet(_("not stamped"))])
    typed, name = fill("Type the time of {label}", label=label), fill("Stamp {label}", label=label)
    keyboard = kit.icon_button(ft.Icons.KEYBOARD, typed, correct, f"type-{item.key}")
    now = kit.tonal_button(_("Now"), stamp, f"stamp-{item.key}", name=name)
    return _row(label, [keyboard, now], item.optional)


def _time_button(item: MeasurementItem, shown: str, label: str, on_tap: kit.OnTap, locked: bool) -> list[ft.Control]:
    """Return the stamped time, to be tapped for correction; of a visit that is sent, to be read."""
    name = fill("Correct {label} {time}", label=label, time=shown)
    change = kit.words(shown) if locked else kit.text_button(shown, on_tap, f"edit-{item.key}", name=name)
    return [ft.Icon(ft.Icons.CHECK, color=theme.PRIMARY, size=theme.ICON_SMALL), change]


@ft.component
def StampChoiceRow(keeping: Keeping, item: MeasurementItem, measurement: Measurement | None) -> ft.Control:
    """One moment with how it came about: one button for each way. Choosing another way keeps the moment."""
    visit = keeping.visit
    label, locked = read(item.label), not visit.is_draft
    correct = use_correction(visit, item, measurement)

    async def stamp(code: str, _event: object) -> None:
        await visit.stamp(item.key, choice=code)

    def button(code: str, text: str) -> Tappable:
        chosen = measurement is not None and measurement.choice == code
        return kit.choice(f"{label}: {text}", text, chosen, partial(stamp, code), f"stamp-{item.key}-{code}")

    when = measurement.trusted_at if measurement is not None else None
    shown = words.moment(when, visit.zone, seconds=True) if when else ""
    time_shown = _time_button(item, shown, label, correct, locked) if when else []
    if locked:
        way = next(
            (read(o.label) for o in item.options if measurement is not None and o.code == measurement.choice), ""
        )
        time_shown = [kit.words(way), *time_shown] if way else [kit.quiet(_("not stamped"))]
    ways = [] if locked else [kit.flow(one_of([button(option.code, read(option.label)) for option in item.options]))]
    return kit.stack(
        [
            _row(label, time_shown, item.optional),
            *ways,
            *(history(measurement, visit.zone, visit.clock_moved_s(item.key)) if measurement else []),
        ]
    )


def counter(
    label: str, number: int | None, on_step: Callable[[int], Awaitable[object]], key: str, locked: bool
) -> list[ft.Control]:
    """Return minus, the figure and plus; plus from nothing gives one, minus from nothing gives nought.

    Of a visit that is sent, the figure alone.
    """

    async def step(change: int, _event: object) -> None:
        await on_step(change)

    less, more = fill("Less: {label}", label=label), fill("More: {label}", label=label)
    figure, spoken = ("?", _("not counted yet")) if number is None else (str(number), str(number))
    shown = kit.words(figure, ft.TextThemeStyle.TITLE_LARGE, semantics_label=f"{label}: {spoken}")
    if locked:
        return [kit.quiet(_("not counted")) if number is None else shown]
    return [
        kit.icon_button(ft.Icons.REMOVE, less, partial(step, -1), f"less-{key}"),
        shown,
        kit.icon_button(ft.Icons.ADD, more, partial(step, 1), f"more-{key}"),
    ]


@ft.component
def CountRow(keeping: Keeping, item: MeasurementItem, measurement: Measurement | None) -> ft.Control:
    """A count, up and down."""
    visit = keeping.visit
    number = measurement.number if measurement else None
    label = read(item.label)
    return _row(
        label, counter(label, number, partial(visit.count, item.key), item.key, not visit.is_draft), item.optional
    )


@ft.component
def CountPairRow(keeping: Keeping, item: MeasurementItem, measurement: Measurement | None) -> ft.Control:
    """Two counts that belong together, each with its own buttons."""
    visit = keeping.visit
    label = read(item.label)
    first, second = (measurement.pair if measurement and measurement.pair else None) or (None, None)
    names = [part.strip()[:1].upper() + part.strip()[1:] for part in label.replace("／", "/").split("/")]
    first_label, second_label = (names[0], names[1]) if len(names) == 2 else (f"{label} 1", f"{label} 2")

    async def step_first(change: int) -> None:
        await visit.count_pair(item.key, first=change)

    async def step_second(change: int) -> None:
        await visit.count_pair(item.key, second=change)

    locked = not visit.is_draft
    return kit.stack(
        [
            _row(first_label, counter(first_label, first, step_first, f"{item.key}-1", locked)),
            _row(second_label, counter(second_label, second, step_second, f"{item.key}-2", locked)),
        ]
    )


@ft.component
def SpansRow(keeping: Keeping, item: MeasurementItem, measurement: Measurement | None) -> ft.Control:
    """Holds: one button starts and ends them; each is listed with its length."""
    visit = keeping.visit
    label = read(item.label)
    spans = measurement.spans if measurement else ()
    running = bool(spans) and spans[-1][1] is None

    async def toggle(_event: object) -> None:
        await visit.toggle_span(item.key)

    def span_text(start: datetime, end: datetime | None) -> str:
        if end is None:
            return fill("from {time}, still running", time=words.clock(start, visit.zone, seconds=True))
        return fill(
            "from {time}, {length}",
            time=words.clock(start, visit.zone, seconds=True),
            length=words.length(int((end - start).total_seconds())),
        )

    name = fill("End {label}", label=label) if running else fill("Start {label}", label=label)
    make = kit.main_button if running else kit.tonal_button
    button = make(_("End") if running else _("Start"), toggle, f"span-{item.key}", name=name)
    tools: list[ft.Control] = [button] if visit.is_draft else [] if spans else [kit.quiet(_("none"))]

    async def take_back(_event: object) -> None:
        await visit.take_back_span(item.key)

    back = _("Take back the last")
    undo = kit.text_button(back, take_back, f"undo-{item.key}", name=f"{label}: {back}")
    return kit.stack(
        [
            _row(label, tools, item.optional),
            *(kit.quiet(span_text(*span)) for span in spans),
            *(history(measurement, visit.zone, visit.clock_moved_s(item.key)) if measurement else []),
            *([undo] if spans and visit.is_draft else []),
        ],
        spacing=theme.XS,
    )


@ft.component
def CodeRow(keeping: Keeping, item: MeasurementItem, measurement: Measurement | None) -> ft.Control:
    """A short code, never a name (privacy E6)."""
    visit = keeping.visit

    async def keep(text: str) -> bool:
        return await visit.code(item.key, text)

    code = measurement.code if measurement and measurement.code else ""
    return WordsField(
        read(item.label),
        code,
        keep,
        f"code-{item.key}",
        _('A code such as "Agent 3, morning", never a name.'),
        not visit.is_draft,
    )


# Which row shows which kind of measurement. A test fails if one is missing here.
ROWS: Mapping[MeasurementKind, Row] = {
    MeasurementKind.STAMP: StampRow,
    MeasurementKind.STAMP_PLACE: StampRow,
    MeasurementKind.STAMP_CHOICE: StampChoiceRow,
    MeasurementKind.INTEGER: CountRow,
    MeasurementKind.INTEGER_PAIR: CountPairRow,
    MeasurementKind.SPANS: SpansRow,
    MeasurementKind.CODED: CodeRow,
}
