"""The worked example of the rules, Harbour Ferry, as a season file."""

from __future__ import annotations

from typing import Any

from tests.seasons import Json, a_round, a_season, an_entrant, an_entry

ROUND_1: list[Any] = [
    "82.0",
    {"base": "88.5", "ease": True},
    {"base": "79.0", "penalty": True},
    {"base": "91.0", "ease": True},
    "85.5",
    "84.0",
]
ROUND_2: list[Any] = [
    {"base": "90.0", "ease": True},
    "87.5",
    {"base": "92.0", "ease": True},
    "86.5",
    {"base": "89.0", "ease": True},
    {"unreached": True},
]
ROUND_3: list[Any] = [
    {"base": "93.0", "ease": True},
    {"base": "99.5", "ease": True},
    "90.5",
    {"base": "95.0", "ease": True},
    "92.0",
    {"base": "94.0", "ease": True},
]


def harbour_ferry(**changes: Any) -> Json:
    entry = an_entry(a_round(*ROUND_1), a_round(*ROUND_2), a_round(*ROUND_3), faq_filed_at="2021-02-19T10:00:00+08:00")
    return a_season(an_entrant(entry | changes, id="harbour-ferry", seats=35))
