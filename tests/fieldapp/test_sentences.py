"""Every sentence of storage, sending and state is in Chinese too, with the same named places."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
FIELDAPP = ROOT / "fieldapp"
FILES = [FIELDAPP / "errors.py", *(p for room in ("storage", "sync", "state") for p in (FIELDAPP / room).glob("*.py"))]


def sentences() -> list[str]:
    calls = (
        node
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"
    )
    return sorted({ast.literal_eval(call.args[0]) for call in calls})


def translations() -> dict[str, str]:
    held: dict[str, str] = {}
    for file in (FIELDAPP / "locale" / "zh_Hant").glob("*.po"):
        with file.open("rb") as stream:
            held.update({str(m.id): str(m.string) for m in read_po(stream) if m.id})
    return held


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("said", sentences())
def test_a_sentence_is_translated_whole(said: str) -> None:
    chinese = translations().get(said, "")
    assert chinese, f"no translation of {said!r}"
    assert places(chinese) == places(said)
