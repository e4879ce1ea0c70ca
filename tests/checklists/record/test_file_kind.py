"""What a file is by its first bytes: one table, read by the phone and the server alike."""

from __future__ import annotations

import pytest

from checklists.record.file_kind import CONTENT_TYPES, FileKind, file_kind

HEADS = [
    pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF", FileKind.JPEG, id="JPEG"),
    pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", FileKind.PNG, id="PNG"),
    pytest.param(b"GIF87a", FileKind.GIF, id="GIF of 1987"),
    pytest.param(b"GIF89a", FileKind.GIF, id="GIF of 1989"),
    pytest.param(b"RIFF\x24\x00\x00\x00WEBPVP8 ", FileKind.WEBP, id="WebP"),
    pytest.param(b"\x00\x00\x00\x18ftypheic", FileKind.HEIC, id="HEIC of an iPhone"),
    pytest.param(b"\x00\x00\x00\x18ftypheix", FileKind.HEIC, id="HEIC of ten bits"),
    pytest.param(b"\x00\x00\x00\x18ftypmif1", FileKind.HEIF, id="HEIF"),
    pytest.param(b"\x00\x00\x00\x1cftypavif", FileKind.AVIF, id="AVIF"),
    pytest.param(b"RIFF\x24\x08\x00\x00WAVEfmt ", FileKind.WAV, id="WAV"),
    pytest.param(b"\x1aE\xdf\xa3\x9fB\x86\x81", FileKind.WEBM, id="WebM of a browser's recorder"),
    pytest.param(b"OggS\x00\x02", FileKind.OGG, id="Ogg"),
    pytest.param(b"fLaC\x00\x00\x00\x22", FileKind.FLAC, id="FLAC"),
    pytest.param(b"\x00\x00\x00\x20ftypM4A ", FileKind.M4A, id="M4A of an iPhone"),
    pytest.param(b"\x00\x00\x00\x20ftypisom", FileKind.ISO_MEDIA, id="MP4, sound or film"),
    pytest.param(b"ID3\x04\x00", FileKind.MP3, id="MP3 with its tag"),
    pytest.param(b"\xff\xfb\x90\x00", FileKind.MPEG_FRAME, id="MP3 without"),
    pytest.param(b"\xff\xf1\x50\x80", FileKind.ADTS_FRAME, id="AAC in ADTS"),
    pytest.param(b"#!AMR\n", FileKind.AMR, id="AMR"),
    pytest.param(b"caff\x00\x01", FileKind.CAF, id="CAF"),
    pytest.param(b"%PDF-1.7", FileKind.PDF, id="PDF"),
    pytest.param(b"II*\0\x08\0\0\0", FileKind.TIFF, id="TIFF of a scanner"),
    pytest.param(b"MM\0*\0\0\0\x08", FileKind.TIFF, id="TIFF of a Macintosh"),
    pytest.param(b"II+\0\x08\0\0\0", FileKind.TIFF, id="TIFF beyond 4 GB"),
    pytest.param(b"BM\x36\x10\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", FileKind.BMP, id="BMP"),
    pytest.param(b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ", FileKind.JPEG_2000, id="JPEG 2000"),
    pytest.param(b"\xff\x4f\xff\x51\0\x2f", FileKind.JPEG_2000, id="JPEG 2000 without its container"),
    pytest.param(b"RF64\xff\xff\xff\xffWAVEds64", FileKind.LONG_WAV, id="RF64"),
    pytest.param(b"BW64\xff\xff\xff\xffWAVEds64", FileKind.LONG_WAV, id="BW64"),
    pytest.param(b"FORM\0\0\x10\0AIFFCOMM", FileKind.AIFF, id="AIFF"),
    pytest.param(b"FORM\0\0\x10\0AIFCFVER", FileKind.AIFF, id="AIFF, compressed"),
    pytest.param(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", FileKind.WMA, id="WMA"),
    pytest.param(b"BMW dealer, Wan Chai: closed on Sundays", None, id="words that begin like a BMP"),
    pytest.param(b"FORM\0\0\x10\0ILBMBMHD", None, id="another FORM"),
    pytest.param(b"", None, id="nothing"),
    pytest.param(b"\xff", None, id="one byte"),
    pytest.param(b"RIFF\x24\x00\x00\x00AVI LIST", None, id="another RIFF"),
    pytest.param(b"RIFF", None, id="cut off"),
    pytest.param(b"<svg xmlns=", None, id="a script in a picture's clothes"),
    pytest.param("會面記錄".encode(), None, id="words"),
]


@pytest.mark.parametrize(("head", "kind"), HEADS)
def test_the_first_bytes_say_what_a_file_is(head: bytes, kind: FileKind | None) -> None:
    assert file_kind(head) is kind


def test_every_kind_has_a_content_type_and_is_recognised_by_some_start() -> None:
    assert set(CONTENT_TYPES) == set(FileKind) == {row.values[1] for row in HEADS} - {None}
