"""Browsers as assessors have them: phone-sized Chromium with a profile that outlives it, Firefox ESR, WebKitGTK.

Fixtures skip with a sentence when a browser is missing, and fail instead where CI=true. One browser at a time is kind
to small machines. Use: `phone = phones.launch()`, `open_app(phone.page, site.url)`, then roles, labels and texts.
The page's own policy forbids eval, so `page.wait_for_function` does not work: wait for a locator.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Worker, sync_playwright
from playwright.sync_api import Error as PlaywrightError

HERE = Path(__file__).parent
CHROMIUM = Path("/usr/bin/chromium")
SHELL = Path("/usr/lib/chromium/chromium-headless-shell")
# The same engine without the windows of a browser, where it is there: a third less work on a page of the desk, and a
# fifth on one of the app.
HEADLESS = SHELL if SHELL.exists() else CHROMIUM
FIREFOX = Path("/usr/bin/firefox-esr")
PATIENCE_MS = 120_000  # a loaded machine with two cores; on a quiet one the app is there in four seconds
SEMANTICS = "flt-semantics-host"
# The app's first screen, and not the sign that Python is still starting: something to tap or to type into.
SCREEN = f"{SEMANTICS} [role=button], {SEMANTICS} input"
VIEW = {"width": 390, "height": 844}
CHROMIUM_ARGUMENTS = (
    # Without WebGL, Flutter draws with the processor itself: here, where a processor would imitate a graphics card and
    # hand over each picture, a sixth less work. Firefox and WebKit draw with WebGL.
    "--disable-3d-apis",
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
)


def need(program: str | Path, package: str) -> None:
    """Skip the test unless `program` is installed; on CI its absence is a failure."""
    if shutil.which(str(program)):
        return
    sentence = f"{program} is not installed; on Debian: apt-get install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def open_app(page: Page, url: str) -> None:
    """Load the app and switch Flutter's accessibility tree on; returns when the first screen has something to tap.

    From then on roles, labels and texts work: `page.get_by_role("button", name="Save")`.
    """
    page.goto(url)
    see_app(page)


def see_app(page: Page) -> None:
    """As `open_app`, for a page that loads by itself (a reload, a link that was followed)."""
    switch = page.locator("flt-semantics-placeholder")
    switch.wait_for(state="attached", timeout=PATIENCE_MS)
    switch.dispatch_event("click")
    page.locator(SCREEN).first.wait_for(state="attached", timeout=PATIENCE_MS)


def wait_until_offline_ready(page: Page) -> None:
    """Return when the whole app is kept for offline use."""
    page.locator("html[data-offline=ready]").wait_for(state="attached", timeout=PATIENCE_MS)


class Installed(NamedTuple):
    """A phone on which the app is installed and keeps nothing yet, and how that went. Journeys begin with its like.

    Each of them is a phone of its own: its number is made where there is none. The first visit costs twice as much as
    another: everything is fetched, compared by hash, compiled and kept.
    """

    profile: Path
    port: int  # of the server it came from: what is kept belongs to that
    asked: tuple[str, ...]  # by the first visit
    update: str  # as the page told it then
    sent: tuple[str, ...] = ()  # what the site sent, where it keeps a list


def install(profiles: Path, url: str) -> Installed:
    """Visit the app at `url` for the first time, until all of it is kept for offline use, and once more."""
    asked: list[str] = []
    with phones_in(profiles) as phones:
        phone = phones.launch("installed")
        phone.context.on("request", lambda request: asked.append(request.url))
        open_app(phone.page, url)
        wait_until_offline_ready(phone.page)
        first = tuple(asked)
        update = update_of(phone.page)
        open_app(phone.page, url)  # what a browser compiled it keeps from the second time on
    shutil.rmtree(profiles / "installed" / "Default" / "IndexedDB")
    port = urlsplit(url).port
    assert port
    return Installed(profiles / "installed", port, first, update)


def update_of(page: Page) -> str:
    """What the page tells of a newer build, as soon as it has looked."""
    told = page.locator("html[data-update]")
    told.wait_for(state="attached", timeout=PATIENCE_MS)
    return str(told.get_attribute("data-update"))


def in_python(page: Page, code: str) -> Any:
    """Run `code` in the app's own Python (a worker) and return its last value; only JSON-like values travel.

    What the start made stands apart from what the collector looks through: whoever looks for it there finds it.
    """
    return worker_of(page).evaluate("(code) => self.pyodide.runPythonAsync(code)", f"import gc; gc.unfreeze()\n{code}")


def worker_of(page: Page) -> Worker:
    """Return the worker that the app's Python runs in."""
    return next(worker for worker in page.workers if worker.url.endswith("python-worker.js"))


