"""A clock that runs from a stamped moment, so that leaving the screen loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import flet as ft

from fieldapp.state.visit import Visit


def use_seconds(on_second: Callable[[], None] | None = None) -> None:
    """Draw this component again every second while it is on the screen."""
    _count, turn = ft.use_state(0)

    async def run() -> None:
        while True:
            await asyncio.sleep(1)
            turn(lambda n: n + 1)
            if on_second:
                on_second()

    ft.use_effect(run, [])  # cancelled when the component leaves


@ft.component
def RunningClock(visit: Visit, since: datetime, until: datetime | None, style: ft.TextThemeStyle) -> ft.Control:
    """Minutes and seconds since a moment, or between two."""
    use_seconds()
    return ft.Text(shown(visit.seconds_since(since, until)), theme_style=style, max_lines=1)


def shown(seconds: int) -> str:
    """Return "1:12", "1:02:05"."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
