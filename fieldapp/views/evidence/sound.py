"""Audio notes: a banner and a second tap before the microphone, stop always in sight, and a player for what is kept.

E3: no microphone without the banner; no background recording: leaving the screen stops it. E2: under the policy "none"
there is no button for recording the contact; the assessor's own voice afterwards may always be noted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

import flet as ft
import flet_audio as fa  # type: ignore[import-untyped]
import flet_audio_recorder as far  # type: ignore[import-untyped]

from checklists.record.assessment import Evidence, MediaKind
from fieldapp import theme
from fieldapp.errors import NotSound
from fieldapp.language import _, fill
from fieldapp.state import Visit
from fieldapp.views import kit, words
from fieldapp.views.hooks import ReadRecording
from fieldapp.views.visit_hooks import Keeping

# Best first. Asking before starting matters: an encoder that is not there hangs the recorder.
ENCODERS: Mapping[far.AudioEncoder, str] = {
    far.AudioEncoder.AACLC: "audio/mp4",
    far.AudioEncoder.OPUS: "audio/webm",
    far.AudioEncoder.WAV: "audio/wav",
}


class Stage(StrEnum):
    """How far one recording is."""

    IDLE = "idle"
    ASKED = "asked"  # the banner is shown
    RUNNING = "running"
    KEEPING = "keeping"
    FAILED = "failed"


async def best_encoder(recorder: far.AudioRecorder) -> far.AudioEncoder | None:
    """Return the best encoder this device has, or None."""
    for encoder in ENCODERS:
        if await recorder.is_supported_encoder(encoder):
            return encoder
    return None


@ft.component
def SoundCard(keeping: Keeping, read_recording: ReadRecording) -> ft.Control:
    """Buttons that start a note (always) or a recording of the contact (by policy), and the one that stops."""
    visit = keeping.visit
    stage, set_stage = ft.use_state(Stage.IDLE)
    kind, set_kind = ft.use_state(MediaKind.AUDIO_NOTE)
    encoder, set_encoder = ft.use_state(far.AudioEncoder.WAV)
    recorder = ft.use_memo(far.AudioRecorder, [])
    began = ft.use_memo(lambda: [0], [])

    async def start(_event: object) -> None:
        chosen = await best_encoder(recorder) if await recorder.has_permission() else None
        if chosen is None:
            set_stage(Stage.FAILED)
            return
        set_encoder(chosen)
        started = await recorder.start_recording(
            configuration=far.AudioRecorderConfiguration(encoder=chosen, channels=1)
        )
        began[0] = visit.monotonic_s()
        set_stage(Stage.RUNNING if started else Stage.FAILED)

    async def stop(_event: object) -> None:
        set_stage(Stage.KEEPING)
        ran_s = max(1, visit.monotonic_s() - began[0])
        try:
            data, content_type = await read_recording(await recorder.stop_recording() or "")
        except NotSound:
            set_stage(Stage.FAILED)
            return
        await visit.add_sound(data, content_type or ENCODERS[encoder], kind=kind, ran_s=ran_s)
        set_stage(Stage.IDLE)

    def ask(wanted: MediaKind) -> None:
        set_kind(wanted)
        set_stage(Stage.ASKED)

    ft.use_effect(lambda: None, [], recorder.cancel_recording)
    return kit.card(stage_rows(stage, kind, visit, ask, start, stop, lambda: set_stage(Stage.IDLE)))


def stage_rows(
    stage: Stage,
    kind: MediaKind,
    visit: Visit,
    ask: Callable[[MediaKind], None],
    start: kit.OnTap,
    stop: kit.OnTap,
    leave: Callable[[], None],
) -> list[ft.Control]:
    """Return what one stage shows: the ways in, the banner with its second tap, or the way to stop."""
    if stage is Stage.ASKED:
        return [
            kit.banner(kit.Tone.CAUTION, banner_words(kind, visit.audio_kept_days), key="microphone-banner"),
            kit.main_button(_("Start the microphone"), start, "start-microphone", icon=ft.Icons.MIC),
            kit.text_button(_("Do not record"), lambda _e: leave(), "leave-microphone"),
        ]
    if stage is Stage.RUNNING:
        return [
            kit.banner(
                kit.Tone.ALARM, _("The microphone is on. It stops when you leave this screen."), key="recording"
            ),
            kit.main_button(_("Stop now"), stop, "stop-microphone", icon=ft.Icons.STOP),
        ]
    rows: list[ft.Control] = []
    if stage is Stage.KEEPING:
        rows.append(kit.quiet(_("Keeping the sound…")))
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


@ft.component
def Player(keeping: Keeping, item: Evidence, name: str) -> ft.Control:
    """Hear what was kept. Play waits until the sound is loaded: before that it would hang."""
    loaded, set_loaded = ft.use_state(False)
    playing, set_playing = ft.use_state(False)
    opened, set_opened = ft.use_state(False)
    data = keeping.visit.media(item.sha256) if opened else None

    def changed(event: fa.AudioStateChangeEvent) -> None:
        set_playing(event.state is fa.AudioState.PLAYING)

    player = ft.use_memo(
        lambda: (
            fa.Audio(src=data, autoplay=True, on_loaded=lambda _e: set_loaded(True), on_state_change=changed)
            if data
            else None
        ),
        [opened],
    )

    async def tap(_event: object) -> None:
        if player is None:
            set_opened(True)
        elif playing:
            await player.pause()
        elif loaded:
            await player.play()

    label = fill("Pause {name}", name=name) if playing else fill("Play {name}", name=name)
    icon = ft.Icons.PAUSE if playing else ft.Icons.PLAY_ARROW
    length = words.length(item.duration_s) if item.duration_s is not None else ""
    gone = opened and data is None
    text = _("No longer on this phone; it is safe on the server.") if gone else length
    return ft.Row(
        [kit.icon_button(icon, label, tap, f"play-{item.id}", disabled=gone), kit.quiet(text)], spacing=theme.S
    )
