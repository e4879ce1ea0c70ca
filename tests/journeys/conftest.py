"""Fixtures of every journey: the built app, a server for it, and browsers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from sync_server.config import Config
from sync_server.machine import field_app_build
from tests.building import built, turn
from tests.journeys.assessor import Assessor
from tests.journeys.browsers import (
    HEADLESS,
    Installed,
    Phones,
    firefox,
    install,
    need,
    open_app,
    phones,
    phones_in,
    wait_until_offline_ready,
)
from tests.journeys.pictures import a_picture
from tests.journeys.product import Product
from tests.journeys.site import Site
from tests.journeys.webkit import display, webkit
from tests.made_demo import copy_demo
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.whole_desk import WholeDesk, whole_desk

__all__ = ["display", "firefox", "phones", "webkit"]


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app as built from the tree of now; a copy, so that another build cannot pull it away."""
    copy = tmp_path_factory.mktemp("built") / "site"
    shared = built()
    with turn():
        shutil.copytree(shared, copy)
    return copy


@pytest.fixture(scope="session")
def installed(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A phone with the app from the address of `site`."""
    served = Site(built_site).start()
    phone = install(tmp_path_factory.mktemp("installed"), served.url)
    served.stop()
    return phone._replace(sent=tuple(served.asked))


@pytest.fixture
def site(built_site: Path, installed: Installed) -> Iterator[Site]:
    """The built app, always on the same port."""
    served = Site(built_site, port=installed.port).start()
    yield served
    served.stop()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, built_site: Path) -> Iterator[Product]:
    """The whole product with a demo season; a journey that stops it starts it again."""
    app = tmp_path_factory.mktemp("app")
    field_app_build.site_folder(app).symlink_to(built_site)
    running = Product(copy_demo(tmp_path_factory, app, tmp_path_factory.mktemp("product")), app).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def with_app(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile of a phone with the app of `product`; nobody has enrolled it."""
    return install(tmp_path_factory.mktemp("installed"), product.app_url).profile


@pytest.fixture(autouse=True)
def product_runs(request: pytest.FixtureRequest) -> None:
    """A journey that stopped it and failed must not fail the next one."""
    if "product" in request.fixturenames:
        request.getfixturevalue("product").start()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium as it is, for the pages of the desk."""
    need(HEADLESS, "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(HEADLESS), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeDesk]:
    """A running desk with something on every page, for the journeys of one file."""
    config = Config(data_dir=tmp_path_factory.mktemp("whole"))
    set_season_up(config)
    for running in run_server(config):
        yield whole_desk(running)


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo as a phone takes it."""
    return a_picture(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def shared_phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    """Phones that the journeys of one file share."""
    with phones_in(tmp_path_factory.mktemp("profiles")) as launched:
        yield launched


@pytest.fixture(scope="module")
def enrolled(product: Product, with_app: Path, picture: Path, shared_phones: Phones) -> Assessor:
    """An assessor whose phone is enrolled and ready to work offline."""
    assessor = Assessor(shared_phones.launch(like=with_app).page, picture)
    begin(assessor, product)
    return assessor


@pytest.fixture
def another_phone_if_need_be(enrolled: Assessor, product: Product, with_app: Path, shared_phones: Phones) -> None:
    """A journey that failed has left a visit half done: it is tried again by another assessor, on another phone."""
    if not enrolled.button("Refresh").count():
        enrolled.page = shared_phones.launch(like=with_app).page
        enrolled.language = "en"
        enrolled.meant.clear()
        begin(enrolled, product)


def begin(assessor: Assessor, product: Product) -> None:
    open_app(assessor.page, product.link())
    assessor.enrol()
    wait_until_offline_ready(assessor.page)
