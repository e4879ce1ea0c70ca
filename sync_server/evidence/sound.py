"""Any sound as an MP3 that every browser plays. ffmpeg runs below the child process of `workshop`.

SND-1  ffmpeg reads the one descriptor it is given and opens nothing else, whatever the file says: the container is the
       sniffed one, the codecs are those of sound, and its folder is empty.
SND-2  What it makes is bounded by the length of the original, and by MAX_BYTES.
SND-3  Speech stays clear at RATE_HZ and BITS_A_SECOND; two hours take less than a minute to make.
SND-4  The bars of a sound are its loudness in BARS equal parts, 0 to 100 of its loudest: worked once, from the MP3.
"""

from __future__ import annotations

import array
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import imageio_ffmpeg

MAX_S = 2 * 3600
BITS_A_SECOND = 64_000
RATE_HZ = 24_000
MAX_BYTES = MAX_S * BITS_A_SECOND // 8
# The thinnest coding of speech is a 14th of this; what grows more is no speech.
MOST_GROWTH, ALWAYS_ALLOWED_BYTES = 32, 8_000_000
MP3 = "audio/mpeg"
BARS, BARS_RATE_HZ = 160, 4_000
CONTAINERS: Mapping[str, str] = {
    "audio/mp4": "mov",
    "audio/webm": "matroska",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/wav": "wav",
    "audio/x-rf64": "wav",
    "audio/amr": "amr",
    "audio/x-caf": "caf",
    "audio/aac": "aac",
    "audio/aiff": "aiff",
    "audio/x-ms-wma": "asf",
    MP3: "mp3",
}
_CODECS = (
    "aac", "aac_latm", "ac3", "eac3", "alac", "flac", "mp1float", "mp2float", "mp3", "mp3float", "opus", "libopus",
    "vorbis", "libvorbis", "speex", "libspeex", "amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb", "gsm",
    "gsm_ms", "ilbc", "wmav1", "wmav2", "wmapro", "wmalossless", "wmavoice", "adpcm_ima_wav", "adpcm_ima_qt",
    "adpcm_ms", "pcm_alaw", "pcm_mulaw", "pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be",
    "pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be",
)  # fmt: skip


class SoundError(Exception):
    """No MP3 could be made; the message is the word that says why."""


def playable(source: BinaryIO, content_type: str, wait_s: float) -> bytes:
    """Return the sound of the file `source`, which is at its start, as an MP3 without anything that describes it.

    Raises:
        SoundError: "not-readable", "too-large", "too-slow".
    """
    size = source.seek(0, 2)
    source.seek(0)
    most = min(MAX_BYTES, max(ALWAYS_ALLOWED_BYTES, MOST_GROWTH * size))
    container = CONTAINERS[content_type]
    coding = ["-c:a", "copy", "-write_xing", "0", "-id3v2_version", "0"]
    if content_type == MP3:
        most = max(most, size)
    else:
        coding = ["-ac", "1", "-ar", str(RATE_HZ), "-c:a", "libmp3lame", "-b:a", str(BITS_A_SECOND),
                  "-compression_level", "7"]  # fmt: skip
    with tempfile.TemporaryDirectory() as empty:
        target = Path(empty) / "playable.mp3"
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-threads", "1",
            "-protocol_whitelist", "fd", "-format_whitelist", container, "-codec_whitelist", ",".join(_CODECS),
            "-f", container, "-i", "fd:", "-map", "0:a:0", "-map_metadata", "-1",
            "-fflags", "+bitexact", "-flags:a", "+bitexact", *coding, "-fs", str(most + 100_000), "-f", "mp3",
            str(target),
        ]  # fmt: skip
        try:
            done = subprocess.run(  # noqa: S603 - our own words
                command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=empty, timeout=wait_s,
                check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise SoundError("too-slow") from error
        if done.returncode == -getattr(signal, "SIGXCPU", 0) != 0:
            raise SoundError("too-slow")
        if done.returncode != 0 or not target.exists() or target.stat().st_size == 0:
            raise SoundError("not-readable")
        if target.stat().st_size > most:
            raise SoundError("too-large")
        return target.read_bytes()


def bars_of(mp3: bytes, wait_s: float) -> Sequence[int]:
    """Return how loud the parts of an MP3 of `playable` are; nothing where it is too short or cannot be told."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "fd",
        "-format_whitelist", "mp3", "-f", "mp3", "-i", "fd:", "-map", "0:a:0", "-ac", "1", "-ar", str(BARS_RATE_HZ),
        "-t", str(MAX_S), "-f", "s16le", "pipe:1",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as empty, (Path(empty) / "sound.mp3").open("w+b") as source:
        source.write(mp3)
        source.seek(0)
        try:
            done = subprocess.run(  # noqa: S603 - our own words
                command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=empty, timeout=wait_s,
                check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return ()
    samples = array.array("h", done.stdout[: len(done.stdout) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    if done.returncode != 0 or len(samples) < BARS:
        return ()
    edges = [len(samples) * part // BARS for part in range(BARS + 1)]
    parts = [samples[first:last] for first, last in pairwise(edges)]
    peaks = [max([max(part), -min(part)]) for part in parts]
    loudest = max([1, *peaks])
    return [round(100 * peak / loudest) for peak in peaks]
