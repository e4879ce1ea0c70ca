"""Media in a folder that several processes share. Ids are those in sync_server/evidence/uploads.py and store.py."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.evidence.local import LocalMediaStore, LocalParts
from sync_server.evidence.store import OffsetTakenError

# Takes the lock as an append does, says so, and keeps it until it is killed.
HOLDER = """
import os, sys, time
from pathlib import Path
from filelock import FileLock
with FileLock(sys.argv[1], blocking=False):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def parts(tmp_path: Path) -> LocalParts:
    return LocalParts(tmp_path / "uploads")


@pytest.fixture
def holder(parts: LocalParts) -> Iterator[subprocess.Popen[str]]:
    """Another process, in the middle of writing to the upload."""
    parts.append("upload", 0, b"first")
    command = [sys.executable, "-c", HOLDER, str(parts.path("upload").with_suffix(".lock"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_up_3_another_process_that_writes_is_not_waited_for(parts: LocalParts, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(OffsetTakenError):
        parts.append("upload", 5, b"second")
    assert parts.length("upload") == 5


def test_up_7_a_killed_process_leaves_no_lock_behind(parts: LocalParts, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    parts.append("upload", 5, b"second")
    assert b"".join(parts.read("upload")) == b"firstsecond"


def test_another_offset_is_refused_and_changes_nothing(parts: LocalParts) -> None:
    parts.append("upload", 0, b"first")
    with pytest.raises(OffsetTakenError):
        parts.append("upload", 0, b"again")
    assert b"".join(parts.read("upload")) == b"first"


@pytest.mark.parametrize("ended", ["adopted", "removed"])
def test_an_upload_that_has_ended_leaves_nothing(parts: LocalParts, tmp_path: Path, ended: str) -> None:
    parts.append("upload", 0, b"first")
    if ended == "adopted":
        LocalMediaStore(tmp_path / "media", parts).adopt("upload", "ab" * 32)
    else:
        parts.remove("upload")
    assert list((tmp_path / "uploads").iterdir()) == []


def test_med_2_keeping_a_file_twice_is_keeping_it_once(parts: LocalParts, tmp_path: Path) -> None:
    media = LocalMediaStore(tmp_path / "media", parts)
    name = hashlib.sha256(b"a photo").hexdigest()
    media.put(name, b"a photo")
    parts.append("upload", 0, b"a photo")
    media.adopt("upload", name)
    media.put(name, b"a photo")
    files = [file for file in (tmp_path / "media").rglob("*") if file.is_file()]
    assert [(file.name, file.read_bytes()) for file in files] == [(name, b"a photo")]
