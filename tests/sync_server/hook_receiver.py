"""A program that webhooks tell, over TLS with an authority of its own."""

from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import trustme

from sync_server.post.caller import Caller


class Receiver:
    """What it was told, and what it answers."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answers = 200
        self.waits = threading.Event()  # until it is set, nobody is answered
        self.waits.set()
        self._authority = trustme.CA()
        self.context = ssl.create_default_context()
        self._authority.configure_trust(self.context)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(host).configure_cert(context)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                body = self.rfile.read(length)
                if len(body) < length:
                    return  # whoever was sending has been killed in the middle of it: nothing was told
                outer.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
                outer.waits.wait()
                self.send_response(outer.answers)
                self.send_header("location", "https://127.0.0.1/")
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"https://{self.host}:{self.server.server_port}/in"

    @property
    def caller(self) -> Caller:
        return Caller([self.host], context=self.context, resolve=lambda _host, _port: ["127.0.0.1"])

    def trusted_by(self, file: Path) -> dict[str, str]:
        """Write its authority to a file, and return what has a process trust it."""
        self._authority.cert_pem.write_to_path(str(file))
        return {"SSL_CERT_FILE": str(file)}

    def close(self) -> None:
        self.waits.set()
        self.server.shutdown()
        self.server.server_close()
