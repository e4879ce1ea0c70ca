"""Audio notes: a banner and a second tap before the microphone, and stop always in sight.

E3: no microphone without the banner; no background recording: leaving the screen stops it, and what there is is kept.
E2: under the policy "none" there is no button for recording the contact; the assessor's own voice afterwards may always
be noted.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import flet as ft

from checklists.record.assessment import MediaKind
from fieldapp.language import _, fill
from fieldapp.state import App
from fieldapp.state.recorder import LONGEST_S, Recorder
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views.hooks import use_fields

_NOTHING: MediaKind | None = None


class Stage(StrEnum):
    """How far one recording is."""

    IDLE = "idle"
    ASKED = "asked"  # the banner is shown
    RUNNING = "running"
    KEEPING = "keeping"
    FAILED = "failed"


@ft.component
def SoundCard(app: App, visit: Visit) -> ft.Control:
    """Buttons that start a note (always) or a recording of the contact (by policy), and the one that stops."""
    recorder = app.recorder
    use_fields(recorder, "stage", "seconds", "is_paused")
    asked, set_asked = ft.use_state(_NOTHING)

    async def start(_event: object) -> None:
        set_asked(None)
        if asked is not None:
            await app.record(asked)

    async def stop(_event: object) -> None:
        await recorder.stop()

    async def pause(_event: object) -> None:
        await (recorder.resume() if recorder.is_paused else recorder.pause())

    ft.use_effect(lambda: None, [], recorder.stop)
    stage = Stage.ASKED if asked else Stage(recorder.stage.value)
    kind = asked or MediaKind.AUDIO_NOTE
    seconds, is_paused = recorder.seconds, recorder.is_paused
    rows = stage_rows(
        stage, kind, visit, set_asked, start, stop, lambda: set_asked(None), seconds=seconds, is_paused=is_paused
    )
    if stage is Stage.RUNNING:
        left = fill("{time} left", time=words.length(recorder.seconds_left))
        label, icon = (_("Go on recording"), ft.Icons.MIC) if is_paused else (_("Pause the recording"), ft.Icons.PAUSE)
        rows[-1:-1] = [kit.quiet(left), Meter(recorder), kit.side_button(label, pause, "pause-microphone", icon=icon)]
    return kit.card(rows)


@ft.component
def Meter(recorder: Recorder) -> ft.Control:
    """How loud it is. It moves by itself, and says nothing to a screen reader."""
    use_fields(recorder, "level")
    return kit.progress(recorder.level, 100)


def stage_rows(
    stage: Stage,
    kind: MediaKind,
    visit: Visit,
    ask: Callable[[MediaKind], None],
    start: kit.OnTap,
    stop: kit.OnTap,
    leave: Callable[[], None],
    *,
    seconds: int = 0,
    is_paused: bool = False,
) -> list[ft.Control]:
    """Return what one stage shows: the ways in, the banner with its second tap, or the way to stop."""
    if stage is Stage.ASKED:
        return [
            kit.banner(kit.Tone.CAUTION, banner_words(kind, visit.audio_kept_days), key="microphone-banner"),
            kit.main_button(_("Start the microphone"), start, "start-microphone", icon=ft.Icons.MIC),
            kit.text_button(_("Do not record"), lambda _e: leave(), "leave-microphone"),
        ]
    if stage is Stage.RUNNING:
        message = _("The microphone is on. What it hears is kept as it goes. It stops when you leave this screen.")
        if is_paused:
            message = _("Paused. Nothing is heard until you go on.")
        ran = fill("{time} of at most {most}", time=words.length(seconds), most=words.length(LONGEST_S))
        return [
            kit.banner(kit.Tone.FACT if is_paused else kit.Tone.ALARM, message, key="recording"),
            kit.words(ran, ft.TextThemeStyle.TITLE_LARGE),
            kit.main_button(_("Stop now"), stop, "stop-microphone", icon=ft.Icons.STOP),
        ]
    rows: list[ft.Control] = []
    if stage is Stage.KEEPING:
        rows.append(kit.quiet(_("Keeping the sound")))
    if stage is Stage.FAILED:
        message = _("The microphone gave no sound. Allow it in the browser's settings, or write a note instead.")
        rows.append(kit.banner(kit.Tone.ALARM, message))
    note = _("Record audio note")
    rows.append(kit.side_button(note, lambda _e: ask(MediaKind.AUDIO_NOTE), "record-note", icon=ft.Icons.MIC))
    if visit.assignment.may_be_recorded:
        label = _("Record the contact")
        rows.append(
            kit.side_button(
                label, lambda _e: ask(MediaKind.RECORDING), "record-contact", icon=ft.Icons.RECORD_VOICE_OVER
            )
        )
    return rows


def banner_words(kind: MediaKind, kept_days: int | None) -> str:
    """Return who hears it, why, and how long it is kept (E3)."""
    if kept_days is None:
        kept = _("It is deleted some time after the round's report.")
    else:
        kept = fill("It is deleted {days} days after the round's report.", days=kept_days)
    if kind is MediaKind.RECORDING:
        heard = _("Tell the other side first, and stop if they object. Reviewers hear it to check the answers.")
    else:
        heard = _("Only your own voice, after the contact. Reviewers hear it to understand your answers.")
    return f"{heard} {kept}"
