"""One demo for the whole run, and two phones of different assessors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.building import app_folder
from tests.made_demo import copy_demo
from tests.sync_server.blackbox.demo import Demo
from tests.sync_server.blackbox.phone import Phone


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    app = app_folder(tmp_path_factory.mktemp("app"))
    started = Demo(copy_demo(tmp_path_factory, app, tmp_path_factory.mktemp("demo")), app)
    started.start()
    yield started
    started.close()


@pytest.fixture(scope="session")
def phone(demo: Demo) -> Phone:
    return Phone(demo)


@pytest.fixture(scope="session")
def other_phone(demo: Demo) -> Phone:
    return Phone(demo, "Another phone")
