"""Photos and sound of an assessment, for people who may see it: derivatives without EXIF, sandboxed, nothing sniffed.

EVI-1  A file is given only through an assessment that names it, to those of the office who may see that assessment.
EVI-2  What is shown for a file is decided in `evidence.shown`, for the page and for its door. A file exactly as it
       came is for coordinators, as a download.
EVI-3  An entrant never hears a voice (the route of sound is not theirs) and never reaches an original.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from litestar import Response, get
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from sync_server.database.queries import assessment_pages as queries
from sync_server.evidence.shown import FULL, PREVIEW, SOUND, Given, HeldFile, files_held
from sync_server.routes.dashboard.page import Asked, services_of, viewed
from sync_server.routes.headers import MEDIA_POLICY
from sync_server.routes.ids import is_sha256

ONE_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": MEDIA_POLICY,
    "Accept-Ranges": "bytes",
    # A file never changes, but who may see it does: kept by this browser alone, and not for long.
    "Cache-Control": "private, max-age=300",
}


@get("/assessments/{assessment_id:str}/previews/{sha256:str}", include_in_schema=False)
async def preview(request: Asked, assessment_id: FromPath[str], sha256: FromPath[str]) -> Response[bytes] | Stream:
    """Give the small picture of a photo. Seeing the page it stands on was logged."""
    return await _shown(request, (assessment_id, sha256), PREVIEW)


@get("/assessments/{assessment_id:str}/photos/{sha256:str}", include_in_schema=False)
async def photo(request: Asked, assessment_id: FromPath[str], sha256: FromPath[str]) -> Response[bytes] | Stream:
    """Give a photo in full size; logged."""
    return await _shown(request, (assessment_id, sha256), FULL, logged_as="photo-viewed")


@get("/assessments/{assessment_id:str}/sound/{sha256:str}", include_in_schema=False)
async def sound(request: Asked, assessment_id: FromPath[str], sha256: FromPath[str]) -> Response[bytes] | Stream:
    """Give an audio note or a recording, whole or the range asked for; its beginning is logged as one hearing."""
    begins = request.headers.get("range", "bytes=0-").startswith("bytes=0-")
    return await _shown(request, (assessment_id, sha256), SOUND, logged_as="sound-played" if begins else "")


@get("/assessments/{assessment_id:str}/originals/{sha256:str}", include_in_schema=False)
async def original(request: Asked, assessment_id: FromPath[str], sha256: FromPath[str]) -> Response[bytes] | Stream:
    """Give a file exactly as it came, as a download; logged."""
    file = await asyncio.to_thread(_held, request, assessment_id, sha256)
    await viewed(request, "original-downloaded", ("assessment", assessment_id), sha256=sha256)
    return await send_file(request, file.original, download=True)


async def _shown(
    request: Asked, name: tuple[str, str], purposes: tuple[str, ...], *, logged_as: str = ""
) -> Response[bytes] | Stream:
    """Give what stands for a file on a page, once the look at it is in the audit log. `name`: assessment, SHA-256."""
    file = await asyncio.to_thread(_held, request, *name)
    shown = file.given(purposes)
    if shown is None:
        raise NotFoundException("not ready to be shown")
    if logged_as:
        await viewed(request, logged_as, ("assessment", name[0]), sha256=name[1])
    return await send_file(request, shown)


def _held(request: Asked, assessment_id: str, sha256: str) -> HeldFile:
    """Return the held file, if the reader may see an assessment that names it and the file itself."""
    if not is_sha256(sha256):
        raise NotFoundException("no such file")
    with services_of(request).database.reading() as db:
        head = queries.head_of(db, assessment_id)
        if head is None:
            raise NotFoundException("no such assessment")
        kind = queries.kind_of_file(db, assessment_id, sha256)
        file = files_held(db, assessment_id, [sha256]).get(sha256)
    if kind is None or file is None:
        raise NotFoundException("no such file here")
    return file


async def send_file(request: Asked, file: Given, *, download: bool = False) -> Response[bytes] | Stream:
    """Send the bytes of a file, whole or the range asked for. Who may have it is the caller's to know."""
    start, end, partial = _range(request.headers.get("range", ""), file.size_bytes)
    headers = dict(HEADERS) | {"Content-Length": str(end - start)}
    if partial:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size_bytes}"
    if download:
        headers["Content-Disposition"] = f'attachment; filename="{file.sha256[:16]}"'
    content_type = "application/octet-stream" if download else file.content_type
    blocks = await asyncio.to_thread(services_of(request).media.read, file.sha256, start, end)
    return Stream(blocks, status_code=206 if partial else 200, media_type=content_type, headers=headers)


def _range(header: str, size: int) -> tuple[int, int, bool]:
    """Return start, end (exclusive) and whether it is a part. Anything but one range gives the whole."""
    match = ONE_RANGE.fullmatch(header)
    if match is None or not (match[1] or match[2]):
        return 0, size, False
    if not match[1]:
        return max(0, size - int(match[2])), size, True
    start = int(match[1])
    if start >= size:
        raise HTTPException(status_code=416, detail="nothing there", headers={"Content-Range": f"bytes */{size}"})
    return start, min(size, int(match[2]) + 1) if match[2] else size, True


ROUTES = [preview, photo, sound, original]
