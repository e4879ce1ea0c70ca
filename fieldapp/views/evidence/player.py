"""Hear what was kept: play, pause, how far it is, and on from any other place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft
import flet_audio as fa  # type: ignore[import-untyped]

from checklists.record.assessment import Evidence
from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.views import kit, words
from fieldapp.views.visit_hooks import Keeping


class Hearing:
    """One sound as it is played. The toolkit's events change it, and a finger on the slider goes before them."""

    def __init__(self) -> None:
        self.is_loaded = self.is_playing = self.is_held = False
        self.at_s = 0
        self.turn: Callable[[Callable[[int], int]], None] = lambda _turn: None

    def player(self, data: bytes) -> Any:
        """Return what plays it, from now on."""
        return fa.Audio(
            src=data,
            autoplay=True,
            on_loaded=self.loaded,
            on_state_change=self.changed,
            on_position_change=self.moved,
        )

    def loaded(self, _event: object) -> None:
        """Play waits for this: before, it would hang."""
        self.is_loaded = True
        self._show()

    def changed(self, event: fa.AudioStateChangeEvent) -> None:
        """It begins, rests or ends; at its end the next tap begins it anew."""
        self.is_playing = event.state is fa.AudioState.PLAYING
        if event.state is fa.AudioState.COMPLETED:
            self.at_s = 0
        self._show()

    def moved(self, event: fa.AudioPositionChangeEvent) -> None:
        """It goes on by itself."""
        at_s = event.position // 1000
        if not self.is_held and at_s != self.at_s:
            self.at_s = at_s
            self._show()

    def hold(self, event: ft.Event[ft.Slider]) -> None:
        """Show where the finger is."""
        self.is_held, self.at_s = True, int(event.control.value or 0)
        self._show()

    def let_go(self) -> None:
        """Follow the sound again."""
        self.is_held = False

    def _show(self) -> None:
        self.turn(lambda n: n + 1)


@ft.component
def Player(keeping: Keeping, item: Evidence, name: str) -> ft.Control:
    """One sound with its button, and once it was tapped with the place where it is."""
    _count, turn = ft.use_state(0)
    opened, set_opened = ft.use_state(False)
    hearing = ft.use_memo(Hearing, [])
    hearing.turn = turn
    data = keeping.visit.media(item.sha256) if opened else None
    player = ft.use_memo(lambda: hearing.player(data) if data else None, [opened])

    async def tap(_event: object) -> None:
        if player is None:
            set_opened(True)
        elif hearing.is_playing:
            await player.pause()
        elif hearing.is_loaded:
            await (player.resume() if hearing.at_s else player.play())

    async def seek(_event: object) -> None:
        hearing.let_go()
        if player is not None and hearing.is_loaded:
            await player.seek(ft.Duration(seconds=hearing.at_s))

    label = fill("Pause {name}", name=name) if hearing.is_playing else fill("Play {name}", name=name)
    icon = ft.Icons.PAUSE if hearing.is_playing else ft.Icons.PLAY_ARROW
    gone = opened and data is None
    button = kit.icon_button(icon, label, tap, f"play-{item.id}", disabled=gone)
    row: list[ft.Control] = [button, kit.quiet(_told(item, hearing, is_gone=gone, is_opened=opened))]
    if player is not None and item.duration_s:
        row.insert(1, _place(hearing, item.id, item.duration_s, name, seek))
    return ft.Row(row, spacing=theme.S)


def _told(item: Evidence, hearing: Hearing, *, is_gone: bool, is_opened: bool) -> str:
    if is_gone:
        return _("No longer on this phone; it is safe on the server.")
    if item.duration_s is None:
        return ""
    whole = words.length(item.duration_s)
    return fill("{time} of {whole}", time=words.length(hearing.at_s), whole=whole) if is_opened else whole


def _place(hearing: Hearing, file_id: str, whole_s: int, name: str, seek: kit.OnTap) -> ft.Control:
    slider = ft.Slider(
        key=f"place-{file_id}",
        value=min(hearing.at_s, whole_s),
        max=whole_s,
        on_change=hearing.hold,
        on_change_end=seek,
    )
    return kit.named(fill("Place in {name}", name=name), slider, expand=True)
