"""A small static server for the built app, as a good one would be: .br negotiation, ETag and 304, no-cache, MIME types.

By hand: python tests/journeys/site.py FOLDER PORT   then open http://127.0.0.1:PORT/app/
"""

from __future__ import annotations

import hashlib
import mimetypes
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".woff2": "font/woff2"}
BASE = "/app/"


class Site:
    """Serves `folder` under /app/ on a port of its own; `stop` and `start` keep it. `asked` lists what was sent."""

    def __init__(self, folder: Path, *, port: int = 0, headers: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.headers = headers or {}
        self.asked: list[str] = []
        self.open: set[socket.socket] = set()
        self.broken: Callable[[str], bool] = lambda _name: False  # names for which it answers 500
        self._port = port
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}{BASE}"

    def start(self) -> Site:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                site.open.add(self.request)
                super().setup()

            def finish(self) -> None:
                site.open.discard(self.request)
                super().finish()

            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
            for connection in tuple(self.open):  # kept-alive ones would go on being answered
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path.partition("?")[0]
        name = path.removeprefix(BASE) or "index.html"
        file = (self.folder / name).resolve()
        inside = path.startswith(BASE) and self.folder.resolve() in file.parents and file.is_file()
        if not inside or self.broken(name):
            self.asked.append(f"{name} {500 if inside else 404}")
            self._send(request, 500 if inside else 404, b"")
            return
        packed = file.with_name(file.name + ".br")
        is_packed = packed.exists() and "br" in request.headers.get("Accept-Encoding", "")
        raw = (packed if is_packed else file).read_bytes()
        headers = {
            "Content-Type": TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream",
            "Cache-Control": "no-cache",
            "ETag": f'"{_digest(raw)}"',
            "Vary": "Accept-Encoding",
            **({"Content-Encoding": "br"} if is_packed else {}),
            **self.headers,
        }
        if request.headers.get("If-None-Match") == headers["ETag"]:
            self._send(request, 304, b"", headers)
            return
        self.asked.append(name)
        self._send(request, 200, raw, headers)

    @staticmethod
    def _send(request: BaseHTTPRequestHandler, status: int, raw: bytes, headers: dict[str, str] | None = None) -> None:
        request.send_response(status)
        for key, value in (headers or {}).items():
            request.send_header(key, value)
        if status != 304:
            request.send_header("Content-Length", str(len(raw)))
        request.end_headers()
        try:
            request.wfile.write(raw)
        except ConnectionError:
            request.close_connection = True  # the browser went away


@cache
def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:32]


if __name__ == "__main__":
    served = Site(Path(sys.argv[1]), port=int(sys.argv[2])).start()
    print(served.url)
    input("Enter stops it. ")
