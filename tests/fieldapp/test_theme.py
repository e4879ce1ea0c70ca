"""The colours of the app: words can be read on every paper that they stand on (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from fieldapp import theme
from fieldapp.colours import colours as colours_of
from fieldapp.state.choices import THEMES
from fieldapp.views.settings import APPEARANCES

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


LOOKS = [
    pytest.param(colours_of(dark=dark, contrast=contrast), id=f"{'dark' if dark else 'light'}{', high' * contrast}")
    for dark in (False, True)
    for contrast in (False, True)
]
MOST = 7.0  # of high contrast (1.4.6)


@pytest.mark.parametrize("colours", LOOKS)
def test_every_ink_can_be_read_on_its_paper(colours: Mapping[str, str]) -> None:
    weak = {
        (ink, paper): round(contrast(colours[ink], colours[paper]), 2)
        for ink, paper, least in PAIRS
        if contrast(colours[ink], colours[paper]) < least
    }
    assert weak == {}


@pytest.mark.parametrize("dark", [False, True])
def test_in_high_contrast_nothing_is_faint(dark: bool) -> None:
    colours = colours_of(dark=dark, contrast=True)
    faint = {(ink, paper) for ink, paper, _least in PAIRS if contrast(colours[ink], colours[paper]) < MOST}
    assert faint - {("inverse_primary", "inverse_surface")} == set()


def test_every_look_that_can_be_chosen_has_a_name_and_its_colours() -> None:
    assert set(THEMES) == set(theme.Appearance) == set(APPEARANCES)


@pytest.mark.parametrize("look", ["light", "dark", "contrast", "contrast-dark"])
def test_the_screen_before_the_first_frame_has_the_paper_and_ink_of_the_app(look: str) -> None:
    of = theme.Appearance(look)
    colours = colours_of(dark="dark" in look, contrast=of.is_contrast)
    rules = (Path(theme.__file__).parent / "web" / "boot" / "page.css").read_text("utf-8").casefold()
    whose = ":root" if look == "light" else f":root[data-look={look}]"
    wanted = f"{whose} {{ --paper: {colours['surface']}; --ink: {colours['on_surface']}; }}"
    assert wanted.casefold() in rules


def test_a_look_that_is_worn_is_not_sent_again() -> None:
    class Page:
        theme: object = None

    page = Page()
    theme.dress(page, 100, theme.Appearance.DARK)  # type: ignore[arg-type]
    worn = page.theme
    theme.dress(page, 100, theme.Appearance.DARK)  # type: ignore[arg-type]
    assert page.theme is worn
    theme.dress(page, 120, theme.Appearance.DARK)  # type: ignore[arg-type]
    assert page.theme is not worn
