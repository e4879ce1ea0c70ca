"""WebKitGTK, the iPhone's engine family, through WebKitWebDriver: `App` offers what Playwright offers elsewhere.

A second tab stays hidden and draws nothing there: use a second window. One driver holds one session: always `quit`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options

from tests.journeys.browsers import SCREEN, SEMANTICS, need

BROWSER = Path(__file__).parent / "webkit_browser.py"
PATIENCE_S = 120
SOON_S = 10


class App:
    """One browser with a profile folder. `quit()` and a new App with the same profile is a browser restart."""

    def __init__(self, profile: Path, display: str) -> None:
        port = _free_port()
        # Under LANG=C the browser's language is "C", which is none, and Flutter stops before its first frame.
        env = {**os.environ, "DISPLAY": display, "LANG": "en_US.UTF-8", "GDK_BACKEND": "x11"}
        self._driver = subprocess.Popen(["WebKitWebDriver", f"--port={port}"], env=env, stdout=subprocess.DEVNULL)
        options = Options()
        options.binary_location = str(BROWSER)
        options.add_argument(str(profile))
        options.set_capability("browserName", "webkit_browser")
        try:
            _wait_for_port(port)
            # The address by itself gives a warning that it is to be in such a configuration.
            connection = RemoteConnection(client_config=ClientConfig(remote_server_addr=f"http://127.0.0.1:{port}"))
            self.driver = webdriver.Remote(connection, options=options)
        except BaseException:
            self._driver.kill()
            self._driver.wait(timeout=20)
            raise

    def js(self, code: str, *values: Any) -> Any:
        return self.driver.execute_script(code, *values)

    def until(self, answer: Callable[[], Any], timeout_s: float = PATIENCE_S) -> Any:
        """Return `answer()` once it is true; an element that vanished meanwhile is asked for again."""
        wait = WebDriverWait(self.driver, timeout_s, 0.1, ignored_exceptions=[WebDriverException])
        return wait.until(lambda _: answer())

    def open(self, url: str) -> None:
        self.driver.get(url)
        self.until(lambda: self.js("return !!document.querySelector('flt-semantics-placeholder')"))
        self.js("document.querySelector('flt-semantics-placeholder').click()")
        self.until(lambda: self.js("return !!document.querySelector(arguments[0])", SCREEN))

    def text(self) -> str:
        """Return what a screen reader finds: texts and labels (notices are labels)."""
        return str(
            self.js(
                "const all = document.querySelector(arguments[0]); if (!all) return '';"
                "const labels = Array.from(all.querySelectorAll('[aria-label]'), (element) => element.ariaLabel);"
                "return [all.innerText, ...labels].join('\\n')",
                SEMANTICS,
            )
        )

    def see(self, words: str, timeout_s: float = PATIENCE_S) -> None:
        self.until(lambda: words in self.text(), timeout_s)

    def role(self, role: str, name: str) -> WebElement | None:
        for element in self.driver.find_elements(By.CSS_SELECTOR, f"{SEMANTICS} [role={role}]"):
            if name in {element.text.strip(), element.get_attribute("aria-label")}:
                return element
        return None

    def tap(self, name: str, role: str = "button") -> None:
        self.until(lambda: self.role(role, name)).click()

    def type(self, label: str, words: str) -> None:
        css = ", ".join(f"{SEMANTICS} {tag}[aria-label='{label}']" for tag in ("input", "textarea"))
        # What comes before Flutter's own editing has begun is lost. It sets the field up as it begins, this attribute
        # among others; and whoever goes on must know that the words stand there.
        begun = "return /^(on|off)$/.test(document.activeElement.getAttribute('autocorrect'))"
        field = f"document.querySelector(`{css}`)"

        def typed() -> bool:
            self.js(f"{field}.blur(); {field}.setAttribute('autocorrect', 'not yet')")
            self.driver.find_element(By.CSS_SELECTOR, css).click()
            self.until(lambda: self.js(begun), SOON_S)
            held = self.driver.switch_to.active_element
            if self.js("return arguments[0].value", held):
                held.clear()
            held.send_keys(words)
            return bool(self.until(lambda: self.js("return document.activeElement.value") == words, SOON_S))

        self.until(typed)  # once more where letters were lost: Flutter may set the field up anew in the middle of them

    @contextmanager
    def picked_file(self, name: str, data: bytes, content_type: str) -> Iterator[None]:
        """Answer the file chooser that the body opens. WebDriver has none: the input is caught and handed a File."""
        self.js(
            "window.__click ??= HTMLInputElement.prototype.click;"
            "HTMLInputElement.prototype.click = function () {"
            " this.type == 'file' ? (window.__picker = this) : window.__click.call(this) }"
        )
        yield
        self.until(lambda: self.js("return !!window.__picker"))
        self.js(
            "const files = new DataTransfer();"
            "files.items.add(new File([new Uint8Array(arguments[1])], arguments[0], {type: arguments[2]}));"
            "window.__picker.files = files.files;"
            "window.__picker.dispatchEvent(new Event('change', {bubbles: true})); window.__picker = null",
            name,
            list(data),
            content_type,
        )

    def second_window(self) -> str:
        """Open another window, switch to it and return the handle of the first."""
        first = self.driver.current_window_handle
        self.driver.switch_to.new_window("window")
        return first

    def quit(self) -> None:
        try:
            self.driver.quit()
        finally:
            self._driver.terminate()
            self._driver.wait(timeout=20)


@contextmanager
def no_screen() -> Iterator[str]:
    """Run an X server without a screen, and give its display."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1000x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as said:
        number = said.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(timeout=20)


@pytest.fixture
def display() -> Iterator[str]:
    """An X server without a screen."""
    need("WebKitWebDriver", "webkit2gtk-driver gir1.2-webkit2-4.1 python3-gi")
    need("Xvfb", "xvfb")
    with no_screen() as number:
        yield number


@pytest.fixture
def webkit(display: str, tmp_path: Path) -> Iterator[Callable[[], App]]:
    """Launches WebKit; each call opens the same profile again, after the one before has quit."""
    launched: list[App] = []

    def launch() -> App:
        if launched:
            launched.pop().quit()
        launched.append(App(tmp_path / "webkit", display))
        return launched[-1]

    yield launch
    for app in launched:
        app.quit()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)  # a refused connection answers at once
    raise TimeoutError(f"nothing listens on port {port}")
