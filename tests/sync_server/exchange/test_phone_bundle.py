"""BUN: a phone's export, made by the phone's own code and brought in. Ids are those in exchange/phone_bundle.py."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from checklists.record.assessment import Assessment
from fieldapp.kept import Device
from fieldapp.state.export import bundle
from fieldapp.storage.keeper import Keeper
from fieldapp.storage.media import FileMedia
from sync_server import clock
from sync_server.commands.bring_in import Brought, bring_in
from sync_server.commands.import_bundle import main
from sync_server.config import Config
from sync_server.custody.verification import Verification
from sync_server.exchange import phone_bundle
from sync_server.exchange.phone_bundle import BundleError, read_bundle
from tests.fieldapp.memory_store import MemoryFolder
from tests.sync_server.conftest import set_season_up
from tests.sync_server.season_kit import ASSESSOR, TOKEN, a_call, a_photo, device_id

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SCREENSHOT, CALL_LOG = b"\x89PNG screenshot", b"\x89PNG call log"
Export = Callable[..., bytes]


@pytest.fixture
async def export() -> Export:
    """What the settings page of the phone exports."""
    folder = MemoryFolder()
    await folder.open()
    media = FileMedia(Keeper(folder))
    for content in (SCREENSHOT, CALL_LOG):
        await media.keep(content)

    def make(*records: Assessment, assessor: str = ASSESSOR) -> bytes:
        return bundle(records, media, Device(id=device_id(TOKEN), assessor_id=assessor), NOW)

    return make


def a_visit(**changes: Any) -> Assessment:
    return a_call(files=(a_photo(SCREENSHOT), a_photo(CALL_LOG, "PG4", "call_log")), **changes)


def bring(server: Any, raw: bytes) -> list[Brought]:
    return bring_in(server.services.config, server.services.database, read_bundle(raw), clock.now())


def test_what_a_phone_exports_arrives_with_every_file(server: Any, export: Export) -> None:
    record = a_visit()
    assert bring(server, export(record)) == [Brought(record.id, 1, None, complete=True)]
    verification = Verification(server.services.database, server.services.media)
    assert list(verification.problems()) == []
    assert verification.counts == (1, 1, 1, 2)


def test_bun_3_again_and_later_by_the_phone_itself_changes_nothing(server: Any, export: Export) -> None:
    record = a_visit()
    assert bring(server, export(record)) == bring(server, export(record))
    with server.client() as phone:  # BUN-2: its own token still works
        receipt = phone.get(f"/api/v1/assessments/{record.id}/receipt")
    assert (receipt.status_code, receipt.json()["complete"]) == (200, True)


def test_bun_2_what_a_phone_may_not_send_is_refused_here_too(server: Any, export: Export) -> None:
    good, bad = a_visit(), a_visit(assignment_id="assignment-2")
    brought = bring(server, export(bad, good))
    assert [(one.record_id, one.refused is None) for one in brought] == [(bad.id, False), (good.id, True)]
    assert "assignment-not-yours" in str(brought[0].refused)


def test_a_file_the_phone_had_lost_is_told(server: Any, export: Export) -> None:
    record = a_call(files=(a_photo(SCREENSHOT), a_photo(b"lost", "PG4", "call_log")))
    assert bring(server, export(record)) == [Brought(record.id, 1, None, complete=False)]


def tampered(raw: bytes, part: str) -> bytes:
    """The same zip, with a byte more at the end of each file in folder `part`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            changed = content.replace(b"Everything", b"Nothing") if part == "records" else content + b"!"
            new.writestr(name, changed if name.startswith(part) else content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "code"),
    [
        pytest.param("records", "digest-wrong", id="BUN-1 a record"),
        pytest.param("media", "file-wrong", id="BUN-1 a file"),
    ],
)
def test_an_export_that_was_changed_is_refused(export: Export, part: str, code: str) -> None:
    with pytest.raises(BundleError) as caught:
        read_bundle(tampered(export(a_visit()), part))
    assert code in {problem.code for problem in caught.value.problems}


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"hello"], ids=["nothing", "a torn zip", "no zip"])
def test_what_is_no_export_is_told(raw: bytes) -> None:
    with pytest.raises(BundleError, match="is not an export"):
        read_bundle(raw)


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)
    return out.getvalue()


def with_a_broken_stream(raw: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        first = archive.infolist()[0]
    begins = first.header_offset + 30 + len(first.filename) + 2
    return raw[:begins] + b"\xff" * 8 + raw[begins + 8 :]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(packed(**{"manifest.json": b"{}", "media/one": bytes(2_000_000)}), id="BUN-4 that grows"),
        pytest.param(with_a_broken_stream(packed(**{"manifest.json": b"{}" * 99})), id="BUN-4 with a broken stream"),
        pytest.param(packed(**{"manifest.json": b"\xff\xfe"}), id="BUN-4 in another encoding"),
        pytest.param(packed(**{"manifest.json": b"[" * 100_000}), id="BUN-4 nested without end"),
    ],
)
def test_what_was_not_made_by_a_phone_is_told(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_bundle, "ALWAYS_ALLOWED_BYTES", 1_000_000)
    with pytest.raises(BundleError, match="is not an export"):
        read_bundle(raw)


def test_a_file_that_is_listed_again_and_again_is_kept_once(export: Export) -> None:
    """BUN-4"""
    records = [a_visit(id=f"00000000-0000-4000-8000-{number:012}") for number in range(20)]
    carried = read_bundle(export(*records)).carried
    assert len(carried) == 20
    for photo in (SCREENSHOT, CALL_LOG):
        kept = {id(file.content) for one in carried for file in one.files.values() if file.content == photo}
        assert len(kept) == 1


def test_an_export_of_somebody_unknown_is_refused(server: Any, export: Export) -> None:
    with pytest.raises(BundleError, match="no assessor of this season"):
        bring(server, export(a_visit(), assessor="nobody"))


def test_the_command_tells_what_became_of_each(
    tmp_path: Path, export: Export, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LANG", raising=False)
    file = tmp_path / "export.zip"
    file.write_bytes(export(a_visit()))
    assert main([str(file), "--data", str(tmp_path / "nowhere")]) == 2
    assert "holds no data of this server" in capsys.readouterr().err
    assert main([str(tmp_path / "none.zip")]) == 2
    assert "there is no such file" in capsys.readouterr().err
    (tmp_path / "torn.zip").write_bytes(export(a_visit())[:100])
    assert main([str(tmp_path / "torn.zip"), str(file), str(tmp_path / "none.zip")]) == 2
    told = capsys.readouterr().err
    assert "torn.zip: bundle: is not an export" in told
    assert "none.zip: there is no such file" in told


def test_the_command_takes_several_exports(
    tmp_path: Path, export: Export, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LANG", raising=False)
    data = tmp_path / "data"
    set_season_up(Config(data_dir=data))
    files = [tmp_path / "one.zip", tmp_path / "other.zip"]
    for file in files:
        file.write_bytes(export(a_visit()))
    for _ in range(2):
        assert main([*map(str, files), "--data", str(data)]) == 0
        assert capsys.readouterr().out.count("kept, with every file.") == len(files)
