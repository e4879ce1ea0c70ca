"""The README stays true: its settings are the server's, its error codes are the code's (ERR-3), its places exist."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.config import PREFIX, SETTINGS, Config
from tests.error_table import FINDINGS, PHONE, written

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SETTINGS_TABLE = README.partition("## Settings")[2].partition("## Changes")[0]

# The calls of the phone and of the findings whose first words are a code, and the one of them that is good news.
CALLS = {
    "Finding", "NotAPicture", "NotKept", "NotSound", "Notice", "Refused", "SignInNeeded", "Unreachable", "UnsentWork",
    "_finding", "_say", "_told", "replace",
}  # fmt: skip
GOOD_NEWS = {"space-freed"}
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


def phone_sources() -> list[Path]:
    return [*(ROOT / "fieldapp").rglob("*.py"), *(ROOT / "checklists" / "record").glob("*.py")]


def codes_of(source: Path) -> Iterator[str]:
    for call in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in CALLS:
            said = [*call.args[:2], *(keyword.value for keyword in call.keywords if keyword.arg == "code")]
            yield from (
                word.value
                for word in said
                if isinstance(word, ast.Constant) and isinstance(word.value, str) and CODE.fullmatch(word.value)
            )


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_in_the_readme_with_its_default(name):
    default = getattr(Config(), name)
    shown = f"`{default}`" if default != "" else "–"
    assert f"| `{PREFIX}{name.upper()}` | {shown} | {SETTINGS[name].meaning} |" in SETTINGS_TABLE


def test_the_table_of_codes_is_the_one_made_from_the_catalogue():
    assert written(README) == README, "run: python -m tests.error_table"


def test_every_code_the_phone_says_is_in_the_readme():
    said = {code for source in phone_sources() for code in codes_of(source)} - GOOD_NEWS
    assert len(said) > 20
    assert {code for code in said if f"`{code}`" not in README} == set()


@pytest.mark.parametrize("code", sorted({*FINDINGS, *(code for codes in PHONE.values() for code in codes)}))
def test_every_code_listed_for_the_phone_is_in_its_sources(code):
    assert any(f'"{code}"' in source.read_text("utf-8") for source in phone_sources())


@pytest.mark.parametrize(
    "place", sorted(set(re.findall(r"`((?:checklists|fieldapp|sync_server|tests)/[\w./]*)`", README)))
)
def test_every_place_the_readme_names_exists(place):
    assert (ROOT / place).exists()
