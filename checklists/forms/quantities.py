"""The rules a derived quantity may name: what each reads, and which give seconds. `record.derived` works them out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# What each rule wants, in order; "moments" is one or more.
INPUTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "seconds": ("moment", "moment"),
        "seconds_from_first": ("moments", "moment"),
        "talk_seconds": ("moment", "moment", "spans"),
        "spans_total": ("spans",),
        "spans_longest": ("spans",),
        "response_seconds": ("moment", "moment"),
        "share_of_target": ("moment", "moment"),
    }
)


SECONDS = frozenset(
    {"seconds", "seconds_from_first", "talk_seconds", "spans_total", "spans_longest", "response_seconds"}
)
