"""What is tapped under a name of its own: by finger, key or screen reader alike.

No postponed annotations here: Flet reads the handler's type from the annotation itself.
"""

from typing import Optional

import flet as ft


@ft.control("Semantics")  # type: ignore[arg-type]
class Named(ft.Semantics):
    """Semantics that hear a tap. Flet's client tells of it as "click"; its own `on_tap` never hears of one."""

    on_click: Optional[ft.ControlEventHandler["Named"]] = None  # noqa: UP045 - Flet takes the first of the union apart
