"""The call so far as a ribbon: how long it rang, how long the menu and the queue took, and the talk."""

from __future__ import annotations

import flet as ft

from checklists.language import N_
from checklists.record.trusted_time import Moment, elapsed
from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.state.call import Script
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.call.clock import shown

HEIGHT, LEAST = 14, 6  # the shortest part is drawn that many hundredths wide


def ribbon(visit: Visit, script: Script) -> list[ft.Control]:
    """Return the parts that are over, with their lengths; nothing before the first of them."""
    lengths = _parts(visit, script)
    if not lengths:
        return []
    whole = max(1, sum(seconds for _, seconds, _ in lengths))
    bars: list[ft.Control] = [
        ft.Container(height=HEIGHT, bgcolor=ink, border_radius=4, expand=max(LEAST, round(100 * seconds / whole)))
        for _, seconds, ink in lengths
    ]
    told = _(", ").join(fill("{part} {length}", part=_(part), length=shown(seconds)) for part, seconds, _ink in lengths)
    return [ft.Semantics(exclude_semantics=True, content=ft.Row(bars, spacing=2)), kit.quiet(told)]


def _parts(visit: Visit, script: Script) -> list[tuple[str, int, str]]:
    kept = visit.assessment.measurements
    marks: list[tuple[str, str | None, str]] = [
        (N_("ringing") if script.answered else N_("waiting"), script.dialled, theme.LINE),
        (N_("menu"), script.answered, theme.EDGE),
        (N_("queue"), script.queued, theme.CAUTION),
        (N_("talk"), script.person, theme.PRIMARY),
    ]
    begun: list[tuple[str, Moment, str]] = []
    for part, key, ink in marks:
        measurement = kept.get(key) if key else None
        if measurement is not None and measurement.moment is not None:
            begun.append((part, measurement.moment, ink))
    ended = kept.get(script.ended)
    ends = [moment for _, moment, _ in begun[1:]] + ([ended.moment] if ended and ended.moment else [])
    lengths = [
        (part, int(elapsed(since, until).total_seconds()), ink)
        for (part, since, ink), until in zip(begun, ends, strict=False)
    ]
    return [(part, seconds, ink) for part, seconds, ink in lengths if seconds > 0]