class Phone:
    """One Chromium with a profile on disk. After `kill` or `close`, `restart` starts it again with the same profile."""

    def __init__(self, playwright: Playwright, program: Path, profile: Path, options: dict[str, Any]) -> None:
        self._playwright, self._program = playwright, program
        self._profile, self._options = profile, options
        self.context: BrowserContext = self._launch()

    def _launch(self) -> BrowserContext:
        context = self._playwright.chromium.launch_persistent_context(
            str(self._profile),
            executable_path=str(self._program),
            args=list(CHROMIUM_ARGUMENTS),
            **{
                "viewport": VIEW,
                # Drawn in software here: at the factor of a real phone a journey takes half as long again.
                "device_scale_factor": 1,
                "reduced_motion": "reduce",
                "is_mobile": True,
                "has_touch": True,
                "permissions": ["microphone", "camera"],
                **self._options,
            },
        )
        context.set_default_timeout(PATIENCE_MS)
        return context

    @property
    def page(self) -> Page:
        return self.context.pages[0] if self.context.pages else self.context.new_page()

    def kill(self) -> None:
        """End the browser as an empty battery does: SIGKILL to every process of this profile."""
        self.kill_processes()
        self.close()
        (self._profile / "SingletonLock").unlink(missing_ok=True)

    def kill_processes(self) -> None:
        """Do the first half of it, from any thread."""
        for number in self._processes():
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue  # it ended with its parent

    def restart(self) -> Page:
        self.context = self._launch()
        return self.page

    def close(self) -> None:
        try:
            self.context.close()
        except PlaywrightError:
            return  # it is gone already

    def processes(self) -> list[psutil.Process]:
        """Return the browser and every process below it that runs now."""
        whole: dict[int, psutil.Process] = {}
        for number in self._processes():
            with suppress(psutil.NoSuchProcess):  # it ended meanwhile
                first = psutil.Process(number)
                whole |= {each.pid: each for each in (first, *first.children(recursive=True))}
        return list(whole.values())

    def processor_s(self) -> float:
        """Processor seconds of all of them so far."""
        seconds = 0.0
        for each in self.processes():
            with suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                seconds += times.user + times.system
        return seconds

    def _processes(self) -> Iterator[int]:
        mark = f"--user-data-dir={self._profile}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if mark in words:
                yield int(folder.name)


class Phones:
    """Launches phones, each with its own profile unless one is named, and closes them at the end."""

    def __init__(self, playwright: Playwright, profiles: Path, program: Path = CHROMIUM) -> None:
        self._playwright, self._profiles, self._program = playwright, profiles, program
        self._launched: list[Phone] = []

    def launch(self, profile: str | None = None, *, like: Path | None = None, **options: Any) -> Phone:
        """Start a phone: a new one, or one `like` another, whose profile is copied."""
        folder = self._profiles / (profile or f"phone{len(self._launched)}")
        if like:
            shutil.copytree(like, folder, symlinks=True)
        phone = Phone(self._playwright, self._program, folder, options)
        self._launched.append(phone)
        return phone

    def close(self) -> None:
        for phone in self._launched:
            phone.close()


@contextmanager
def phones_in(profiles: Path) -> Iterator[Phones]:
    """Phone-sized Chromium with its profiles in a folder; skips where there is none."""
    need(HEADLESS, "chromium")
    with sync_playwright() as playwright:
        launched = Phones(playwright, profiles, HEADLESS)
        yield launched
        launched.close()


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[Phones]:
    """Phone-sized Chromium."""
    with phones_in(tmp_path / "profiles") as launched:
        yield launched


@pytest.fixture
def firefox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], BrowserContext]]:
    """Launches Firefox ESR, driven by the same calls as Chromium; each call restarts it with the same profile.

    Evaluating in a worker ends it: look at the screen instead.
    """
    need(FIREFOX, "firefox-esr")
    monkeypatch.setenv("NODE_OPTIONS", f"--require={HERE / 'firefox_esr.cjs'}")
    with sync_playwright() as playwright:
        running: list[BrowserContext] = []

        def launch() -> BrowserContext:
            if running:
                running.pop().close()
            options: dict[str, Any] = {"channel": "moz-firefox", "executable_path": str(FIREFOX), "viewport": VIEW}
            options |= {"reduced_motion": "reduce"}
            running.append(playwright.firefox.launch_persistent_context(str(tmp_path / "firefox"), **options))
            running[-1].set_default_timeout(PATIENCE_MS)
            return running[-1]

        yield launch
        for context in running:
            context.close()
