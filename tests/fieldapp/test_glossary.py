"""The words of the phone are settled: what assessors in Hong Kong say, and English without wide punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

CATALOGUES = sorted((Path(__file__).parents[2] / "fieldapp" / "locale" / "zh_Hant").glob("*.po"))
# What was said before, and what is said now.
OLD = {
    "探訪": "評審任務",
    "接觸": "評審",
    "作廢": "取消",
    "時鐘標記": "計時",
    "統籌員": "辦事處",
    "審核員": "覆核員",
    "參賽單位": "參賽機構",
    "等候傳送": "待傳送",
    "安全存": "存妥",
    "咪高風": "咪高峰",
    "錄音筆記": "語音備註",
    "「更新」": "「重新整理」",
    "問題 ": "題目",
}
WIDE = re.compile("[\u2018-\u201d\u2026\u00b7\u30fb]")  # drawn as wide as a Chinese character
SETTLED = {
    "Refresh": "重新整理",
    "Cancel this assessment": "取消任務",
    "Cancel": "取消",
    "Undo": "復原",
    "Filed answer": "機構提交的答案",
    "Not applicable": "不適用",
    "Photos and audio notes": "相片及語音備註",
    "Waiting for them": "等候對方",
    "On hold": "保留通話中",
    "Sync": "同步",
    "Settings": "設定",
    "Poor": "極差",
    "Weak": "欠佳",
    "Nearly": "尚可",
    "Meets": "達標",
    "Beyond": "出色",
}


def messages(catalogues: Iterable[Path] = CATALOGUES) -> dict[str, str]:
    held: dict[str, str] = {}
    for file in catalogues:
        with file.open("rb") as stream:
            held.update({str(message.id): str(message.string) for message in read_po(stream) if message.id})
    return held


@pytest.mark.parametrize("old", OLD)
def test_no_sentence_says_an_old_word(old: str) -> None:
    assert {said: told for said, told in messages().items() if old in told} == {}, f"now {OLD[old]}"


@pytest.mark.parametrize("said", SETTLED)
def test_a_settled_word_is_used(said: str) -> None:
    assert messages()[said] == SETTLED[said]


def test_english_has_no_punctuation_that_a_chinese_font_draws_wide() -> None:
    seen_on_a_phone = [file for file in CATALOGUES if file.stem != "web"]
    assert [said for said in messages(seen_on_a_phone) if WIDE.search(said)] == []


def test_no_code_of_a_form_stands_before_the_words() -> None:
    assert [said for said in messages() if re.match(r"\{key\} (?!of|\()", said)] == []
