"""What the app knows of the phone it is installed on."""

from __future__ import annotations

import pytest

from fieldapp import installed
from fieldapp.kept import Settings
from fieldapp.storage import Keeper, TinyStore
from tests.fieldapp.memory_store import MemoryFolder


@pytest.mark.parametrize(
    ("languages", "spoken"),
    [
        pytest.param("zh-HK,zh,en", "zh-Hant", id="a phone of Hong Kong"),
        pytest.param("yue-Hant-HK", "zh-Hant", id="Cantonese"),
        pytest.param("en-GB,zh-HK", "en", id="English first"),
        pytest.param("fr-FR,zh-TW", "zh-Hant", id="the first that the app speaks"),
        pytest.param("fr-FR", "en", id="none that it speaks"),
        pytest.param("", "en", id="outside a browser"),
    ],
)
def test_the_language_of_the_phone_is_the_app_s_until_one_is_chosen(
    languages: str, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_LANGUAGES", languages)
    assert installed.spoken() == spoken


async def test_a_choice_goes_before_the_phone_s_own() -> None:
    folder = MemoryFolder()
    store = TinyStore(Keeper(folder), Settings(language="zh-Hant"))
    await store.open()
    assert store.settings().language == "zh-Hant"
    await store.save_settings(Settings(language="en"))
    again = TinyStore(Keeper(folder.reopened()), Settings(language="zh-Hant"))
    await again.open()
    assert again.settings().language == "en"
