"""What is tapped under a name of its own: by finger, key or screen reader alike.

No postponed annotations here: Flet reads the handler's type from the annotation itself.
"""

from typing import Optional

import flet as ft


@ft.control("Semantics")  # type: ignore[arg-type]
class Tappable(ft.Semantics):
    """Semantics with a handler for taps. Flet's client sends a tap as "click"; its own `on_tap` is never called."""

    on_click: Optional[ft.ControlEventHandler["Tappable"]] = None  # noqa: UP045 - Flet takes the first of the union apart
