"""SHOP: the process that decodes files. Ids are those in sync_server/evidence/workshop.py."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.evidence.workshop import ChildLostError, Made, Workshop
from tests.sync_server.pictures import a_jpeg
from tests.sync_server.waiting import until

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    opened = Workshop(picture_s=2)
    yield opened
    opened.close()


def slow_jpeg(scans: int = 9_000, side: int = 4_000) -> bytes:
    """A small file of empty scans, each of which costs its decoder a walk over the whole picture."""
    tables = b"\xff\xdb\0\x43\0" + b"\1" * 64 + b"\xff\xc4\0\x14\0" + b"\1" + bytes(16)
    frame = b"\xff\xc2\0\x0b\x08" + side.to_bytes(2, "big") * 2 + b"\1\1\x11\0"
    first, refining = (b"\xff\xda\0\x08\1\1\0\0\0" + bits + b"\0" for bits in (b"\1", b"\x10"))
    return b"\xff\xd8" + tables + frame + first + refining * scans + b"\xff\xd9"


def children() -> list[int]:
    """The processes that decode for this one."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                if parent == str(os.getpid()) and b"derive_child" in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue  # it ended meanwhile
    return found


def has_the_file(child: int) -> bool:
    try:
        return any(fd.readlink().name == "original" for fd in Path(f"/proc/{child}/fd").iterdir())
    except OSError:
        return False  # it has just closed one


def problems(made: list[Made]) -> set[str]:
    return {one.problem for one in made}


def test_a_file_that_takes_too_long_is_ended_and_the_next_one_is_shown(workshop: Workshop) -> None:
    """SHOP-2, DER-4"""
    assert problems(workshop.make([slow_jpeg()], "image/jpeg")) == {"too-slow"}
    assert problems(workshop.make([a_jpeg()], "image/jpeg")) == {""}


@pytest.mark.parametrize(
    ("data", "content_type", "purposes", "problem"),
    [
        pytest.param(a_jpeg(), "image/jpeg", ["shown", "preview"], "", id="a photo"),
        pytest.param(b"", "application/octet-stream", ["shown"], "empty", id="DER-5 nothing"),
        pytest.param(b"", "image/jpeg", ["shown"], "empty", id="DER-5 nothing of a photo"),
        pytest.param(b"%PDF-1.7", "application/octet-stream", ["shown"], "other-kind", id="DER-5 another kind"),
        pytest.param(b"\xff\xd8\xff\xe0", "image/jpeg", ["shown", "preview"], "not-readable", id="DER-5 a bad photo"),
        pytest.param(b"\xff\xfb\x90\0" * 9, "audio/mpeg", ["playable"], "not-readable", id="DER-5 a broken MP3"),
        pytest.param(b"\xff\xfe" + "notes".encode("utf-16-le"), "audio/mpeg", ["playable"], "not-readable", id="words"),
    ],
)  # fmt: skip
def test_every_file_gets_a_word(
    workshop: Workshop, data: bytes, content_type: str, purposes: list[str], problem: str
) -> None:
    made = workshop.make([data[:5], data[5:]], content_type)
    assert [one.purpose for one in made] == purposes
    assert problems(made) == {problem}


@linux
def test_the_child_has_its_limits_and_no_secret(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """SHOP-1, SHOP-4"""
    monkeypatch.setenv("SYNC_SERVER_MEDIA_SECRET", "the key of the store")
    before = set(children())
    workshop.make([a_jpeg()], "image/jpeg")
    (child,) = set(children()) - before
    limits = Path(f"/proc/{child}/limits").read_text()
    soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert soft["Max address space"] == str(1 << 30)
    assert int(soft["Max file size"]) <= 256_000_000
    assert soft["Max cpu time"].isdigit()
    assert b"SYNC_SERVER" not in Path(f"/proc/{child}/environ").read_bytes()
    workshop.make([a_jpeg()], "image/jpeg")
    assert set(children()) - before == {child}
    workshop.close()
    assert set(children()) == before


@linux
def test_a_child_that_the_machine_ended_gives_no_word_and_the_next_file_another_child() -> None:
    """SHOP-3"""
    workshop = Workshop(picture_s=60)
    before = set(children())
    lost: list[BaseException] = []

    def work() -> None:
        try:
            workshop.make([slow_jpeg()], "image/jpeg")
        except ChildLostError as error:
            lost.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    child = until(lambda: next(filter(has_the_file, set(children()) - before), None), "a child has the file")
    os.kill(child, signal.SIGKILL)
    thread.join(30)
    assert len(lost) == 1
    assert problems(workshop.make([a_jpeg()], "image/jpeg")) == {""}
    workshop.close()


def test_a_machine_without_a_child_to_give_is_no_word(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """SHOP-3"""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ChildLostError):
        workshop.make([a_jpeg()], "image/jpeg")
