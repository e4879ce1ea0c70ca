"""DUR: what a power cut leaves of files. Ids are those in sync_server/machine/files.py.

The disk is `tests/soak/disk.c`: after a cut it has what was synced, a file's content and a folder's names each by its
own sync. Everything runs for real, in a process of its own.
"""

from __future__ import annotations

import hashlib
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.machine.files import keep_blocks, keep_file
from tests.soak.disk import build_shim, environment
from tests.soak.power import rebuild

SHA = hashlib.sha256(b"a photo").hexdigest()
KEEP = """
from sync_server.machine.files import keep_file, make_folder
make_folder(folder / "new")
keep_file(folder / "new" / "file", b"old")
keep_file(folder / "new" / "file", b"a photo")
"""
MEDIA = f"""
from sync_server.evidence.local import LocalMediaStore, LocalParts
parts = LocalParts(folder / "media" / "uploads")
media = LocalMediaStore(folder / "media", parts)
media.put("{SHA}", b"a photo")
"""
UPLOAD = f"""
from sync_server.evidence.local import LocalMediaStore, LocalParts
parts = LocalParts(folder / "media" / "uploads")
media = LocalMediaStore(folder / "media", parts)
parts.append("upload", 0, b"a photo", last=True)
media.adopt("upload", "{SHA}")
"""
PART = """
from sync_server.evidence.local import LocalParts
LocalParts(folder / "uploads").append("upload", 0, b"a photo")
"""
TLS = """
from sync_server import clock
from sync_server.machine.tls import local_certificate
local_certificate(folder / "tls", ("localhost",), now=clock.now())
"""
BACKUP = f"""
from sync_server import clock
from sync_server.config import Config
from sync_server.custody.backup import back_up
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries import media as queries
from sync_server.evidence.configured_store import open_media
config = Config(data_dir=folder.parent / "data")
media = open_media(config)[0]
media.put("{SHA}", b"a photo")
database = Database(config.database)
upgrade(database)
with database.transaction() as db:
    queries.add_media(db, queries.MediaRow("{SHA}", 7, "image/jpeg", clock.now(), None))
back_up(database, media, folder / "backup", clock.now())
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("cc") is None or sys.platform != "linux":
        pytest.skip("needs Linux and a C compiler to stand in for the disk: apt install gcc")
    return build_shim(tmp_path_factory.mktemp("shim"))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but locks, which nobody needs after a power cut."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.suffix != ".lock"]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.mark.parametrize(
    ("kept", "names"),
    [
        pytest.param(KEEP, {"new/file"}, id="DUR-1 a small file"),
        pytest.param(MEDIA, {f"media/{SHA[:2]}/{SHA}"}, id="DUR-1 MED-1 a file of the store"),
        pytest.param(UPLOAD, {f"media/{SHA[:2]}/{SHA}"}, id="DUR-1 MED-1 an upload that came whole"),
        pytest.param(PART, {"uploads/upload.part"}, id="DUR-1 UP-1 a part of an upload"),
        pytest.param(TLS, {"tls/authority.key", "tls/server.key", "tls/server.pem"}, id="DUR-1 keys"),
        pytest.param(BACKUP, {"backup/manifest.json", f"backup/media/{SHA[:2]}/{SHA}"}, id="DUR-1 a backup"),
    ],
)
def test_what_was_kept_survives_a_power_cut(shim: Path, tmp_path: Path, kept: str, names: set[str]) -> None:
    folder, mirror, cut = tmp_path / "disk", tmp_path / "mirror", tmp_path / "cut"
    folder.mkdir()
    mirror.mkdir()
    code = f"from pathlib import Path\nfolder = Path({str(folder)!r})\n{kept}"
    subprocess.run([sys.executable, "-c", code], env=environment(shim, MIRROR=str(mirror)), check=True)
    rebuild(mirror, folder, cut)
    assert names <= contents(cut).keys()
    assert contents(cut) == contents(folder)


@pytest.mark.parametrize("before", [None, b"old"])
def test_dur_2_a_failure_leaves_what_was_there_and_nothing_beside_it(tmp_path: Path, before: bytes | None) -> None:
    if before is not None:
        keep_file(tmp_path / "file", before)

    def cut_off() -> Iterator[bytes]:
        yield b"new"
        raise OSError("the store does not answer")

    with pytest.raises(OSError, match="does not answer"):
        keep_blocks(tmp_path / "file", cut_off())
    assert contents(tmp_path) == ({} if before is None else {"file": before})


def test_a_private_file_is_its_owners_only(tmp_path: Path) -> None:
    keep_file(tmp_path / "key", b"secret", private=True)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
