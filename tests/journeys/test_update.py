"""A newer build is collected beside the running one, resumed, checked by hash, and shown at the next start."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

from fieldapp.web.listing import write_listing
from tests.journeys.browsers import Installed, Phones, in_python, open_app, update_of
from tests.journeys.site import Site

pytestmark = pytest.mark.journey

MARK = "/* newer */"


@pytest.fixture
def newer(built_site: Path, tmp_path: Path) -> Path:
    """The same app with two files changed."""
    folder = tmp_path / "newer"
    shutil.copytree(built_site, folder)
    for name in ("page.css", "page.js"):
        with (folder / name).open("a") as file:
            file.write(MARK)
    write_listing(folder)
    for name in ("page.css", "page.js", "files.json"):
        (folder / f"{name}.br").unlink(missing_ok=True)
    return folder


@pytest.fixture
def page(phones: Phones, installed: Installed) -> Page:
    assert installed.update == "none"
    return phones.launch(like=installed.profile).page


def shows_newer(page: Page) -> bool:
    return MARK in str(page.evaluate("fetch('page.css').then((answer) => answer.text())"))


def test_newer_build_downloads_what_changed_and_waits_for_the_next_start(page: Page, site: Site, newer: Path) -> None:
    site.folder = newer
    site.asked.clear()
    open_app(page, site.url)
    assert update_of(page) == "ready"
    assert sorted(set(site.asked) - {"sw.js"}) == ["files.json", "page.css", "page.js"]
    assert not shows_newer(page)
    assert in_python(page, "from fieldapp import installed\ninstalled.newer_version_is_ready()") is True

    site.stop()
    with page.expect_navigation():
        # A moment later: the worker that is asked goes with the page, and had sometimes no time to answer.
        in_python(page, "import asyncio\nasyncio.get_running_loop().call_later(0.2, installed.reload)\nNone")
    assert shows_newer(page)
    open_app(page, site.url)
    assert not in_python(page, "from fieldapp import installed\ninstalled.newer_version_is_ready()")


def test_interrupted_update_goes_on_where_it_stopped(page: Page, site: Site, newer: Path) -> None:
    site.folder = newer
    site.broken = lambda name: name == "page.js"
    open_app(page, site.url)
    assert update_of(page) == "interrupted"
    assert not shows_newer(page)

    site.broken = lambda _name: False
    site.asked.clear()
    open_app(page, site.url)
    assert update_of(page) == "ready"
    assert sorted(set(site.asked) - {"sw.js"}) == ["files.json", "page.js"]


def test_half_deployed_site_is_not_taken(page: Page, site: Site, newer: Path, built_site: Path) -> None:
    shutil.copyfile(built_site / "page.js", newer / "page.js")  # files.json already names the newer one
    site.folder = newer
    open_app(page, site.url)
    assert update_of(page) == "interrupted"
    assert not shows_newer(page)
    open_app(page, site.url)
    assert not shows_newer(page)
