"""DER: what is made of originals. Ids are those in evidence/derive.py."""

from __future__ import annotations

import hashlib
import io
import math
import struct
import subprocess
import wave
import zlib

import imageio_ffmpeg
import pytest
from PIL import Image

from sync_server.database import tables
from sync_server.evidence.derive import MAX_PIXELS, derivatives_of
from sync_server.evidence.sniff import sniffed_type
from tests.sync_server.pictures import a_jpeg
from tests.sync_server.uploading import Upload, sha
from tests.sync_server.waiting import until


def a_png_that_claims(width: int, height: int) -> bytes:
    """A picture of a few bytes, whatever size its header gives."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "problem"),
    [
        pytest.param(MAX_PIXELS // 1000 + 1, "too-large", id="DER-4 more pixels than are decoded"),
        pytest.param(1000, "not-readable", id="DER-3 no more than that, but not all there"),
    ],
)
def test_a_picture_is_judged_by_its_header_before_it_is_decoded(width: int, problem: str) -> None:
    assert {one.problem for one in derivatives_of(a_png_that_claims(width, 1000), "image/png")} == {problem}


def a_wav(seconds=1):
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        samples = (int(9000 * math.sin(n / 5)) for n in range(8000 * seconds))
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return out.getvalue()


def coded(codec, container):
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", "-", "-c:a", codec, "-f", container, "-"]
    return subprocess.run(command, input=a_wav(), capture_output=True, check=True).stdout


def test_a_picture_is_shown_upright_smaller_and_without_exif():
    """DER-1, DER-2."""
    made = {one.purpose: one for one in derivatives_of(a_jpeg(), "image/jpeg")}
    shown = Image.open(io.BytesIO(made["shown"].data))
    assert shown.size == (667, 2000)
    assert not shown.getexif()
    assert b"Maker" not in made["shown"].data
    assert max(Image.open(io.BytesIO(made["preview"].data)).size) == 360
    assert made == {one.purpose: one for one in derivatives_of(a_jpeg(), "image/jpeg")}


def test_a_heif_becomes_a_jpeg():
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "red").save(out, "HEIF")
    assert sniffed_type(out.getvalue()) == "image/heif"
    assert [one.content_type for one in derivatives_of(out.getvalue(), "image/heif")] == ["image/jpeg"] * 2


@pytest.mark.parametrize("data", [a_jpeg()[:2000], b"\xff\xd8\xff", b""], ids=["cut", "only a start", "empty"])
def test_der_3_a_broken_picture_is_told_and_no_failure(data):
    assert {one.problem for one in derivatives_of(data, "image/jpeg")} == {"not-readable"}


@pytest.mark.parametrize(
    ("codec", "container", "kind"),
    [("libopus", "ogg", "audio/ogg"), ("libopus", "webm", "audio/webm"), ("aac", "adts", "audio/aac"),
     ("flac", "flac", "audio/flac"), ("pcm_s16le", "wav", "audio/wav"), ("libmp3lame", "mp3", "audio/mpeg")],
)  # fmt: skip
def test_sound_of_any_kind_is_known_and_becomes_playable(codec, container, kind, monkeypatch):
    data = coded(codec, container)
    assert sniffed_type(data) == kind
    monkeypatch.setenv("PATH", "")
    made = derivatives_of(data, kind)
    if kind == "audio/mpeg":
        assert made == []
    else:
        assert [(one.problem, sniffed_type(one.data)) for one in made] == [("", "audio/mpeg")]


def test_der_3_sound_that_cannot_be_decoded_is_told():
    assert [one.problem for one in derivatives_of(b"OggS" + b"x" * 500, "audio/ogg")] == ["not-readable"]


def test_a_page_or_a_script_is_plain_bytes():
    for text in (b"<!doctype html><script>", b"<svg xmlns=", b"%PDF-1.7", b"PK\x03\x04", b"MZ"):
        assert sniffed_type(text) == "application/octet-stream"


@pytest.mark.parametrize("media_settings", ["folder", "s3"], indirect=True)
def test_an_arriving_photo_gets_its_derivatives(media_server):
    photo = a_jpeg()
    with media_server.client() as client:
        Upload(client, photo).patch(0, photo)

    def made():
        with media_server.services.database.reading() as db:
            rows = db.execute(tables.media_derivatives.select()).all()
        return rows if len(rows) == 2 else None

    for row in until(made, "derivatives are made"):
        assert row.sha256 == sha(photo)
        kept = b"".join(media_server.services.media.read(row.derivative_sha256))
        assert hashlib.sha256(kept).hexdigest() == row.derivative_sha256
