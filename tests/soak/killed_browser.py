"""Browsers with a profile on disk, started on a page and killed with every process below them, all by SIGKILL."""

from __future__ import annotations

import os
import signal
import subprocess
from abc import ABC, abstractmethod
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil

from tests.journeys.browsers import CHROMIUM, FIREFOX
from tests.journeys.webkit import BROWSER, no_screen

_FIREFOX_PREFS = {
    "browser.aboutwelcome.enabled": "false",
    "browser.sessionstore.resume_from_crash": "false",
    "browser.shell.checkDefaultBrowser": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "toolkit.startup.max_resumed_crashes": "-1",  # or it comes up in safe mode after a few kills
    "app.update.enabled": "false",
    "network.captive-portal-service.enabled": "false",
}


class KilledBrowser(ABC):
    """One profile. `start` and `kill` in turns."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self, url: str) -> list[str]:
        """Return what starts it at `url`."""

    def start(self, url: str) -> None:
        """Start it at `url`, in a group of processes of its own."""
        self.profile.mkdir(exist_ok=True)
        (self.profile / "SingletonLock").unlink(missing_ok=True)
        self._process = subprocess.Popen(
            self.command(url), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def kill(self) -> None:
        """End it as an empty battery does: SIGKILL to it, to its group and to all below it."""
        assert self._process
        below = psutil.Process(self._process.pid).children(recursive=True)
        os.killpg(self._process.pid, signal.SIGKILL)
        for process in below:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait(30)
        psutil.wait_procs(below, timeout=30)

    def close(self) -> None:  # noqa: B027 - most have nothing of the kind
        """Let go of what outlives the kills."""


class Chromium(KilledBrowser):
    """Debian's, headless."""

    def command(self, url: str) -> list[str]:
        words = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
        words += ("--disable-3d-apis", "--disable-extensions", "--disable-component-update", "--disable-sync")
        return [str(CHROMIUM), *words, f"--user-data-dir={self.profile}", url]


class Firefox(KilledBrowser):
    """Debian's ESR, headless."""

    def command(self, url: str) -> list[str]:
        self.profile.mkdir(exist_ok=True)
        lines = [f'user_pref("{name}", {value});' for name, value in _FIREFOX_PREFS.items()]
        (self.profile / "user.js").write_text("\n".join(lines), "utf-8")
        return [str(FIREFOX), "--headless", "--no-remote", "--profile", str(self.profile), url]


class WebKit(KilledBrowser):
    """WebKitGTK, on an X server without a screen that outlives the kills."""

    def __init__(self, profile: Path) -> None:
        super().__init__(profile)
        self._rest = ExitStack()
        self._display = self._rest.enter_context(no_screen())

    def command(self, url: str) -> list[str]:
        where = ("LANG=en_US.UTF-8", "GDK_BACKEND=x11", f"DISPLAY={self._display}")
        return ["env", *where, str(BROWSER), str(self.profile), url]

    def close(self) -> None:
        self._rest.close()


BROWSERS: dict[str, type[KilledBrowser]] = {"chromium": Chromium, "firefox": Firefox, "webkit": WebKit}
