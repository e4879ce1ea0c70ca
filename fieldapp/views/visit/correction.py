"""A time typed in or corrected: which day it means, whether it can be, and why; the first stamp stays on the record."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

import flet as ft

from checklists.forms.form import MeasurementItem
from checklists.record.assessment import Measurement
from fieldapp.language import _, fill, read, say
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words

_TIME = re.compile(
    r"(?P<hour>[01]?[0-9]|2[0-3])(?P<mark>[:.])(?P<minute>[0-5][0-9])(?:(?P=mark)(?P<second>[0-5][0-9]))?"
    r"(?:(?<=:[0-9]{2})(?:\.[0-9]+)?(?:[+-][0-9]{2}:[0-9]{2})?)?"
    r"|(?P<hours>[01][0-9]|2[0-3])(?P<minutes>[0-5][0-9])(?P<seconds>[0-5][0-9])?"
)


def history(measurement: Measurement, zone: ZoneInfo | None, moved_s: int) -> list[ft.Control]:
    """Return what stands beside a time: this phone's own where it differs, what was stamped first, why it was changed,
    and how far the clock moved before it.
    """
    rows: list[ft.Control] = []
    if measurement.at is not None and measurement.at != measurement.trusted_at:
        rows.append(kit.quiet(words.wall(measurement.at, zone, seconds=True)))
    if measurement.original_at is not None and measurement.first_moment is not None:
        first = words.moment(measurement.first_moment.corrected, zone, seconds=True)
        rows.append(kit.quiet(fill("First stamped: {time}", time=first)))
    if not measurement.stamped:
        rows.append(kit.quiet(fill("Typed in: {reason}", reason=measurement.reason)))
    if moved_s:
        moved = words.length(abs(moved_s))
        template = "The clock ran {length} ahead" if moved_s > 0 else "The clock was put back {length}"
        rows.append(kit.banner(kit.Tone.CAUTION, fill(template, length=moved)))
    return rows


def typed_time(typed: str) -> time | None:
    """Return the time of day typed: 9:05, 14:32, 14.32, 1432, each with or without seconds; None when it is none.

    As keyboards write it, full-width too; a fraction and a zone are left out. `time.fromisoformat` will not do: it
    reads 14.32 as 14:00 on one Python and not at all on another.
    """
    match = _TIME.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    if match is None:
        return None
    names = ("hour", "minute", "second") if match["mark"] else ("hours", "minutes", "seconds")
    hour, minute, second = (int(part or 0) for part in match.group(*names))
    return time(hour, minute, second)


def use_correction(visit: Visit, item: MeasurementItem, measurement: Measurement | None) -> Callable[[object], None]:
    """Return what opens the dialog that types a time in, corrects a stamp, or takes it back."""
    typed, set_typed = ft.use_state("")
    reason, set_reason = ft.use_state("")
    days, set_days = ft.use_state(0)
    opened, set_opened = ft.use_state(False)
    stamped = measurement.trusted_at if measurement is not None else None
    wanted = typed_time(typed)
    moment = None if wanted is None else visit.moment_meant(item.key, wanted, days=days)

    async def keep(_event: object) -> None:
        if moment is not None and await visit.edit_stamp(item.key, moment, reason):
            set_opened(False)

    async def take_back(_event: object) -> None:
        set_opened(False)
        await visit.clear_measurement(item.key)

    def begin(_event: object) -> None:
        set_typed(words.time_of_day(stamped, visit.zone) if stamped else "")
        set_reason("")
        set_days(0)
        set_opened(True)

    def leave(_event: object) -> None:
        set_opened(False)

    actions: list[ft.Control] = [
        kit.text_button(_("Cancel"), leave, "stamp-cancel"),
        kit.main_button(_("Keep time"), keep, "stamp-keep", disabled=moment is None or not reason.strip()),
    ]
    if stamped:
        actions.insert(0, kit.text_button(_("Take back"), take_back, "stamp-clear"))
    content = [
        *([kit.quiet(fill("Now: {time}", time=words.moment(stamped, visit.zone, seconds=True)))] if stamped else []),
        ft.TextField(
            key="stamp-time",
            label=_("Time (hours:minutes:seconds)"),
            value=typed,
            on_change=lambda e: set_typed(e.control.value),
            error=_("Not a time") if typed and wanted is None else None,
        ),
        *(_meant(visit, item.key, moment, lambda step: set_days(days + step)) if moment else []),
        ft.TextField(
            key="stamp-reason",
            label=_("Why? A reviewer reads it."),
            value=reason,
            multiline=True,
            on_change=lambda e: set_reason(e.control.value),
        ),
    ]
    dialog = kit.dialog(
        read(item.label),
        content=kit.stack(content),
        actions=actions,
        on_dismiss=leave,
    )
    ft.use_dialog(dialog if opened else None)
    return begin


def _meant(visit: Visit, key: str, moment: datetime, move: Callable[[int], None]) -> list[ft.Control]:
    """Return the whole moment that a typed time means, ways to another day, and what cannot be with it."""
    problem = visit.disorder_at(key, moment)
    return [
        kit.words(words.moment(moment, visit.zone, seconds=True), ft.TextThemeStyle.TITLE_SMALL, key="stamp-meant"),
        kit.flow(
            [
                kit.text_button(_("A day earlier"), lambda _e: move(-1), "stamp-day-less"),
                kit.text_button(_("A day later"), lambda _e: move(1), "stamp-day-more"),
            ]
        ),
        *([kit.banner(kit.Tone.CAUTION, say(problem), key="stamp-disorder")] if problem else []),
    ]
