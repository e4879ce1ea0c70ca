"""The product as one command starts it: `sync-server demo` in a process of its own, stopped and started at will."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.ports import port_that_stays

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 120  # the first start on a machine builds the field app


class Product:
    """A demo season on a folder and a port that stay the same. `told` is what demo.json says."""

    def __init__(self, data: Path, app: Path) -> None:
        self.data, self._app = data, app
        self.port = port_that_stays()
        self._process: subprocess.Popen[bytes] | None = None
        self.told: dict[str, Any] = {}
        self._codes: list[str] = []
        self.used: list[str] = []

    def start(self) -> Product:
        """Start the server, unless it runs, and return once it is ready."""
        if self._process is not None and self._process.poll() is None:
            return self
        file, before = self.data / "demo.json", self.told
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SYNC_SERVER_")}
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sync_server",
                "demo",
                "--small",
                "--port",
                str(self.port),
                "--data",
                str(self.data),
            ],
            cwd=ROOT,
            env={**kept, "SYNC_SERVER_APP_DIR": str(self._app)},
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + PATIENCE_S
        while not file.exists() or json.loads(file.read_bytes()) == before:
            assert self._process.poll() is None, "the server ended by itself"
            assert time.monotonic() < deadline, "the server was not ready in time"
            time.sleep(0.05)  # it says so by writing the file
        self.told = json.loads(file.read_bytes())
        self._codes = list(self.told["enrolment_codes"])
        return self

    def stop(self) -> None:
        """Stop it as Ctrl+C does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=PATIENCE_S)
            self._process = None

    @property
    def app_url(self) -> str:
        return str(self.told["app_url"])

    @property
    def url(self) -> str:
        return str(self.told["url"])

    def code(self) -> str:
        """An enrolment code nobody has used yet."""
        self.used.append(self._codes.pop())
        return self.used[-1]

    def link(self) -> str:
        """The link a coordinator prints."""
        return f"{self.app_url}#/enrol?code={self.code()}"

    def sign_in(self, page: Page, username: str = "coordinator") -> Page:
        """Open the dashboard as one of the demo's accounts, whoever it was before."""
        page.context.clear_cookies()
        page.goto(f"{self.url}/sign-in?next=/assessments")
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(self.told["accounts"][username])
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Assessments")).to_be_visible()
        return page
