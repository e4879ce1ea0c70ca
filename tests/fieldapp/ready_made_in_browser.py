"""Run by the browser's own Python (see test_web_build): which of Flet's dataclasses the phone still has to compile."""

from __future__ import annotations

import json
from types import CodeType
from typing import Any

import ready_made  # type: ignore[import-not-found]


async def main(_argument: str) -> str:
    """Return how many were taken ready-made and how many were compiled, and whether one of them works."""
    told = {"taken": 0, "compiled": 0}
    run = ready_made.run

    def watched(code: CodeType | str, *names: Any) -> None:
        told["compiled" if isinstance(code, str) else "taken"] += 1
        run(code, *names)

    ready_made.run = watched
    ready_made.use()
    import flet as ft  # noqa: PLC0415 - defined only now

    for name in dir(ft):
        getattr(ft, name)
    works = ft.Offset(1, 2) == ft.Offset(1, 2) != ft.Offset(1, 3)
    return json.dumps({**told, "works": works})
