"""Recordings judged on the spot: drawn at random from the entrant's list, by a seed anyone can repeat."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import flet as ft

from checklists.record.assessment import Draw
from fieldapp.language import _, fill
from fieldapp.views import kit, words
from fieldapp.views.visit_hooks import Keeping


@ft.component
def RecordingsCard(keeping: Keeping) -> ft.Control:
    """How many are on the list, the draw, and which were drawn."""
    visit = keeping.visit
    typed, set_typed = ft.use_state("")
    listed = int(typed) if _is_whole(typed) else 0
    wanted = visit.to_draw

    async def draw(_event: object) -> None:
        if await visit.draw(listed):
            set_typed("")

    rows: list[ft.Control] = [
        kit.heading(_("Recordings to hear")),
        kit.words(fill("Ask for the list of recordings, count them, and let the app draw {count}.", count=wanted)),
        *(_drawn(drawn, visit.zone) for drawn in visit.assessment.draws),
    ]
    if visit.is_draft:
        field = ft.TextField(
            key="recordings-listed",
            label=_("Recordings on the list"),
            value=typed,
            keyboard_type=ft.KeyboardType.NUMBER,
            on_change=lambda e: set_typed(e.control.value.strip()),
            error=_("Whole numbers only") if typed and not _is_whole(typed) else None,
        )
        label = _("Draw again") if visit.assessment.draws else _("Draw recordings")
        rows += [field, kit.tonal_button(label, draw, "draw", disabled=not listed, icon=ft.Icons.CASINO)]
    return kit.card(rows)


def _is_whole(typed: str) -> bool:
    """Is this a number in figures? "²" is a digit to Unicode, and no number to anybody who counts."""
    return typed.isascii() and typed.isdigit()


def _drawn(drawn: Draw, zone: ZoneInfo | None) -> ft.Control:
    picked = _(", ").join(str(number) for number in drawn.picked)
    return kit.stack(
        [
            kit.words(
                fill("Hear numbers {picked} of {listed}", picked=picked, listed=drawn.listed),
                ft.TextThemeStyle.TITLE_SMALL,
            ),
            kit.quiet(fill("Drawn {time}, seed {seed}", time=words.moment(drawn.at, zone), seed=drawn.seed)),
        ],
        spacing=0,
    )
