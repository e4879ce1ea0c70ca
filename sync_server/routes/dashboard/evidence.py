"""Photos and sound of an assessment, for people who may see it: derivatives without EXIF, sandboxed, nothing sniffed.

EVI-1  A file is given only through an assessment that names it, and only to who may see that assessment.
EVI-2  What is shown for a file is decided in `showing`. A file exactly as it came is for coordinators, as a download.
EVI-3  An entrant never hears a voice (the route of sound is not theirs) and never reaches an original.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from sync_server.database.queries import assessment_pages as queries
from sync_server.database.queries.media import media_by_hash
from sync_server.evidence.shown import FULL, PREVIEW, SOUND, Given, given_for
from sync_server.pages.drawing import Reader
from sync_server.routes.dashboard.assessments import sight_of
from sync_server.routes.dashboard.page import Asked, services_of, viewed
from sync_server.routes.headers import MEDIA_POLICY
from sync_server.routes.ids import is_sha256

ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": MEDIA_POLICY,
    "Accept-Ranges": "bytes",
    # A file never changes, but who may see it does: kept by this browser alone, and not for long.
    "Cache-Control": "private, max-age=300",
}


@get("/assessments/{assessment_id:str}/previews/{sha256:str}", include_in_schema=False)
async def preview(
    request: Asked, reader: NamedDependency[Reader], assessment_id: FromPath[str], sha256: FromPath[str]
) -> Response[bytes] | Stream:
    """Give the small picture of a photo. Seeing the page it stands on was logged."""
    found = await asyncio.to_thread(_derived, request, reader, assessment_id, sha256, purposes=PREVIEW)
    return await _send(request, found)


@get("/assessments/{assessment_id:str}/photos/{sha256:str}", include_in_schema=False)
async def photo(
    request: Asked, reader: NamedDependency[Reader], assessment_id: FromPath[str], sha256: FromPath[str]
) -> Response[bytes] | Stream:
    """Give a photo in full size; logged."""
    found = await asyncio.to_thread(_derived, request, reader, assessment_id, sha256, purposes=FULL)
    await viewed(request, "photo-viewed", ("assessment", assessment_id), sha256=sha256)
    return await _send(request, found)


@get("/assessments/{assessment_id:str}/sound/{sha256:str}", include_in_schema=False)
async def sound(
    request: Asked, reader: NamedDependency[Reader], assessment_id: FromPath[str], sha256: FromPath[str]
) -> Response[bytes] | Stream:
    """Give an audio note or a recording, whole or the range asked for; its beginning is logged as one hearing."""
    found = await asyncio.to_thread(_derived, request, reader, assessment_id, sha256, purposes=SOUND)
    if request.headers.get("range", "bytes=0-").startswith("bytes=0-"):
        await viewed(request, "sound-played", ("assessment", assessment_id), sha256=sha256)
    return await _send(request, found)


@get("/assessments/{assessment_id:str}/originals/{sha256:str}", include_in_schema=False)
async def original(
    request: Asked, reader: NamedDependency[Reader], assessment_id: FromPath[str], sha256: FromPath[str]
) -> Response[bytes] | Stream:
    """Give a file exactly as it came, as a download; logged."""
    found = await asyncio.to_thread(_named, request, reader, assessment_id, sha256)
    await viewed(request, "original-downloaded", ("assessment", assessment_id), sha256=sha256)
    return await _send(request, found, download=True)


def _named(request: Asked, reader: Reader, assessment_id: str, sha256: str) -> Given:
    """Return the held file, if the reader may see an assessment that names it."""
    if not is_sha256(sha256):
        raise NotFoundException("no such file")
    with services_of(request).database.reading() as db:
        if queries.head_of(db, sight_of(request, reader), assessment_id) is None:
            raise NotFoundException("no such assessment")
        kind = queries.names_file(db, assessment_id, sha256)
        held = media_by_hash(db, sha256)
    hidden = reader.is_entrant and kind in ("audio_note", "recording")
    if kind is None or hidden or held is None or held.erased_at is not None:
        raise NotFoundException("no such file here")
    return Given(held.sha256, held.content_type, held.size_bytes)


def _derived(request: Asked, reader: Reader, assessment_id: str, sha256: str, *, purposes: tuple[str, ...]) -> Given:
    """Return what stands for the file on a page."""
    held = _named(request, reader, assessment_id, sha256)
    with services_of(request).database.reading() as db:
        made = queries.shown_derivatives(db, [sha256]).get(sha256, {})
        was_prepared = queries.was_prepared(db, assessment_id, sha256)
    given = given_for(held, made, purposes, was_prepared=was_prepared)
    if given is None:
        raise NotFoundException("not ready to be shown")
    return given


async def _send(request: Asked, given: Given, *, download: bool = False) -> Response[bytes] | Stream:
    start, end, partial = _range(request.headers.get("range", ""), given.size_bytes)
    headers = dict(HEADERS) | {"Content-Length": str(end - start)}
    if partial:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{given.size_bytes}"
    if download:
        headers["Content-Disposition"] = f'attachment; filename="{given.sha256[:16]}"'
    content_type = "application/octet-stream" if download else given.content_type
    blocks = await asyncio.to_thread(services_of(request).media.read, given.sha256, start, end)
    return Stream(blocks, status_code=206 if partial else 200, media_type=content_type, headers=headers)


def _range(asked: str, size: int) -> tuple[int, int, bool]:
    """Return start, end (exclusive) and whether it is a part. Anything but one range gives the whole."""
    match = ONE_RANGE.fullmatch(asked)
    if match is None or not (match[1] or match[2]):
        return 0, size, False
    if not match[1]:
        return max(0, size - int(match[2])), size, True
    start = int(match[1])
    if start >= size:
        raise HTTPException(status_code=416, detail="nothing there", headers={"Content-Range": f"bytes */{size}"})
    return start, min(size, int(match[2]) + 1) if match[2] else size, True


ROUTES = [preview, photo, sound, original]
