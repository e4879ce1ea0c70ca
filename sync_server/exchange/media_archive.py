"""Photos and sound of assessments as a ZIP archive, made while it is sent.

MZP-1  Each file lies in the folder of its assessment, under its evidence's number; `files.csv` says of which question.
MZP-2  It is what a page shows for it (EVI-2): a derivative without metadata, never a file as it came.
MZP-3  What is not here, or not ready to be shown, is a line of `files.csv` with why, and no file.
MZP-4  Memory stays flat: a file goes out in blocks, uncompressed, for a picture does not get smaller.
"""

from __future__ import annotations

import mimetypes
import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import IO, cast

from sync_server.database.engine import Database
from sync_server.database.queries.assessment_lists import Filter
from sync_server.database.queries.taken_along import NamedFile, files_page
from sync_server.evidence.shown import FULL, SOUND, Given, files_held
from sync_server.evidence.store import MediaGoneError, MediaStore
from sync_server.exchange import spreadsheet
from sync_server.exchange.zip_sink import ZipSink

CONTENT_TYPE = "application/zip"
HEAD = ("file", "assessment", "evidence", "kind", "question", "missing")
_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows: when a photo was taken is nobody's business here


def media_archive(database: Database, store: MediaStore, narrowed: Filter) -> Iterator[bytes]:
    """Yield the archive in blocks."""
    sink = ZipSink()
    rows: list[Sequence[object]] = [HEAD]
    with zipfile.ZipFile(cast("IO[bytes]", sink), "w", zipfile.ZIP_STORED) as archive:
        for named, given in _files(database, narrowed):
            name, missing = "", "not here, or not ready to be shown"
            if given is not None:
                name = f"{named.assessment_id}/{named.evidence_id}{mimetypes.guess_extension(given.content_type) or ''}"
                try:
                    blocks = iter(store.read(given.sha256))
                    first = next(blocks, b"")  # before an entry begins: it may be gone
                    with archive.open(zipfile.ZipInfo(name, _DATE), "w", force_zip64=True) as entry:
                        for block in chain([first], blocks):
                            entry.write(block)
                            yield from sink.taken()
                    missing = ""
                except MediaGoneError:
                    name, missing = "", "gone"
            rows.append([name, named.assessment_id, named.evidence_id, named.kind, named.question or "", missing])
            yield from sink.taken()
        archive.writestr(zipfile.ZipInfo("files.csv", _DATE), spreadsheet.BOM + spreadsheet.lines(rows))
    yield from sink.taken()


def _files(database: Database, narrowed: Filter) -> Iterator[tuple[NamedFile, Given | None]]:
    after = ("", "")
    while True:
        found: list[tuple[NamedFile, Given | None]] = []
        with database.reading() as db:
            named = files_page(db, narrowed, after=after)
            for assessment_id, group in groupby(named, key=lambda one: one.assessment_id):
                own = list(group)
                held = files_held(db, assessment_id, [one.sha256 for one in own])
                for one in own:
                    file = held.get(one.sha256)
                    found.append((one, None if file is None else file.given(FULL) or file.given(SOUND)))
        if not named:
            return
        yield from found
        after = (named[-1].assessment_id, named[-1].evidence_id)
