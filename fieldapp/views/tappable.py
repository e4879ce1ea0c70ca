"""What is tapped under a name of its own: by finger, key or screen reader alike.

No postponed annotations here: Flet reads the handler's type from the annotation itself.
"""

from collections.abc import Sequence
from typing import Optional

import flet as ft

from fieldapp.language import fill


@ft.control("Semantics")  # type: ignore[arg-type]
class Tappable(ft.Semantics):
    """Semantics with a handler for taps, and a second sentence that is read after the name.

    Flet's client sends a tap as "click", its own `on_tap` is never called; and it reads "hint", never `hint_text`.
    """

    on_click: Optional[ft.ControlEventHandler["Tappable"]] = None  # noqa: UP045 - Flet takes the first of the union apart
    hint: Optional[str] = None  # noqa: UP045


def one_of(choices: Sequence[Tappable]) -> list[Tappable]:
    """Return `choices`, of which one may be chosen: each says which it is of how many, and whether it is the one.

    Flet has no word for a radio button, of which a screen reader would say it by itself.
    """
    for number, each in enumerate(choices, start=1):
        place = fill("{number} of {count}", number=number, count=len(choices))
        each.hint = fill("Chosen, {place}", place=place) if each.selected else place
    return list(choices)
