"""The signs that go to the phone: those the app names, those the toolkit draws, and no others."""

from __future__ import annotations

from pathlib import Path

import flet as ft
import pytest
from fontTools.ttLib import TTFont

from fieldapp.web import BuildError, icons_font, site

WHOLE = site.client_folder() / site.ICONS


def test_each_sign_is_there_under_the_number_the_client_draws_it_by_and_few_others(tmp_path: Path) -> None:
    icons_font.write(WHOLE, tmp_path / "icons.otf")
    with TTFont(tmp_path / "icons.otf") as ours, TTFont(WHOLE) as all_of_them:
        kept, whole = ours.getBestCmap(), all_of_them.getBestCmap()
    assert kept.items() <= whole.items()
    named = {*icons_font.named(), *icons_font.TOOLKIT}
    assert {icons_font.glyph_of(name) for name in named} == set(kept.values())
    assert all(hasattr(ft.Icons, name) for name in icons_font.named())


def test_a_sign_the_font_lacks_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="NO_SUCH_SIGN") as stopped:
        icons_font.write(WHOLE, tmp_path / "icons.otf", ["CHECK", "NO_SUCH_SIGN"])
    assert stopped.value.code == "sign-unknown"
