"""SND: any sound as an MP3. Ids are those in sync_server/evidence/sound.py. The files are made here, by ffmpeg."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import tempfile
import wave
from pathlib import Path

import imageio_ffmpeg
import pytest

from sync_server.evidence.derive import Derivative, derivatives_of, final_word
from sync_server.evidence.sniff import sniffed_type
from sync_server.evidence.sound import ALWAYS_ALLOWED_BYTES, BARS, bars_of


def made_by_ffmpeg(folder: Path, name: str, *options: str, source: str = "sine=300:d=2") -> bytes:
    file = folder / name
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-f", "lavfi", "-i", source]
    subprocess.run([*command, *options, str(file)], check=True)
    return file.read_bytes()


def word_on(data: bytes) -> list[Derivative]:
    with tempfile.TemporaryFile() as source:
        source.write(data)
        return final_word(source, sniffed_type(data), 20)


@pytest.mark.parametrize(
    ("name", "options", "content_type"),
    [
        pytest.param("a.wma", ("-c:a", "wmav2"), "audio/x-ms-wma", id="WMA"),
        pytest.param("a.aiff", (), "audio/aiff", id="AIFF"),
        pytest.param("a.wav", ("-rf64", "always"), "audio/x-rf64", id="RF64"),
        pytest.param("a.wav", ("-c:a", "adpcm_ms"), "audio/wav", id="WAV, packed"),
        pytest.param("a.m4a", ("-c:a", "alac"), "audio/mp4", id="ALAC"),
        pytest.param("a.m4a", ("-c:a", "aac"), "audio/mp4", id="M4A, its index at the end"),
        pytest.param("a.3gp", ("-c:a", "aac"), "audio/mp4", id="3GP"),
        pytest.param("a.caf", ("-c:a", "pcm_s16le"), "audio/x-caf", id="CAF"),
        pytest.param("a.webm", ("-c:a", "libopus"), "audio/webm", id="WebM"),
        pytest.param("a.amr", ("-c:a", "libopencore_amrnb", "-ar", "8000"), "audio/amr", id="AMR"),
    ],
)
def test_sound_of_any_kind_becomes_playable(
    tmp_path: Path, name: str, options: tuple[str, ...], content_type: str
) -> None:
    data = made_by_ffmpeg(tmp_path, name, *options)
    assert sniffed_type(data) == content_type
    (made,) = derivatives_of(data, content_type)
    assert (made.problem, sniffed_type(made.data)) == ("", "audio/mpeg")
    assert 10_000 < len(made.data) < 30_000


def test_an_mp3_loses_what_describes_it_and_nothing_else(tmp_path: Path) -> None:
    data = made_by_ffmpeg(tmp_path, "a.mp3", "-metadata", "artist=Chan Tai Man")
    assert b"Chan Tai Man" in data
    made, _ = word_on(data)
    assert made.problem == ""
    assert b"Chan" not in made.data
    assert len(made.data) > len(data) * 0.9


def test_snd_4_bars_follow_how_loud_it_is(tmp_path: Path) -> None:
    fading = made_by_ffmpeg(tmp_path, "a.wav", "-af", "afade=t=out:st=0:d=2")
    _, drawn = word_on(fading)
    bars = json.loads(drawn.data)
    assert (drawn.purpose, len(bars), max(bars)) == ("loudness", BARS, 100)
    assert bars[10] > bars[BARS // 2] > bars[-1]
    assert bars_of(b"no sound", 5) == ()


MPD = """<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S" minBufferTime="PT1S"
 profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet contentType="audio" mimeType="audio/mp4">
<Representation id="1" bandwidth="64000"><BaseURL>{file}</BaseURL></Representation></AdaptationSet></Period></MPD>"""


@pytest.mark.parametrize(
    ("start", "words"),
    [
        pytest.param(b"<!--ftypjp2 -->", MPD, id="SND-1 a list of DASH in the clothes of an M4A"),
        pytest.param(b"<!--ftypjp2 -->", MPD.replace("{file}", "file:{file}"), id="SND-1 with a protocol"),
        pytest.param(b"OggS", "ffconcat version 1.0\nfile {file}\n", id="SND-1 a list of files as an Ogg"),
        pytest.param(b"RIFF\0\0\0\0WAVE", "#EXTM3U\n#EXTINF:2,\n{file}\n", id="SND-1 a playlist as a WAV"),
        pytest.param(b"ID3", "#EXTM3U\n#EXTINF:2,\n{file}\n", id="SND-1 a playlist as an MP3"),
    ],
)
def test_a_file_never_makes_the_server_read_another(tmp_path: Path, start: bytes, words: str) -> None:
    made_by_ffmpeg(tmp_path, "secret.m4a", "-c:a", "aac")
    data = start + words.replace("{file}", str(tmp_path / "secret.m4a")).encode()
    assert sniffed_type(data).startswith("audio/")
    assert {one.problem for one in word_on(data)} == {"not-readable"}


def test_a_film_is_heard_and_its_pictures_are_not_decoded(tmp_path: Path) -> None:
    """SND-1"""
    data = made_by_ffmpeg(
        tmp_path, "a.mp4", "-f", "lavfi", "-i", "sine=300:d=2", "-c:v", "mpeg4", "-c:a", "aac", source="testsrc=d=2"
    )
    assert [one.problem for one in derivatives_of(data, "audio/mp4")] == [""]


def test_a_little_silence_does_not_become_much_sound(tmp_path: Path) -> None:
    """SND-2"""
    seconds = ALWAYS_ALLOWED_BYTES // 8000 + 200
    data = made_by_ffmpeg(tmp_path, "a.flac", "-c:a", "flac", source=f"anullsrc=r=8000:cl=mono:d={seconds}")
    assert len(data) * 32 < ALWAYS_ALLOWED_BYTES
    assert [(one.problem, one.data) for one in derivatives_of(data, "audio/flac")] == [("too-large", b"")]


def test_twenty_minutes_of_speech_are_kept_whole_in_sixty_four_kilobits() -> None:
    """SND-3"""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"".join(struct.pack("<h", n * 7919 % 9000) for n in range(8000)) * 1200)
    (made,) = derivatives_of(out.getvalue(), "audio/wav")
    assert made.problem == ""
    assert 1200 * 8000 <= len(made.data) < 1201 * 8000
