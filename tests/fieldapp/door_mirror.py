"""The server that doors are tried on. It stands apart: the browser's own Python has no `http.server`."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def mirror() -> Iterator[str]:
    """Serve what the checks ask, and give the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Mirror)
    server.done = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.done.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
        thread.join()


class _Mirror(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        name, _, rest = self.path.strip("/").partition("/")
        match name:
            case "echo":
                self._send(200, {}, body)
            case "headers":
                self._send(200, {"Upload-Offset": "9"}, json.dumps(dict(self.headers)).encode())
            case "method":
                self._send(200, {"X-Method": self.command}, b"")
            case "status":
                self._send(int(rest), {}, b"")
            case "redirect":
                self._send(302, {"Location": "/echo"}, b"")
            case "cookie":
                self._send(200, {"Set-Cookie": "a=b"}, b"")
            case "half":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b"half")
                self.close_connection = True
            case "never":
                self.server.done.wait(10)  # type: ignore[attr-defined]
            case _:
                self.close_connection = True

    do_GET = do_PUT = do_POST = do_PATCH = do_HEAD = _answer  # noqa: N815 - names the library calls

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""
