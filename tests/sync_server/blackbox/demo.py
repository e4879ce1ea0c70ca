"""The demo as an outsider meets it: a process, its `demo.json`, and what it prints."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.ports import port_that_stays
from tests.sync_server.command_line import ROOT, until
from tests.sync_server.plain_http import NO_AUTHORITIES

FORM_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Demo:
    """`sync-server demo` on one port and one data folder; may be killed and started again."""

    def __init__(self, data: Path, app: Path) -> None:
        self.port = port_that_stays()
        self.url = f"http://127.0.0.1:{self.port}"
        self._data, self._app = data, app
        self._said = data.with_name(f"{data.name}-said.txt")
        self._codes: list[str] = []
        self._clients: list[httpx.Client] = []
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return once it is ready."""
        told = self._data / "demo.json"
        told.unlink(missing_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SYNC_SERVER_")}
        env = {**kept, "SYNC_SERVER_APP_DIR": str(self._app)}
        words = ["demo", "--small", "--port", str(self.port), "--data", str(self._data)]
        with self._said.open("ab") as said:
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "sync_server", *words], cwd=ROOT, env=env, stdout=said, stderr=said
            )
        until(lambda: told.exists() or process.poll() is not None)
        assert process.poll() is None, self.said()
        self.told = json.loads(told.read_text())
        self._codes = list(self.told["enrolment_codes"])

    def code(self) -> str:
        """A code nobody used yet."""
        return self._codes.pop(0)

    def kill(self) -> None:
        """What a power cut does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(30)

    def stop(self) -> int:
        """Ask it to stop and return its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(30)

    def said(self) -> str:
        """Everything it printed and logged so far."""
        return self._said.read_text(errors="replace")

    def client(self, **options: Any) -> httpx.Client:
        """A client that may be left open: it ends with the demo."""
        self._clients.append(client := httpx.Client(base_url=self.url, timeout=30, verify=NO_AUTHORITIES, **options))
        return client

    def close(self) -> None:
        """Kill it, and close every client it gave."""
        self.kill()
        for client in self._clients:
            client.close()

    def browser(self, language: str = "en") -> httpx.Client:
        """A browser that has been nowhere yet."""
        return self.client(headers={"Accept": "text/html"}, cookies={"language": language})

    def sign_in(self, account: str, *, language: str = "en", **fields: str) -> httpx.Client:
        """A browser signed in to one of the demo's accounts; `answer` is what signing in said."""
        browser = self.browser(language)
        said = {"username": account, "password": self.told["accounts"][account], "csrf": form_token(browser)}
        answer = browser.post("/sign-in", data=said | fields)
        assert answer.status_code == 303, answer.text
        return browser


def form_token(browser: httpx.Client, page: str = "/sign-in") -> str:
    found = FORM_TOKEN.search(browser.get(page).text)
    assert found is not None, f"{page} has no form"
    return found[1]
