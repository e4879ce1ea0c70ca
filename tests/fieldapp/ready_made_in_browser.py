"""Run by the browser's own Python (see test_web_build): which dataclasses the phone still has to compile.

Every module of the app is imported, with the standard library as the site has it.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
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
    app = Path("/site/app")
    ready_made.use(app)
    import flet as ft  # noqa: PLC0415 - defined only now

    for name in dir(ft):
        getattr(ft, name)
    sys.path.insert(0, str(app))
    for name in ready_made.modules_in(app):
        import_module(name)
    works = ft.Offset(1, 2) == ft.Offset(1, 2) != ft.Offset(1, 3)
    return json.dumps({**told, "works": works})
