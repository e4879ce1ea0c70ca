"""Fixtures of every journey: the built app, a server for it, and browsers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.web import build
from tests.journeys.browsers import firefox, phones
from tests.journeys.site import Site
from tests.journeys.webkit import display, webkit

__all__ = ["display", "firefox", "phones", "webkit"]

BUILT = Path(__file__).parent.parent.parent / "build" / "site"


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app as built from the tree of now; a copy, so that another build cannot pull it away."""
    build(BUILT)
    copy = tmp_path_factory.mktemp("built") / "site"
    shutil.copytree(BUILT, copy)
    return copy


@pytest.fixture
def site(built_site: Path) -> Iterator[Site]:
    """The built app on a port of its own."""
    served = Site(built_site).start()
    yield served
    served.stop()
