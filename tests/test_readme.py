"""The README stays true: its settings are the server's, its error codes are the code's, its places exist."""

import re
from pathlib import Path

import pytest

from sync_server.config import PREFIX, SETTINGS, Config

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SETTINGS_TABLE = README.partition("## Settings")[2].partition("## Changes")[0]
ERRORS = README.partition("## Errors")[2].partition("## Settings")[0]


def api_codes() -> set[str]:
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "sync_server").rglob("*.py"))
    return set(re.findall(r'ApiError\(\s*\d+,\s*"([a-z0-9-]+)"', sources))


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_in_the_readme_with_its_default(name):
    default = getattr(Config(), name)
    shown = f"`{default}`" if default != "" else "–"
    assert f"| `{PREFIX}{name.upper()}` | {shown} | {SETTINGS[name].meaning} |" in SETTINGS_TABLE


@pytest.mark.parametrize("code", sorted(api_codes()))
def test_every_code_of_the_api_is_in_the_readme(code):
    assert f"`{code}`" in ERRORS


@pytest.mark.parametrize(
    "place", sorted(set(re.findall(r"`((?:checklists|fieldapp|sync_server|tests)/[\w./]*)`", README)))
)
def test_every_place_the_readme_names_exists(place):
    assert (ROOT / place).exists()
