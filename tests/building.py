"""The field app as the tests share it: built once for all that run at the same time."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock

from fieldapp.web import build
from sync_server.machine import field_app_build

BUILD = Path(__file__).parent.parent / "build"
SITE = BUILD / "site"
CACHE = BUILD / "site-cache"


def turn() -> FileLock:
    """A turn of one's own with what is shared, among all processes that test this tree."""
    BUILD.mkdir(exist_ok=True)
    return FileLock(BUILD / "tests.lock")


def app_folder(folder: Path) -> Path:
    """Make `folder` one for a server's setting `app_dir`, in which the app is built already; return it."""
    field_app_build.site_folder(folder).symlink_to(built())
    return folder


def built(target: Path = SITE) -> Path:
    """Return `target`, holding the app as the tree is now; made from what was built before as far as that goes."""
    with turn():
        build(target, cache=CACHE)
    return target
