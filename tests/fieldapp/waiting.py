"""Waiting for what the loop is about to do."""

from __future__ import annotations

import asyncio


async def wait_until(true: object) -> None:
    """Yield to the loop until `true()`; a test that hangs is cut by the whole suite's bound."""
    for _ in range(10_000):
        if true():  # type: ignore[operator]
            return
        await asyncio.sleep(0)
    raise AssertionError("never came true")
