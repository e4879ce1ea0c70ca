"""The colours of the app: words can be read on every paper that they stand on (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fieldapp import theme

WORDS, SIGNS = 4.5, 3.0  # the least contrast
PAPERS = ("surface", "surface_container_lowest", "surface_container_low", "surface_container", "surface_container_high")
INKS = ("on_surface", "on_surface_variant", "primary", "tertiary", "error")
PAIRS = [
    *((ink, paper, WORDS) for ink in INKS for paper in PAPERS),
    *((f"on_{name}", name, WORDS) for name in ("primary", "secondary", "tertiary", "error")),
    *((f"on_{name}_container", f"{name}_container", WORDS) for name in ("primary", "secondary", "tertiary", "error")),
    ("on_inverse_surface", "inverse_surface", WORDS),
    ("inverse_primary", "inverse_surface", WORDS),
    *(("outline", paper, SIGNS) for paper in PAPERS),
]  # fmt: skip


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [pytest.param(theme._LIGHT, id="light"), pytest.param(theme._DARK, id="dark")])
def test_every_ink_can_be_read_on_its_paper(colours: Mapping[str, str]) -> None:
    weak = {
        (ink, paper): round(contrast(colours[ink], colours[paper]), 2)
        for ink, paper, least in PAIRS
        if contrast(colours[ink], colours[paper]) < least
    }
    assert weak == {}
