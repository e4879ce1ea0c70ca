"""Sound made ready to keep: one contract for pydub and for the browser's own means."""

from __future__ import annotations

import asyncio
import io
import math
import wave
from array import array
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from checklists.record.file_kind import CONTENT_TYPES, FileKind, file_kind
from fieldapp.errors import NotSound
from fieldapp.media.audio import PydubAudio
from fieldapp.media.browser_audio import BrowserAudio
from fieldapp.media.limits import SAMPLE_RATE_HZ, level_of
from fieldapp.media.microphone import _header
from fieldapp.ports import AudioPreparer, Sound

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "audio"


def a_wav(*, rate_hz: int = 44_100, channels: int = 2, width: int = 2, frames: int = 44_100) -> bytes:
    """A tone of 440 Hz on every channel at half of full scale."""
    tone = [math.sin(math.tau * 440 * i / rate_hz) / 2 for i in range(frames)]
    top = 2 ** (8 * width - 1) - 1
    raw = b"".join(
        (
            (round(v * 127) + 128).to_bytes(1, "little")
            if width == 1
            else round(v * top).to_bytes(width, "little", signed=True)
        )
        * channels
        for v in tone
    )
    out = io.BytesIO()
    with wave.open(out, "wb") as target:
        target.setnchannels(channels)
        target.setsampwidth(width)
        target.setframerate(rate_hz)
        target.writeframes(raw)
    return out.getvalue()


def samples(data: bytes) -> tuple[wave._wave_params, array[int]]:
    with wave.open(io.BytesIO(data)) as kept:
        return kept.getparams(), array("h", kept.readframes(kept.getnframes()))


@pytest.fixture(params=[PydubAudio, BrowserAudio], ids=["pydub", "browser"])
def preparer(request: pytest.FixtureRequest) -> AudioPreparer:
    made: AudioPreparer = request.param()
    return made


@pytest.mark.parametrize(
    ("recorded", "rate_hz", "duration_s"),
    [
        pytest.param(a_wav, 16_000, 1, id="44.1 kHz stereo becomes 16 kHz mono"),
        pytest.param(
            partial(a_wav, rate_hz=48_000, channels=1, frames=120_000), 16_000, 3, id="a started second counts"
        ),
        pytest.param(
            partial(a_wav, rate_hz=8_000, channels=1, frames=8_000), 8_000, 1, id="a lower rate is never raised"
        ),
        pytest.param(partial(a_wav, width=1, rate_hz=16_000, frames=16_000), 16_000, 1, id="8 bit"),
        pytest.param(partial(a_wav, width=3), 16_000, 1, id="24 bit"),
        pytest.param(partial(a_wav, width=4), 16_000, 1, id="32 bit"),
    ],
)
async def test_wav_is_thinned_to_speech(
    preparer: AudioPreparer, recorded: Callable[[], bytes], rate_hz: int, duration_s: int
) -> None:
    sound = await preparer.prepare(recorded(), "audio/wav")
    kept, values = samples(sound.data)
    assert (kept.nchannels, kept.sampwidth, kept.framerate) == (1, 2, rate_hz)
    assert sound.duration_s == duration_s
    assert sound.content_type == "audio/wav"
    loudest = max(map(abs, values)) / 32768
    assert loudest == pytest.approx(0.5, abs=0.02)


async def test_both_ways_give_the_same_sound_within_a_few_samples() -> None:
    raw = a_wav(frames=100_000)
    _, by_pydub = samples((await PydubAudio().prepare(raw, "audio/wav")).data)
    _, by_browser = samples((await BrowserAudio().prepare(raw, "audio/wav")).data)
    assert abs(len(by_pydub) - len(by_browser)) <= 4
    middle = slice(1000, 30_000)
    pairs = zip(by_pydub[middle], by_browser[middle], strict=True)
    assert max(abs(a - b) for a, b in pairs) < 1200  # a tenth of a sample apart at the steepest point


@pytest.mark.parametrize(
    ("raw", "told", "content_type"),
    [
        pytest.param(b"\x1aE\xdf\xa3" + bytes(50), "audio/webm;codecs=opus", "audio/webm;codecs=opus", id="webm"),
        pytest.param(b"OggS" + bytes(50), "", "audio/ogg", id="ogg, not told"),
        pytest.param(b"\0\0\0\x18ftypM4A " + bytes(50), "audio/mp4", "audio/mp4", id="mp4"),
        pytest.param(b"ID3" + bytes(50), "audio/wav", "audio/mpeg", id="mp3 that was called wav"),
        pytest.param(b"\xff\xf1\x50" + bytes(50), "audio/aac", "audio/aac", id="bare aac"),
    ],
)
async def test_compressed_sound_stays_as_it_is(
    preparer: AudioPreparer, raw: bytes, told: str, content_type: str
) -> None:
    assert await preparer.prepare(raw, told) == Sound(data=raw, content_type=content_type)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"some words", id="no sound"),
        pytest.param(a_wav()[:30], id="a WAV cut in its head"),
        pytest.param(b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x02\0\x01\0" + bytes(40), id="a WAV of an unknown coding"),
    ],
)
async def test_unreadable_sound_says_so(preparer: AudioPreparer, raw: bytes) -> None:
    with pytest.raises(NotSound) as refused:
        await preparer.prepare(raw, "audio/wav")
    assert refused.value.code == "sound-unreadable"


async def test_a_streamed_recording_is_read_up_to_where_it_was_cut(preparer: AudioPreparer) -> None:
    """Its head promises more than there is: nobody knew how much there would be."""
    sound = await preparer.prepare(_header() + bytes(2 * SAMPLE_RATE_HZ), "audio/wav")
    assert (sound.content_type, sound.duration_s) == ("audio/wav", 1)


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*")) if SAMPLES.exists() else [], ids=lambda path: path.name)
def test_sample_is_prepared_or_refused_and_never_breaks(preparer: AudioPreparer, sample: Path) -> None:
    raw = sample.read_bytes()
    try:
        sound = asyncio.run(preparer.prepare(raw, ""))
    except NotSound:
        assert file_kind(raw) in {None, FileKind.WAV}
        return
    kind = file_kind(raw)
    assert kind is not None
    assert sound.content_type == CONTENT_TYPES[kind]


@pytest.mark.parametrize(
    ("peak", "level"),
    [
        pytest.param(0, 0, id="nothing"),
        pytest.param(0.001, 0, id="the quietest"),
        pytest.param(0.0316, 50, id="half of what an ear makes of it"),
        pytest.param(1, 100, id="the loudest"),
        pytest.param(1.5, 100, id="louder than there is"),
    ],
)
def test_a_meter_goes_by_ratios_as_an_ear_does(peak: float, level: int) -> None:
    assert level_of(peak) == level
