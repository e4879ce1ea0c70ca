"""Reading the fields of one table or object of an input, and reporting everything that is wrong with them.

FLD-1  A field is read by a function: the raw value in, the value out, or a `Misfit` that says what to write instead.
FLD-2  What does not fit, and what is missing, is reported with its place; reading goes on.
FLD-3  A field that nobody read is reported as unknown.

msgspec stops at the first error, and `cattrs`, which collects them, is a library this package may not import: it runs
on phones and in the browser with the standard library and msgspec alone. So the reader is our own, and small. A kind of
input (a form's TOML, a season's JSON) makes its own subclass with its functions and its words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from checklists.problems import Misfit, Place, Problems

Value = TypeVar("Value")


class Fields:
    """The fields of one table at `place`."""

    def __init__(self, raw: Mapping[str, Any], place: Place | None, problems: Problems) -> None:
        self.raw = raw
        self.place = place
        self.problems = problems
        self.keys_read: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self.raw

    def at(self, key: str) -> Place | None:
        """Return where a problem of `key` is."""
        return (self.place, key)

    def take(self, key: str, read: Callable[[object], Value], missing: Misfit | None = None) -> Value | None:
        """Return the value of `key`; None where it is absent, which `missing` reports, or does not fit."""
        self.keys_read.add(key)
        if key in self.raw:
            return self.problems.fit(self.at(key), read, self.raw[key], key=key)
        if missing is not None:
            self.problems.add_misfit(self.at(key), missing, key=key)
        return None

    def unread(self) -> list[str]:
        """Return the keys that nobody read, in the order of the input."""
        return [key for key in self.raw if key not in self.keys_read]
