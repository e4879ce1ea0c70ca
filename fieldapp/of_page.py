"""One value for each open page, found by the page itself.

As the key of a dictionary a page would be compared field by field, a hundred of them, at each look: a screen looks up
its language for every sentence.
"""

from __future__ import annotations

from typing import Generic, TypeVar
from weakref import finalize

import flet as ft

Value = TypeVar("Value")


class OfPage(Generic[Value]):
    """What belongs to pages; it goes with them."""

    def __init__(self) -> None:
        self._values: dict[int, Value] = {}

    def get(self, page: ft.Page) -> Value | None:
        """Return what was put for `page`."""
        return self._values.get(id(page))

    def put(self, page: ft.Page, value: Value) -> None:
        """Keep `value` for `page`, in place of what was put before."""
        if id(page) not in self._values:
            finalize(page, self._values.pop, id(page), None)
        self._values[id(page)] = value
