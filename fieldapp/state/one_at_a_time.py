"""What a tap begins once: the second tap of a double one comes before the screen shows that the first is at work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable


class OneAtATime:
    """Lets one call through at a time. The others change nothing, and wait for nothing."""

    def __init__(self) -> None:
        self._is_under_way = False

    async def run(self, act: Callable[[], Awaitable[bool]]) -> bool:
        """Return what `act` returns; False, and it is not called, while an earlier one is under way."""
        if self._is_under_way:
            return False
        self._is_under_way = True
        try:
            return await act()
        finally:
            self._is_under_way = False
