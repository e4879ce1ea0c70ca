"""Settings of the app, and the address of its server."""

from __future__ import annotations

import pytest

from checklists.language import N_, sentence
from fieldapp.errors import Unreachable
from tests.fieldapp.app_kit import Phone, Taken, fill
from tests.fieldapp.memory_store import MemoryFolder


async def test_settings_are_kept_and_bounded(phone: Phone) -> None:
    assert await phone.app.choose_text_size(500)
    assert phone.app.settings.text_size == 200
    assert await phone.app.choose_theme("dark")
    assert not await phone.app.choose_theme("pink")
    after = phone.restarted()
    await after.app.start()
    assert (after.app.settings.text_size, after.app.settings.theme) == (200, "dark")


async def test_a_setting_that_cannot_be_kept_is_not_shown(phone: Phone) -> None:
    assert isinstance(phone.folder, MemoryFolder)
    phone.folder.refuses = True
    assert not await phone.app.choose_language("zh-Hant")
    assert phone.app.settings.language == "en"
    assert phone.app.notice
    assert await phone.app.dismiss()
    assert phone.app.notice is None


@pytest.mark.parametrize(
    ("typed", "server"),
    [
        pytest.param("award.example", "https://award.example", id="https by default"),
        pytest.param(" https://192.168.1.5:8000/app/#/ ", "https://192.168.1.5:8000", id="a whole address"),
        pytest.param("http://127.0.0.1:8000", "http://127.0.0.1:8000", id="this device itself"),
        pytest.param("http://192.168.1.5:8000", None, id="one that could be read on the way"),
        pytest.param("http://127.0.0.1.evil.example", None, id="one that looks like this device"),
        pytest.param("", "http://server", id="back to where the app came from"),
        pytest.param("ftp://award.example", None, id="another scheme"),
        pytest.param("https://", None, id="no host"),
        pytest.param("https://award.example:port", None, id="no port"),
        pytest.param("https://a b", None, id="a space"),
        pytest.param("https://someone@award.example", None, id="a name inside"),
    ],
)
async def test_the_server_is_an_http_address(phone: Phone, typed: str, server: str | None) -> None:
    assert await phone.app.choose_server(typed) is (server is not None)
    assert phone.app.server == (server or "http://server")
    await phone.worker.stop()


async def test_a_link_to_another_server_takes_no_visit_along() -> None:
    """WKR-1"""
    phone = await fill(Phone(), token="known")
    phone.double.tokens.add("known")
    await phone.app.start()
    await phone.worker.stop()
    phone.server.failures = [(Unreachable("no-answer", sentence(N_("no"))), False)] * 99
    await phone.app.open_visit("assignment-1")
    await phone.visit.void("recognised")
    assert not await phone.app.enrol("https://other.example/app/#/enrol?code=AAAA")
    assert phone.app.notice
    assert phone.app.notice.code == "unsent-work"
    assert phone.app.server == "http://server"
    await phone.app.export(Taken())
    phone.server.failures.clear()
    assert await phone.app.enrol("https://other.example/app/#/enrol?code=AAAA"), "once it is in a safe place"
    await phone.worker.stop()
