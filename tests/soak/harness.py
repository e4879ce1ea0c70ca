"""The built app without Flutter, running `phone_in_browser` instead of its screens, and an ear for what that tells.

One page holds several phones: each an edition of the same server, whose app keeps a storage of its own there.
"""

from __future__ import annotations

import json
import re
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MODULE = Path(__file__).with_name("phone_in_browser.py")
PAGE = """<!doctype html><title>phones</title><script>
for (let number = 0; number < PHONES; number++) new Worker(`e/${number}/app/python-worker.js`, {type: "module"});
</script>"""
NEEDED = ("pyodide", "packages.tar", "boot.json", "python-worker.js", "storage.js", "turns.js")
Hear = Callable[[int, str, Any], str]  # the phone's number, what it tells, the value
_OF_A_PHONE = re.compile(r"^/e/(\d+)/app/")


class Harness:
    """Serves the app's Python from `folder` to `phones` at once; what one posts to soak/WHAT is answered by `hear`."""

    def __init__(self, site: Path, folder: Path, phones: int = 1) -> None:
        self.url = ""
        self._folder = folder
        folder.mkdir()
        for name in NEEDED:
            (folder / name).symlink_to(site / name)
        (folder / "boot.json").unlink()
        boot = json.loads((site / "boot.json").read_bytes())
        (folder / "boot.json").write_text(json.dumps(boot | {"module": MODULE.stem}), "utf-8")
        shutil.copyfile(site / "app.tar", folder / "app.tar")
        with tarfile.open(folder / "app.tar", "a", format=tarfile.USTAR_FORMAT) as archive:
            archive.add(MODULE, MODULE.name)
        (folder / "index.html").write_text(PAGE.replace("PHONES", str(phones)), "utf-8")

    @contextmanager
    def serving(self, hear: Hear) -> Iterator[None]:
        """Answer at `url` for the length of a block."""

        class Handler(SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            extensions_map = SimpleHTTPRequestHandler.extensions_map | {
                ".mjs": "text/javascript",
                ".wasm": "application/wasm",
            }

            def do_GET(self) -> None:
                self.path = _OF_A_PHONE.sub("/", self.path)
                super().do_GET()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                _, _, phone, _, _, what = self.path.split("/")  # /e/PHONE/app/soak/WHAT
                reply = hear(int(phone), what, json.loads(body)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_words: object) -> None:
                """Say nothing: the results are printed."""

        def handler(*arguments: Any) -> Handler:
            return Handler(*arguments, directory=str(self._folder))

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_request: object) -> None:
                """Say nothing: a browser that was killed hangs up."""

        server = Server(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}/"
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
