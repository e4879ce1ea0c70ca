"""The clock marks: one tap stamps now; a stamp may be corrected, and the first one stays on the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from functools import partial

import flet as ft

from checklists.assessment import Mark
from checklists.form import Measurement, MeasurementKind
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.state import Visit
from fieldapp.views import kit, words
from fieldapp.views.questions.typed import WordsField

Row = Callable[[Visit, Measurement, Mark | None], ft.Control]


@ft.component
def ClockCard(visit: Visit, marks: Sequence[Measurement]) -> ft.Control:
    """Every mark of the form, or of its annex, in the order things happen."""
    held = visit.assessment.measurements
    rows = [ROWS[mark.kind](visit, mark, held.get(mark.key)) for mark in marks]
    hint = _("Tap at the moment it happens. A count or time can be put right afterwards.")
    return kit.card([kit.heading(_("Clock marks")), kit.quiet(hint), *rows])


def _row(label: str, controls: list[ft.Control], optional: bool = False) -> ft.Control:
    text = kit.words(f"{label} {_('(if any)')}" if optional else label)
    return ft.Row([ft.Container(text, expand=True), *controls], spacing=theme.S)


@ft.component
def StampRow(visit: Visit, mark: Measurement, held: Mark | None) -> ft.Control:
    """One moment: a button before, the time after; tapping the time corrects it."""
    editing, set_editing = ft.use_state(False)
    label = read(mark.label)
    ft.use_dialog(
        edit_dialog(visit, mark, held, held.at, lambda: set_editing(False)) if editing and held and held.at else None
    )

    async def stamp(_event: object) -> None:
        await visit.stamp(mark.key)

    if held is not None and held.at is not None:
        shown = words.clock(held.at, seconds=True)
        name = fill("Correct {label} {time}", label=label, time=shown)
        change = kit.text_button(
            shown, lambda _e: set_editing(True), f"edit-{mark.key}", name=name, disabled=not visit.is_draft
        )
        return _row(label, [ft.Icon(ft.Icons.CHECK, color=theme.PRIMARY, size=theme.ICON_SMALL), change])
    name = fill("Stamp {label}", label=label)
    now = kit.tonal_button(_("Now"), stamp, f"stamp-{mark.key}", name=name, disabled=not visit.is_draft)
    return _row(label, [now], mark.optional)


@ft.component
def StampChoiceRow(visit: Visit, mark: Measurement, held: Mark | None) -> ft.Control:
    """One moment with how it came about: one button for each way; the chosen one shows the time."""
    label = read(mark.label)

    async def stamp(code: str, _event: object) -> None:
        if held is not None:
            await visit.clear_mark(mark.key)
        await visit.stamp(mark.key, choice=code)

    def button(code: str, text: str) -> ft.Control:
        chosen = held is not None and held.choice == code and held.at is not None
        shown = f"{text} {words.clock(held.at, seconds=True)}" if chosen and held and held.at else text
        handler = partial(stamp, code) if visit.is_draft else None
        return ft.Semantics(
            container=True,
            exclude_semantics=True,
            button=True,
            selected=chosen,
            label=f"{label}: {text}",
            on_tap=handler,
            content=kit.choice_face(shown, chosen, handler, f"stamp-{mark.key}-{code}"),
        )

    return kit.stack([kit.words(label), kit.flow([button(option.code, read(option.label)) for option in mark.options])])


def counter(
    label: str, number: int | None, on_count: Callable[[int], object], key: str, locked: bool
) -> list[ft.Control]:
    """Return minus, the figure and plus; plus from nothing gives one, minus from nothing gives nought."""

    async def step(change: int, _event: object) -> None:
        done = on_count(max(0, (number or 0) + change))
        if hasattr(done, "__await__"):
            await done

    less, more = fill("Less: {label}", label=label), fill("More: {label}", label=label)
    figure = "–" if number is None else str(number)
    return [
        kit.icon_button(ft.Icons.REMOVE, less, partial(step, -1), f"less-{key}", disabled=locked),
        kit.words(figure, ft.TextThemeStyle.TITLE_LARGE, semantics_label=f"{label}: {figure}"),
        kit.icon_button(ft.Icons.ADD, more, partial(step, 1), f"more-{key}", disabled=locked),
    ]


@ft.component
def CountRow(visit: Visit, mark: Measurement, held: Mark | None) -> ft.Control:
    """A count, up and down."""
    number = held.number if held else None
    label = read(mark.label)
    return _row(
        label, counter(label, number, partial(visit.count, mark.key), mark.key, not visit.is_draft), mark.optional
    )


@ft.component
def CountPairRow(visit: Visit, mark: Measurement, held: Mark | None) -> ft.Control:
    """Two counts that belong together, each with its own buttons."""
    label = read(mark.label)
    first, second = (held.pair if held and held.pair else None) or (None, None)
    names = [part.strip() for part in label.replace("／", "/").split("/")]
    one, two = (names[0], names[1]) if len(names) == 2 else (f"{label} 1", f"{label} 2")

    async def set_first(number: int) -> None:
        await visit.count_pair(mark.key, number, max(second or 0, number))

    async def set_second(number: int) -> None:
        await visit.count_pair(mark.key, min(first or 0, number), number)

    locked = not visit.is_draft
    return kit.stack(
        [
            _row(one, counter(one, first, set_first, f"{mark.key}-1", locked)),
            _row(two, counter(two, second, set_second, f"{mark.key}-2", locked)),
        ]
    )


@ft.component
def SpansRow(visit: Visit, mark: Measurement, held: Mark | None) -> ft.Control:
    """Holds: one button starts and ends them; each is listed with its length."""
    label = read(mark.label)
    spans = held.spans if held else ()
    running = bool(spans) and spans[-1][1] is None

    async def toggle(_event: object) -> None:
        await visit.toggle_span(mark.key)

    def told(start: datetime, end: datetime | None) -> str:
        if end is None:
            return fill("from {time}, still running", time=words.clock(start, seconds=True))
        return fill(
            "from {time}, {length}",
            time=words.clock(start, seconds=True),
            length=words.length(int((end - start).total_seconds())),
        )

    name = fill("End {label}", label=label) if running else fill("Start {label}", label=label)
    make = kit.main_button if running else kit.tonal_button
    button = make(
        _("End") if running else _("Start"), toggle, f"span-{mark.key}", name=name, disabled=not visit.is_draft
    )
    return kit.stack(
        [_row(label, [button], mark.optional), *(kit.quiet(told(*span)) for span in spans)], spacing=theme.XS
    )


@ft.component
def CodeRow(visit: Visit, mark: Measurement, held: Mark | None) -> ft.Control:
    """A short code, never a name (privacy E6)."""

    async def keep(text: str) -> None:
        if text.strip():
            await visit.code(mark.key, text.strip())
        else:
            await visit.clear_mark(mark.key)

    code = held.code if held and held.code else ""
    return WordsField(
        read(mark.label),
        code,
        keep,
        f"code-{mark.key}",
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


def corrected(typed: str, held: datetime) -> datetime | None:
    """Return `held` at the Hong Kong time of day `typed` ("14:32" or "14:32:05"); None when that is no time."""
    try:
        wanted = time.fromisoformat(typed.strip())
    except ValueError:
        return None
    local = held.astimezone(words.HONG_KONG)
    return local.replace(hour=wanted.hour, minute=wanted.minute, second=wanted.second, microsecond=0).astimezone(
        held.tzinfo
    )


def edit_dialog(
    visit: Visit, mark: Measurement, held: Mark, before: datetime, close: Callable[[], None]
) -> ft.AlertDialog:
    """Return the dialog that corrects a stamp, or takes it back."""
    field = ft.TextField(
        key="stamp-time",
        label=_("Time (hours:minutes:seconds)"),
        value=words.clock(before, seconds=True),
        autofocus=True,
    )

    async def keep(_event: object) -> None:
        at = corrected(field.value, before)
        if at is not None:
            close()
            await visit.edit_stamp(mark.key, at)

    async def take_back(_event: object) -> None:
        close()
        await visit.clear_mark(mark.key)

    first = fill(
        "First stamped at {time}; that stays on the record.", time=words.clock(held.original_at or before, seconds=True)
    )
    return ft.AlertDialog(
        title=ft.Text(read(mark.label)),
        content=kit.stack([field, kit.quiet(first)]),
        actions=[
            kit.text_button(_("Take back"), take_back, "stamp-clear"),
            kit.text_button(_("Cancel"), lambda _e: close(), "stamp-cancel"),
            kit.main_button(_("Keep time"), keep, "stamp-keep"),
        ],
        on_dismiss=lambda _e: close(),
    )
