"""Hear what was kept: play, pause, how far it is, and on from any other place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import flet as ft
import flet_audio as fa  # type: ignore[import-untyped]

from checklists.record.assessment import Evidence
from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.views import kit, words
from fieldapp.views.visit_hooks import Keeping

STEP_S = 10
Seek = Callable[[int], Awaitable[None]]


class Hearing:
    """How far one sound is played, by the toolkit's events."""

    def __init__(self) -> None:
        self.is_loaded = self.is_playing = False
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
        self.be_at(event.position // 1000)

    def be_at(self, at_s: int) -> None:
        """Show that it is there."""
        if at_s != self.at_s:
            self.at_s = at_s
            self._show()

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

    async def seek(at_s: int) -> None:
        if player is not None and hearing.is_loaded:
            hearing.be_at(at_s)
            await player.seek(ft.Duration(seconds=at_s))

    label = fill("Pause {name}", name=name) if hearing.is_playing else fill("Play {name}", name=name)
    icon = ft.Icons.PAUSE if hearing.is_playing else ft.Icons.PLAY_ARROW
    gone = opened and data is None
    row: list[ft.Control] = [kit.icon_button(icon, label, tap, f"play-{item.id}", disabled=gone)]
    whole_s = item.duration_s or 0
    if player is None or not whole_s:
        told = _("No longer on this phone; it is safe on the server.") if gone else words.length(whole_s)
        return _line([*row, kit.quiet(told if gone or whole_s else "")])
    at_s = min(hearing.at_s, whole_s)
    row += [_step(item.id, name, way, min(max(0, at_s + way), whole_s), seek) for way in (-STEP_S, STEP_S)]
    row.append(kit.quiet(fill("{time} of {whole}", time=words.length(at_s), whole=words.length(whole_s))))
    return kit.stack([_line(row), Bar(at_s, whole_s, seek)], spacing=0)


def _line(controls: Sequence[ft.Control]) -> ft.Control:
    """Return them side by side; large words stand below the buttons."""
    middle = ft.CrossAxisAlignment.CENTER
    return ft.Row(list(controls), wrap=True, spacing=theme.XS, run_spacing=0, vertical_alignment=middle)


def _step(file_id: str, name: str, way: int, to_s: int, seek: Seek) -> ft.Control:
    """Return the button that hears a little again, or leaves a little out."""

    async def step(_event: object) -> None:
        await seek(to_s)

    if way < 0:
        label = fill("{count} seconds back in {name}", count=STEP_S, name=name)
        return kit.icon_button(ft.Icons.REPLAY_10, label, step, f"back-{file_id}")
    label = fill("{count} seconds on in {name}", count=STEP_S, name=name)
    return kit.icon_button(ft.Icons.FORWARD_10, label, step, f"on-{file_id}")


@ft.component
def Bar(at_s: int, whole_s: int, seek: Seek) -> ft.Control:
    """How far it is; a finger goes anywhere at once. The buttons and the figures say the same to a screen reader."""
    width, set_width = ft.use_state(0.0)

    async def tap(event: ft.TapEvent[ft.GestureDetector]) -> None:
        if width and event.local_position is not None:
            await seek(round(whole_s * min(1.0, max(0.0, event.local_position.x / width))))

    held = ft.Container(kit.progress(at_s, whole_s), height=theme.TOUCH, alignment=ft.Alignment.CENTER)
    held.on_size_change = lambda event: set_width(event.width)
    return ft.GestureDetector(held, on_tap_down=tap, exclude_from_semantics=True)
