"""One demo for the whole run, and two phones of different assessors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.building import app_folder
from tests.sync_server.blackbox.demo import Demo
from tests.sync_server.blackbox.phone import Phone


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    started = Demo(tmp_path_factory.mktemp("demo"), app_folder(tmp_path_factory.mktemp("app")))
    started.start()
    yield started
    started.close()


@pytest.fixture(scope="session")
def phone(demo: Demo) -> Phone:
    return Phone(demo)


@pytest.fixture(scope="session")
def other_phone(demo: Demo) -> Phone:
    return Phone(demo, "Another phone")
