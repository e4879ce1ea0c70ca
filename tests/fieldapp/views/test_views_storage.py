"""CUS: what is said of the room on this phone. Ids are those in fieldapp/state/custody.py."""

from __future__ import annotations

import flet as ft
import pytest

from fieldapp.ports import Space
from fieldapp.state import App
from fieldapp.views import kit
from fieldapp.views.evidence.page import room
from fieldapp.views.screen import may_be_cleared
from fieldapp.views.settings import StorageCard
from tests.fieldapp.app_kit import Phone
from tests.fieldapp.drawn import Drawn

MAY_BE_CLEARED = "This phone may clear the app's storage"


@ft.component
def told(app: App) -> ft.Control:
    return kit.stack([*room(app), *may_be_cleared(app)])


def a_phone(*, free: int | None = None, persistent: bool | None = None) -> App:
    app = Phone().app
    app.space = Space(used_bytes=0, free_bytes=free, persistent=persistent)
    return app


@pytest.mark.parametrize(
    ("free", "says", "leads"),
    [
        pytest.param(None, [], [], id="nobody says"),
        pytest.param(10_000_000_000, ["Room for more than 300 photos on this phone."], [], id="plenty"),
        pytest.param(30_000_000, ["Room for about 50 more photos on this phone."], ["Settings"], id="little"),
    ],
)
def test_cus_2_room_is_told_before_it_is_short_and_then_where_it_is_made(
    free: int | None, says: list[str], leads: list[str]
) -> None:
    drawn = Drawn(told, a_phone(free=free))
    assert ([text for text in drawn.texts if text.startswith("Room")], drawn.names) == (says, leads)


@pytest.mark.parametrize(("persistent", "is_told"), [(True, False), (False, True), (None, False)])
def test_cus_3_storage_that_the_phone_may_clear_is_told(persistent: bool | None, is_told: bool) -> None:
    for screen in (told, StorageCard):
        drawn = Drawn(screen, a_phone(persistent=persistent))
        assert any(text.startswith(MAY_BE_CLEARED) for text in drawn.texts) is is_told


def test_cus_1_the_days_that_files_stay_are_told_in_the_settings() -> None:
    drawn = Drawn(StorageCard, a_phone())
    assert "Photos and sound leave this phone by themselves 30 days after they are safe." in drawn.texts
