"""The eighteen districts of Hong Kong in three regions, by which branches are drawn (quality control 4.6)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from checklists.language import Text

ISLAND, KOWLOON, NEW_TERRITORIES, ELSEWHERE = "island", "kowloon", "new_territories", "elsewhere"
_NAMES: Mapping[str, tuple[tuple[str, str], ...]] = {
    ISLAND: (
        ("central and western", "中西區"),
        ("eastern", "東區"),
        ("southern", "南區"),
        ("wan chai", "灣仔區"),
    ),
    KOWLOON: (
        ("kowloon city", "九龍城區"),
        ("kwun tong", "觀塘區"),
        ("sham shui po", "深水埗區"),
        ("wong tai sin", "黃大仙區"),
        ("yau tsim mong", "油尖旺區"),
    ),
    NEW_TERRITORIES: (
        ("islands", "離島區"),
        ("kwai tsing", "葵青區"),
        ("north", "北區"),
        ("sai kung", "西貢區"),
        ("sha tin", "沙田區"),
        ("tai po", "大埔區"),
        ("tsuen wan", "荃灣區"),
        ("tuen mun", "屯門區"),
        ("yuen long", "元朗區"),
    ),
}
# Where each stands on a map of tiles: column and row, the islands in the south-west.
_PLACES: Mapping[str, tuple[int, int]] = {
    "yuen long": (2, 1), "north": (3, 1), "tai po": (4, 1),
    "tuen mun": (1, 2), "tsuen wan": (2, 2), "kwai tsing": (3, 2), "sha tin": (4, 2), "sai kung": (5, 2),
    "sham shui po": (3, 3), "wong tai sin": (4, 3), "kwun tong": (5, 3),
    "yau tsim mong": (3, 4), "kowloon city": (4, 4),
    "islands": (1, 5), "central and western": (2, 5), "wan chai": (3, 5), "eastern": (4, 5),
    "southern": (3, 6),
}  # fmt: skip
_CODES = {name: pair[0] for pairs in _NAMES.values() for pair in pairs for name in pair}


class District(NamedTuple):
    """One of the eighteen, with its place on the map of tiles."""

    code: str
    name: Text
    column: int
    row: int


DISTRICTS = tuple(
    District(english, {"en": english.title().replace(" And ", " and "), "zh-Hant": chinese}, *_PLACES[english])
    for pairs in _NAMES.values()
    for english, chinese in pairs
)
_REGIONS = {name: region for region, pairs in _NAMES.items() for pair in pairs for name in pair}


def region_of(district: str | None) -> str:
    """Return the region of a district in either language, with or without 區 or "District"; else `ELSEWHERE`."""
    return _REGIONS.get(code_of(district), ELSEWHERE)


def code_of(district: str | None) -> str:
    """Return which of DISTRICTS a name in either language means; "": none of them."""
    name = unicodedata.normalize("NFKC", district or "").casefold().replace("&", "and").strip()
    name = " ".join(name.removesuffix("district").split())
    return _CODES.get(name) or _CODES.get(f"{name}區", "")
