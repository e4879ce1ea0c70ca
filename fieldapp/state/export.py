"""Everything unsent in one zip, for the day the server cannot be reached: records, media, and a manifest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

import msgspec

from checklists import wire
from checklists.record.assessment import Assessment
from fieldapp.errors import NotKept
from fieldapp.kept import Device
from fieldapp.ports import MediaStore

FORMAT = 1
_ENDINGS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/heic": "heic",
    "image/webp": "webp",
    "audio/webm": "webm",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
}


def bundle(
    records: Iterable[Assessment],
    media: MediaStore,
    device: Device,
    now: datetime,
    *,
    more: Mapping[str, bytes] = MappingProxyType({}),
    named: Mapping[str, object] = MappingProxyType({}),
) -> bytes:
    """Return the zip. Files that are no longer whole on the device are named in the manifest with `held` false.

    `more` are further files of it, `named` further values of its manifest.
    """
    written: set[str] = set()
    listed = []
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for record in records:
            body = wire.encode(record)
            place = f"records/{record.id}-r{record.revision}.json"
            archive.writestr(_entry(place, now, zipfile.ZIP_DEFLATED), body)
            files = []
            for evidence in record.evidence:
                name = f"media/{evidence.sha256}.{_ending(evidence.content_type)}"
                if name not in written and (data := _read(media, evidence.sha256)) is not None:
                    written.add(name)
                    archive.writestr(_entry(name, now, zipfile.ZIP_STORED), data)
                files.append({"sha256": evidence.sha256, "file": name, "held": name in written})
            listed.append(
                {
                    "id": record.id,
                    "revision": record.revision,
                    "status": record.status,
                    "record": place,
                    "digest": wire.digest(body),
                    "files": files,
                }
            )
        manifest = {
            "format": FORMAT,
            "exported_at": now,
            "device": device.id,
            "assessor": device.assessor_id,
            "assessments": listed,
            **named,
        }
        for name, data in more.items():
            archive.writestr(_entry(name, now, zipfile.ZIP_DEFLATED), data)
        pretty = msgspec.json.format(wire.encode(manifest), indent=2)
        archive.writestr(_entry("manifest.json", now, zipfile.ZIP_DEFLATED), pretty)
    return whole.getvalue()


def _read(media: MediaStore, sha256: str) -> bytes | None:
    try:
        return media.read(sha256)
    except NotKept:
        return None


def _entry(name: str, now: datetime, compression: int) -> zipfile.ZipInfo:
    # Zip times cannot lie before 1980, and a phone's clock may.
    moment = (max(now.year, 1980), now.month, now.day, now.hour, now.minute, now.second)
    entry = zipfile.ZipInfo(name, moment)
    entry.compress_type = compression
    return entry


def _ending(content_type: str) -> str:
    return _ENDINGS.get(content_type.partition(";")[0].strip(), "bin")
