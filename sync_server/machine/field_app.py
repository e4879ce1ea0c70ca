"""The installable field app under /app/, served so that a phone downloads little.

WEB-1  Each file has an ETag made of its content; the browser asks again (`no-cache`) and mostly reads 304.
WEB-2  A `.br` beside a file is sent to browsers that take brotli, with an ETag of its own.
WEB-3  Nothing outside the built folder is ever read; the `.br` files themselves have no address.
WEB-4  The policy lets the app run WebAssembly and its own worker, and nothing from elsewhere.

Neither Litestar's nor Starlette's static files do this: their ETags are of time and size, so that the same app built
anew is downloaded again, and they know no `.br` beside a file.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import quote

import anyio
import anyio.to_thread
from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from sync_server.machine.etags import matches

PREFIX = "/app"
CHUNK_BYTES = 256 * 1024
# A browser's app speaks to where it came from: no server here answers another site's page. This header is kept with the
# app for its starts offline.
POLICY = (
    "default-src 'self' data: blob:; "
    "script-src 'self' 'wasm-unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; "
    "worker-src 'self' blob:; "
    "connect-src 'self' data: blob:; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
# Not every machine's table knows these, and a wrong type stops a module or the streaming compiler.
MEDIA_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tar": "application/x-tar",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}


class _Content:
    """Digests of files by path, remembered while size and change time stay the same."""

    def __init__(self) -> None:
        self._digests: dict[Path, tuple[tuple[int, int], str]] = {}

    def etag(self, file: Path, status: os.stat_result) -> str:
        stamp = (status.st_mtime_ns, status.st_size)
        digest = self._digests.get(file)
        if digest is None or digest[0] != stamp:
            with file.open("rb") as stream:
                digest = stamp, hashlib.file_digest(stream, "sha256").hexdigest()[:32]
            self._digests[file] = digest
        return f'"{digest[1]}"'


class WebApp:
    """An ASGI application that serves the folder of one build. GET and HEAD only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._content = _Content()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        del receive  # nothing is read from it: neither method has a body
        method = str(scope.get("method", "GET"))
        if method not in ("GET", "HEAD"):
            await _reply(send, 405, {"allow": "GET, HEAD"}, b"Only GET and HEAD are answered here.")
            return
        path = _path_within(scope)
        if path is None:
            prefix = str(scope.get("root_path") or "") or PREFIX
            await _reply(send, 308, {"location": f"{quote(prefix.rstrip('/'))}/"}, b"")
            return
        headers_in = {name.lower(): value for name, value in scope["headers"]}
        brotli = _takes_brotli(headers_in.get(b"accept-encoding", b""))
        served = await anyio.to_thread.run_sync(self._find, path, brotli)
        if served is None:
            await _reply(send, 404, {}, b"There is no such file in the app.")
            return
        file, etag, size, coding = served
        headers = {
            "content-type": _media_type(path),
            "cache-control": "no-cache",
            "etag": etag,
            "vary": "Accept-Encoding",
            "content-security-policy": POLICY,
            "permissions-policy": "camera=(self), microphone=(self), geolocation=(self)",
            "service-worker-allowed": f"{PREFIX}/",
        }
        if matches(headers_in.get(b"if-none-match", b"").decode("latin1"), etag):
            await _reply(send, 304, headers, b"")
            return
        if coding:
            headers["content-encoding"] = coding
        if method == "HEAD":
            await _reply(send, 200, headers, b"", length=size)
            return
        await _send_file(send, headers, file, size)

    def _find(self, path: str, brotli: bool) -> tuple[Path, str, int, str] | None:
        file = self._folder / path
        if not file.resolve().is_relative_to(self._folder) or file.suffix == ".br" or not file.is_file():
            return None
        compressed = file.with_name(f"{file.name}.br")
        coding = ""
        if brotli and compressed.is_file():
            file, coding = compressed, "br"
        status = file.stat()
        return file, self._content.etag(file, status), status.st_size, coding


def route(folder: Path) -> ASGIRouteHandler:
    """Return the handler that serves the build in `folder` at /app/ and below."""
    application = WebApp(folder)

    @asgi(PREFIX, is_mount=True, copy_scope=True)
    async def web_app(scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the installable field app."""
        await application(scope, receive, send)

    return web_app


def _path_within(scope: Scope) -> str | None:
    """Return the file asked for, relative to the app; None for /app without its slash, which relative links need."""
    whole = scope.get("raw_path") or b""
    if whole.partition(b"?")[0].decode("latin1") == PREFIX:
        return None
    path = str(scope["path"]).removeprefix(f"{PREFIX}/").lstrip("/")  # "/app.tar" is a file of the app, not ".tar"
    parts = PurePosixPath(path).parts
    if "\0" in path or ".." in parts:
        return "."
    return "/".join(parts) if parts and parts != (".",) else "index.html"


def _media_type(path: str) -> str:
    suffix = PurePosixPath(path).suffix.lower()
    return MEDIA_TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def _takes_brotli(accepted: bytes) -> bool:
    for item in accepted.decode("latin1").split(","):
        coding, _, quality = item.partition(";")
        if coding.strip().lower() == "br":
            return quality.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


async def _reply(
    send: Send, status: int, headers: Mapping[str, str], body: bytes, *, length: int | None = None
) -> None:
    sent = dict(headers)
    if status != 304:
        sent["content-length"] = str(len(body) if length is None else length)
    if body:
        sent.setdefault("content-type", "text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": list(_raw(sent))})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _send_file(send: Send, headers: Mapping[str, str], file: Path, size: int) -> None:
    async with await anyio.open_file(file, "rb") as stream:
        raw = list(_raw({**headers, "content-length": str(size)}))
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        left = size
        while left > 0:
            piece = await stream.read(min(CHUNK_BYTES, left))
            if not piece:
                raise OSError(f"{file.name} became shorter while it was sent")
            left -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
        if size == 0:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _raw(headers: Mapping[str, str]) -> Iterator[tuple[bytes, bytes]]:
    for name, value in headers.items():
        yield name.encode("ascii"), value.encode("latin1")
