"""What is measured on a visit: one tap stamps now; a stamp may be corrected, and the first one stays on the record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from zoneinfo import ZoneInfo

import flet as ft

from checklists.forms.form import MeasurementItem, MeasurementKind
from checklists.record.assessment import Measurement
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.state import Visit
from fieldapp.views import kit, words
from fieldapp.views.questions.words_field import WordsField
from fieldapp.views.visit_hooks import Keeping

Row = Callable[[Keeping, MeasurementItem, Measurement | None], ft.Control]


@ft.component
def MeasurementsCard(keeping: Keeping, items: Sequence[MeasurementItem]) -> ft.Control:
    """Everything the form, or its annex, has measured, in the order things happen."""
    visit = keeping.visit
    measurements = visit.assessment.measurements
    rows = [ROWS[item.kind](keeping, item, measurements.get(item.key)) for item in items]
    hint = _("Tap at the moment it happens. A count or time can be put right afterwards.")
    return kit.card([kit.heading(_("Measurements")), kit.quiet(hint), *rows])


def _row(label: str, controls: list[ft.Control], optional: bool = False) -> ft.Control:
    text = kit.words(f"{label} {_('(if any)')}" if optional else label)
    return ft.Row([ft.Container(text, expand=True), *controls], spacing=theme.S)


@ft.component
def StampRow(keeping: Keeping, item: MeasurementItem, measurement: Measurement | None) -> ft.Control:
    """One moment: a button before, the time after; tapping the time corrects it, the keyboard types one in."""
    visit = keeping.visit
    label, locked = read(item.label), not visit.is_draft
    correct = use_correction(visit, item, measurement)

    async def stamp(_event: object) -> None:
        await visit.stamp(item.key)

    if measurement is not None and measurement.at is not None:
        return _row(
            label, _time_button(item, words.clock(measurement.at, visit.zone, seconds=True), label, correct, locked)
        )
    typed, name = fill("Type the time of {label}", label=label), fill("Stamp {label}", label=label)
    keyboard = kit.icon_button(ft.Icons.KEYBOARD, typed, correct, f"type-{item.key}", disabled=locked)
    now = kit.tonal_button(_("Now"), stamp, f"stamp-{item.key}", name=name, disabled=locked)
    return _row(label, [keyboard, now], item.optional)


def _time_button(item: MeasurementItem, shown: str, label: str, on_tap: kit.OnTap, locked: bool) -> list[ft.Control]:
    """Return the stamped time, to be tapped for correction."""
    name = fill("Correct {label} {time}", label=label, time=shown)
    change = kit.text_button(shown, on_tap, f"edit-{item.key}", name=name, disabled=locked)
    return [ft.Icon(ft.Icons.CHECK, color=theme.PRIMARY, size=theme.ICON_SMALL), change]


@ft.component
def StampChoiceRow(keeping: Keeping, item: MeasurementItem, measurement: Measurement | None) -> ft.Control:
    """One moment with how it came about: one button for each way. Choosing another way keeps the moment."""
    visit = keeping.visit
    label, locked = read(item.label), not visit.is_draft
    correct = use_correction(visit, item, measurement)

    async def stamp(code: str, _event: object) -> None:
        await visit.stamp(item.key, choice=code)

    def button(code: str, text: str) -> ft.Control:
        chosen = measurement is not None and measurement.choice == code
        handler = None if locked else partial(stamp, code)
        return kit.choice(f"{label}: {text}", text, chosen, handler, f"stamp-{item.key}-{code}")

    when = measurement.at if measurement is not None else None
    shown = words.clock(when, visit.zone, seconds=True) if when else ""
    time_shown = _time_button(item, shown, label, correct, locked) if when else []
    ways = kit.flow([button(option.code, read(option.label)) for option in item.options])
    return kit.stack([_row(label, time_shown, item.optional), ways])


def counter(
    label: str, number: int | None, on_count: Callable[[int], Awaitable[object]], key: str, locked: bool
) -> list[ft.Control]:
    """Return minus, the figure and plus; plus from nothing gives one, minus from nothing gives nought."""

    async def step(change: int, _event: object) -> None:
        await on_count(max(0, (number or 0) + change))

    less, more = fill("Less: {label}", label=label), fill("More: {label}", label=label)
    figure, spoken = ("?", _("not counted yet")) if number is None else (str(number), str(number))
    return [
        kit.icon_button(ft.Icons.REMOVE, less, partial(step, -1), f"less-{key}", disabled=locked),
        kit.words(figure, ft.TextThemeStyle.TITLE_LARGE, semantics_label=f"{label}: {spoken}"),
        kit.icon_button(ft.Icons.ADD, more, partial(step, 1), f"more-{key}", disabled=locked),
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
    names = [part.strip() for part in label.replace("／", "/").split("/")]
    first_label, second_label = (names[0], names[1]) if len(names) == 2 else (f"{label} 1", f"{label} 2")

    async def set_first(number: int) -> None:
        await visit.count_pair(item.key, number, max(second or 0, number))

    async def set_second(number: int) -> None:
        await visit.count_pair(item.key, min(first or 0, number), number)

    locked = not visit.is_draft
    return kit.stack(
        [
            _row(first_label, counter(first_label, first, set_first, f"{item.key}-1", locked)),
            _row(second_label, counter(second_label, second, set_second, f"{item.key}-2", locked)),
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
    button = make(
        _("End") if running else _("Start"), toggle, f"span-{item.key}", name=name, disabled=not visit.is_draft
    )
    return kit.stack(
        [_row(label, [button], item.optional), *(kit.quiet(span_text(*span)) for span in spans)], spacing=theme.XS
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
        _("A code such as “Agent 3, morning”, never a name."),
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


def corrected(typed: str, before: datetime, zone: ZoneInfo | None) -> datetime | None:
    """Return `before` at the time of day `typed` ("14:32" or "14:32:05") in `zone`; None when that is no time."""
    try:
        wanted = time.fromisoformat(typed.strip())
    except ValueError:
        return None
    local = before.astimezone(zone)
    return local.replace(hour=wanted.hour, minute=wanted.minute, second=wanted.second, microsecond=0).astimezone(
        before.tzinfo
    )


def use_correction(visit: Visit, item: MeasurementItem, measurement: Measurement | None) -> Callable[[object], None]:
    """Return what opens the dialog that types a time in, corrects a stamp, or takes it back."""
    stamped = measurement.at if measurement is not None else None
    before = stamped or visit.assessment.started_at
    typed, set_typed = ft.use_state("")
    opened, set_opened = ft.use_state(False)

    async def keep(_event: object) -> None:
        at = corrected(typed, before, visit.zone)
        if at is not None:
            set_opened(False)
            await visit.edit_stamp(item.key, at)

    async def take_back(_event: object) -> None:
        set_opened(False)
        await visit.clear_measurement(item.key)

    def begin(_event: object) -> None:
        set_typed(words.time_of_day(before, visit.zone) if stamped else "")
        set_opened(True)

    def leave(_event: object) -> None:
        set_opened(False)

    wrong = bool(typed) and corrected(typed, before, visit.zone) is None
    field = ft.TextField(
        key="stamp-time",
        label=_("Time (hours:minutes:seconds)"),
        value=typed,
        on_change=lambda e: set_typed(e.control.value),
        error=_("Not a time") if wrong else None,
    )
    actions: list[ft.Control] = [
        kit.text_button(_("Cancel"), leave, "stamp-cancel"),
        kit.main_button(_("Keep time"), keep, "stamp-keep"),
    ]
    if stamped:
        actions.insert(0, kit.text_button(_("Take back"), take_back, "stamp-clear"))
    first = (measurement.original_at if measurement is not None else None) or stamped
    dialog = ft.AlertDialog(
        title=ft.Text(read(item.label)),
        content=kit.stack([field, kit.quiet(_first_stamp(first, visit.zone))]),
        actions=actions,
        on_dismiss=leave,
    )
    ft.use_dialog(dialog if opened else None)
    return begin


def _first_stamp(first: datetime | None, zone: ZoneInfo | None) -> str:
    if first is None:
        return _("Typed in afterwards.")
    return fill("First stamped at {time}; that stays on the record.", time=words.clock(first, zone, seconds=True))
