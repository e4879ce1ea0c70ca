"""A phone's export, brought in by hand: the zip that its settings page makes when the server cannot be reached.

BUN-1  Every record and file in it is checked against the manifest's digests before anything is sent.
BUN-2  It goes through the devices' own API, on a device of its own for the assessor, so all of a phone's checks apply;
       that device is revoked afterwards, and the phone's own token stays as it is.
BUN-3  Bringing it in again, or the phone sending the same later, changes nothing.
BUN-4  Whatever is in the zip, it is read into a bounded part of memory, each member once; what is no export says so.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

import msgspec

from checklists.language import N_, Template, sentence
from checklists.problems import Problem
from checklists.record.assessment import Assessment
from checklists.wire import NotReadableError, decode, digest
from sync_server.exchange.loopback import SentFile

FORMAT = 1
# Photos and sound hardly shrink, records some ten times: what unpacks to more was not made by a phone.
MAX_BYTES, MAX_GROWTH, ALWAYS_ALLOWED_BYTES = 4_000_000_000, 20, 100_000_000


# What zipfile raises for what is no zip, or a broken, encrypted or unknown one.
_NO_BUNDLE = (
    zipfile.BadZipFile, zlib.error, KeyError, UnicodeDecodeError, msgspec.DecodeError, OSError, RuntimeError, EOFError,
)  # fmt: skip


class BundleError(Exception):
    """The file is not an export that can be brought in; `problems` say why, all of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class _Listed(msgspec.Struct, frozen=True):
    sha256: str
    file: str
    held: bool


class _Entry(msgspec.Struct, frozen=True):
    id: str
    revision: int
    record: str
    digest: str
    files: tuple[_Listed, ...]


class _Manifest(msgspec.Struct, frozen=True):
    format: int
    exported_at: datetime
    device: str
    assessor: str
    assessments: tuple[_Entry, ...]


class Carried(NamedTuple):
    """One record of the export, and the files it names that are in it."""

    record_id: str
    revision: int
    body: bytes
    files: Mapping[str, SentFile]


class Bundle(NamedTuple):
    """A checked export."""

    assessor_id: str
    device_id: str
    exported_at: datetime
    carried: Sequence[Carried]


def read_bundle(raw: bytes) -> Bundle:
    """Return the export that `raw` holds.

    Raises:
        BundleError: no such zip, another format, or anything in it is not what its manifest says.
    """
    problems: list[Problem] = []
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            most = min(MAX_BYTES, max(ALWAYS_ALLOWED_BYTES, MAX_GROWTH * len(raw)))
            if sum(entry.file_size for entry in archive.infolist()) > most:
                raise zipfile.BadZipFile("it unpacks to too much")
            read = cache(archive.read)
            manifest = msgspec.json.decode(read("manifest.json"), type=_Manifest)
            if manifest.format != FORMAT:
                problems.append(
                    _problem("manifest.json", "format-unknown", N_("was made by another release of the app"))
                )
            carried = [] if problems else list(_carried(read, manifest, problems))
    except _NO_BUNDLE as error:
        message = sentence(N_("is not an export of the field app ({why})"), why=str(error))
        raise BundleError([Problem(place="bundle", code="not-a-bundle", message=message)]) from error
    if problems:
        raise BundleError(problems)
    return Bundle(manifest.assessor, manifest.device, manifest.exported_at, carried)


def _carried(read: Callable[[str], bytes], manifest: _Manifest, problems: list[Problem]) -> Iterator[Carried]:
    for entry in manifest.assessments:
        body = read(entry.record)
        try:
            record = decode(body, Assessment)
            right = digest(body) == entry.digest
        except NotReadableError as error:
            message = sentence(N_("cannot be read: {why}"), why=str(error))
            problems.append(Problem(place=entry.record, code="record-not-readable", message=message))
            continue
        if not right:
            problems.append(_problem(entry.record, "digest-wrong", N_("is not what the phone wrote; export again")))
        kinds = {evidence.sha256: (evidence.kind, evidence.content_type) for evidence in record.evidence}
        files: dict[str, SentFile] = {}
        for listed in entry.files:
            if not listed.held or listed.sha256 not in kinds:
                continue
            content = read(listed.file)
            if hashlib.sha256(content).hexdigest() != listed.sha256:
                problems.append(_problem(listed.file, "file-wrong", N_("is not what the phone wrote; export again")))
            files[listed.sha256] = SentFile(content, *kinds[listed.sha256])
        yield Carried(entry.id, entry.revision, body, files)


def _problem(place: str, code: str, template: Template) -> Problem:
    return Problem(place=place, code=code, message=sentence(template))
