"""LNG: sentences and the catalogue that translates them."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from checklists.award.grades import GRADE_WORDS, Grade
from checklists.language import (
    N_,
    NOTHING,
    Language,
    Sentence,
    SentenceError,
    language_of_environment,
    listed,
    sentence,
)
from checklists.record.transitions import RECORD_TRANSITIONS, NotAllowedError, RecordEvent, RecordStatus, after
from fieldapp.errors import OpenElsewhere
from fieldapp.views import words
from sync_server.commands.terminal import Terminal
from sync_server.pages.labels import LABELS

ROOT = Path(__file__).parents[2]


def test_a_template_belongs_to_the_package_that_wrote_it_wherever_it_becomes_a_sentence() -> None:
    """LNG-1."""
    marked = (GRADE_WORDS[Grade.GOLD], words.NOT_PREPARED["sound-unreadable"], LABELS["role"]["visitor"])
    packages = [sentence(template).package for template in marked]  # type: ignore[arg-type]
    assert packages == ["checklists", "fieldapp", "sync_server"]


def test_a_sentence_within_another_is_translated_by_its_own_catalogue() -> None:
    """LNG-1."""
    inner = sentence(GRADE_WORDS[Grade.GOLD])
    outer = Sentence(template="Read {file}: {problem}", values={"problem": inner, "file": {"en": "x", "zh-Hant": "乙"}})
    assert outer.in_language("zh-Hant") == f"Read 乙: {inner.in_language('zh-Hant')}"
    assert inner.in_language("zh-Hant") != str(inner)
    assert Terminal("zh-Hant").of(inner) == inner.in_language("zh-Hant")


def test_several_things_within_a_sentence_are_listed_as_its_language_does() -> None:
    """LNG-5: also after the sentence was kept."""
    words = GRADE_WORDS[Grade.GOLD]
    outer = Sentence(template="{all}", values={"all": (sentence(words), {"en": "x", "zh-Hant": "乙"}, 7)})
    assert outer.in_language("zh-Hant") == f"{words.in_language('zh-Hant')}、乙、7"
    assert str(Sentence(template="{all}", values={"all": ["a", "b"]})) == "a, b"
    assert listed([], "en") == ""


def test_words_that_nobody_marked_cannot_become_a_sentence() -> None:
    """LNG-2."""
    with pytest.raises(TypeError, match="not marked"):
        sentence("Gold")  # type: ignore[arg-type]


def test_a_sentence_of_a_package_without_a_catalogue_fails_rather_than_speaking_english() -> None:
    """LNG-1: these tests are such a package."""
    with pytest.raises(FileNotFoundError):
        sentence(N_("Gold")).in_language("zh-Hant")


@pytest.mark.parametrize("template", [GRADE_WORDS[Grade.GOLD], words.NOT_PREPARED["sound-unreadable"], "Visitor"])
def test_a_sentence_kept_without_its_package_is_still_translated(template: str) -> None:
    """LNG-3."""
    kept = msgspec.json.decode(msgspec.json.encode({"template": str(template), "values": {}}), type=Sentence)
    assert re.search("[一-鿿]", kept.in_language("zh-Hant"))


def test_a_sentence_is_kept_with_its_package() -> None:
    made = sentence(N_("{count} left"), count=2)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Sentence) == made


def test_an_empty_sentence_is_empty_in_every_language() -> None:
    assert NOTHING.in_language("zh-Hant") == ""


def test_an_error_that_a_person_reads_holds_its_sentence() -> None:
    with pytest.raises(NotAllowedError) as raised:
        after(RECORD_TRANSITIONS, RecordStatus.VOID, RecordEvent.FINISH)
    assert isinstance(raised.value, SentenceError)
    assert re.search("[一-鿿]", raised.value.message.in_language("zh-Hant"))


def test_an_error_with_a_code_is_read_like_any_other() -> None:
    error = OpenElsewhere()
    assert isinstance(error, SentenceError)
    assert str(error) == f"open-elsewhere: {error.message}"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        pytest.param({}, "en", id="LNG-4 nothing set"),
        pytest.param({"LANG": "zh_HK.UTF-8"}, "zh-Hant", id="LNG-4 a locale"),
        pytest.param({"LANG": "zh_TW"}, "zh-Hant", id="LNG-4 without its encoding"),
        pytest.param({"LANG": "zh@radical"}, "zh-Hant", id="LNG-4 with a modifier"),
        pytest.param({"LANG": "zha_CN"}, "en", id="LNG-4 another language that begins alike"),
        pytest.param({"LANG": "C.UTF-8"}, "en", id="LNG-4 no language"),
        pytest.param({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_HK.UTF-8"}, "en", id="LNG-4 the strongest variable"),
        pytest.param({"LC_ALL": "", "LANG": "zh_HK.UTF-8"}, "zh-Hant", id="LNG-4 an empty one says nothing"),
        pytest.param({"LC_MESSAGES": "zh_HK", "LANG": "en_US"}, "zh-Hant", id="LNG-4 the messages' own"),
    ],
)
def test_the_language_of_a_terminal(environment: dict[str, str], language: Language) -> None:
    assert language_of_environment(environment) == language
