"""The eighteen districts of Hong Kong in three regions, by which branches are drawn (quality control 4.6)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

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
_REGIONS = {name: region for region, pairs in _NAMES.items() for pair in pairs for name in pair}


def region_of(district: str | None) -> str:
    """Return the region of a district in either language, with or without 區 or "District"; else `ELSEWHERE`."""
    name = unicodedata.normalize("NFKC", district or "").casefold().replace("&", "and").strip()
    name = " ".join(name.removesuffix("district").split())
    return _REGIONS.get(name) or _REGIONS.get(f"{name}區", ELSEWHERE)
