"""Five seconds to take the last tap of a call back, running out in sight."""

from __future__ import annotations

import flet as ft

from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.state.call import Step
from fieldapp.state.tapping import UNDO_S, Undo
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views.call.clock import use_seconds
from fieldapp.views.call.stamps import STEPS, stage_name, step_name
from fieldapp.views.walk.wording import next_name


@ft.component
def UndoBar(visit: Visit, undo: Undo) -> ft.Control:
    """What was put down, when, and the way back."""
    left = undo.until_s - visit.monotonic_s()

    def look() -> None:
        # The same tap: a position that came after it made another Undo of it.
        if visit.undo is not None and visit.undo.at == undo.at and undo.until_s < visit.monotonic_s():
            visit.forget_undo()

    use_seconds(look)

    async def take_back(_event: object) -> None:
        await visit.take_back()

    ring = ft.ProgressRing(value=max(0, left) / UNDO_S, width=24, height=24, color=theme.ON_INVERSE, stroke_width=3)
    kept = f"{put_down(visit, undo)} {words.time_of_day(undo.at, visit.zone)}"
    button = ft.TextButton(
        content=ft.Text(_("Undo"), color=theme.ON_INVERSE, weight=ft.FontWeight.W_700),
        on_click=take_back,
        key="undo",
    )
    return ft.Container(
        bgcolor=theme.INVERSE,
        border_radius=theme.RADIUS_L,
        padding=ft.Padding.symmetric(horizontal=theme.L, vertical=theme.XS),
        content=ft.Row(
            [
                ft.Icon(ft.Icons.CHECK, color=theme.ON_INVERSE, size=theme.ICON_SMALL),
                ft.Container(
                    kit.quiet(kept, color=theme.ON_INVERSE, max_lines=1, overflow=ft.TextOverflow.FADE), expand=True
                ),
                button,
                ft.Semantics(exclude_semantics=True, content=ring),
            ],
            spacing=theme.S,
        ),
    )


def put_down(visit: Visit, undo: Undo) -> str:
    """Return what the tap put down, in the words it was tapped by."""
    what, after = undo.what, undo.after
    if what == "key":
        return fill("Key {key}", key=after.menu[-1].key)
    if what == "outcome":
        return _(words.OUTCOMES[after.attempts[-1].outcome])
    if what in visit.sheet.measurements:
        return next_name(visit.sheet.measurements[what])
    if visit.script is None:
        return ""
    return step_name(visit.script, Step(what)) if what in STEPS else stage_name(visit.script, visit.stage[0])
