"""The Positions port: the device's own, asked for once. It is never followed, and nothing is remembered."""

from __future__ import annotations

import asyncio
from typing import Any

import flet as ft

from checklists.language import N_, sentence
from checklists.record.assessment import Position
from fieldapp.errors import NoPosition

WITHIN_S = 15
DIGITS = 6  # of a degree: a decimetre
REFUSED = N_("The phone does not give the position to this app.")
OFF = N_("The phone's location is switched off: switch it on and look again.")
UNKNOWN = N_("No position could be had here: look again by a window or outside.")
_SAID = (("denied", "refused", REFUSED), ("disabled", "off", OFF))  # what the toolkit says of it


class DevicePositions:
    """Asks the toolkit, which asks the phone or the browser."""

    def __init__(self) -> None:
        self._locator: Any = None

    async def here(self) -> Position:
        """Return where the device is; see the port. Raises NoPosition."""
        import flet_geolocator as fg  # type: ignore[import-untyped]  # noqa: PLC0415 - most days nobody asks

        locator = self._locator = self._locator or fg.Geolocator()
        settings = fg.GeolocatorConfiguration(
            accuracy=fg.GeolocatorPositionAccuracy.BEST, time_limit=ft.Duration(seconds=WITHIN_S)
        )
        try:
            if not locator.page.web:
                await locator.request_permission()
            found = await asyncio.wait_for(locator.get_current_position(settings), WITHIN_S + 2)
        except (RuntimeError, TimeoutError) as problem:
            raise no_position(str(problem)) from problem
        if found.latitude is None or found.longitude is None:
            raise no_position("")
        return Position(
            latitude=_degrees(found.latitude),
            longitude=_degrees(found.longitude),
            accuracy_m=max(1, round(found.accuracy or 0)) if found.accuracy else 1000,
        )


def no_position(said: str) -> NoPosition:
    """Return the error for what the toolkit said."""
    for word, why, message in _SAID:
        if word in said.casefold():
            return NoPosition(why, sentence(message))
    return NoPosition("unknown", sentence(UNKNOWN))


def _degrees(degrees: float) -> str:
    return f"{degrees:.{DIGITS}f}"
