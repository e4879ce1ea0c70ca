"""A kept sound is heard from any place, and says how far it is."""

from __future__ import annotations

from typing import Any

import flet_audio as fa  # type: ignore[import-untyped]
import pytest

from checklists.record.assessment import MediaKind
from fieldapp.views.evidence.player import Player
from fieldapp.views.visit_hooks import Keeping
from tests.fieldapp.app_kit import a_visit
from tests.fieldapp.drawn import Drawn

NAME = "Audio note"


class Sound:
    """Stands for what the toolkit plays; it notes what it is told."""

    def __init__(self, **handlers: Any) -> None:
        self.handlers, self.told = handlers, list[tuple[str, float]]()

    async def play(self) -> None:
        self.told.append(("play", 0))

    async def pause(self) -> None:
        self.told.append(("pause", 0))

    async def resume(self) -> None:
        self.told.append(("resume", 0))

    async def seek(self, to: Any) -> None:
        self.told.append(("seek", to.in_seconds))

    def state(self, state: fa.AudioState) -> None:
        self.handlers["on_state_change"](fa.AudioStateChangeEvent(name="state", control=self, state=state))

    def at(self, position_ms: int) -> None:
        event = fa.AudioPositionChangeEvent(name="position", control=self, position=position_ms)
        self.handlers["on_position_change"](event)


@pytest.fixture
def sounds(monkeypatch: pytest.MonkeyPatch) -> list[Sound]:
    made: list[Sound] = []

    def make(**handlers: Any) -> Sound:
        made.append(Sound(**handlers))
        return made[-1]

    monkeypatch.setattr(fa, "Audio", make)
    return made


async def a_player() -> Drawn:
    phone = await a_visit()
    await phone.visit.add_sound(b"sound", "audio/webm", kind=MediaKind.AUDIO_NOTE, ran_s=62)
    (item,) = phone.visit.assessment.evidence
    await phone.worker.stop()
    return Drawn(Player, Keeping(phone.visit), item, NAME)


async def test_it_says_how_far_it_is_and_goes_on_where_it_was_paused(sounds: list[Sound]) -> None:
    drawn = await a_player()
    assert drawn.texts == ["3 s"]
    await drawn.tap(f"Play {NAME}")
    drawn.look()
    (sound,) = sounds
    sound.handlers["on_loaded"](None)
    sound.state(fa.AudioState.PLAYING)
    sound.at(2_100)
    drawn.look()
    assert drawn.texts == ["2 s of 3 s"]
    await drawn.tap(f"Pause {NAME}")
    sound.state(fa.AudioState.PAUSED)
    drawn.look()
    await drawn.tap(f"Play {NAME}")
    assert [what for what, _to in sound.told] == ["pause", "resume"]
    sound.state(fa.AudioState.COMPLETED)
    drawn.look()
    await drawn.tap(f"Play {NAME}")
    assert (drawn.texts, sound.told[-1]) == (["0 s of 3 s"], ("play", 0))


async def test_it_goes_back_and_on_and_never_beyond_its_ends(sounds: list[Sound]) -> None:
    drawn = await a_player()
    await drawn.tap(f"Play {NAME}")
    drawn.look()
    (sound,) = sounds
    sound.handlers["on_loaded"](None)
    for name in (f"10 seconds on in {NAME}", f"10 seconds back in {NAME}"):
        drawn.look()
        await drawn.tap(name)
    assert sound.told == [("seek", 3), ("seek", 0)]
