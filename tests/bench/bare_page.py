"""The yardstick of a start: a Flet page of one text, in the same build as the app, served by itself."""

from __future__ import annotations

import json
import shutil
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from fieldapp.web.listing import write_listing

TEXT = "A page of one text"
_MAIN = f"import flet as ft\nft.run(lambda page: page.add(ft.Text({TEXT!r})))\n"
ONLY_THE_APP = "msgspec/"  # compiled at each start because the app imports it: that is not the yardstick's to pay
BUTTON = "A button that counts"
# The least a tap can be: one button, whose words change.
COUNTING = f"""import flet as ft
def main(page):
    def tap(event):
        button.content = str(int(button.content) + 1)
        page.update()
    button = ft.Button(content="0", on_click=tap)
    page.add(ft.Text({BUTTON!r}), button)
ft.run(main)
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Say nothing: the figures are printed."""


def leave_out(archive: Path, folder: str) -> None:
    """Write the archive without what stands below `folder`."""
    whole = archive.rename(archive.with_suffix(".whole"))
    with tarfile.open(whole) as read, tarfile.open(archive, "w", format=tarfile.USTAR_FORMAT) as write:
        for entry in read:
            if not entry.name.startswith(folder):
                write.addfile(entry, read.extractfile(entry))
    whole.unlink()


@contextmanager
def bare_page(site: Path, folder: Path, main: str = _MAIN) -> Iterator[str]:
    """Give the address of a copy of `site` whose app is `main`, one text; it is made and served from `folder`."""
    copy = folder / "app"
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns("*.br"))
    (folder / "bare.py").write_text(main, "utf-8")
    with tarfile.open(copy / "app.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
        archive.add(folder / "bare.py", "bare.py")
    leave_out(copy / "packages.tar", ONLY_THE_APP)
    boot = json.loads((copy / "boot.json").read_bytes())
    (copy / "boot.json").write_text(json.dumps(boot | {"module": "bare"}), "utf-8")
    write_listing(copy)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/app/"
    finally:
        server.shutdown()
