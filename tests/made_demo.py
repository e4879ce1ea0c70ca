"""A demo's data folder as its first start leaves it: made once by all that test at the same time, and gone on with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from tests.sync_server.command_line import Command

FILE = "demo.json"  # of a start that is over


def copy_demo(factory: pytest.TempPathFactory, app: Path, folder: Path) -> Path:
    """Make `folder` the data folder of a small demo that was started and stopped; return it.

    `app` is a server's cache in which the field app is built.
    """
    shared = _shared_folder(factory)
    made = shared / "made-demo"
    with FileLock(shared / "made-demo.lock"):
        if not made.exists():
            making = shared / "demo-in-the-making"
            shutil.rmtree(making, ignore_errors=True)
            _start_and_stop(making, app)
            making.rename(made)
    return Path(shutil.copytree(made, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(FILE)))


def _start_and_stop(folder: Path, app: Path) -> None:
    words = ("demo", "--small", "--port", "0", "--data", str(folder))
    command = Command(*words, environment={"SYNC_SERVER_APP_DIR": str(app)})
    command.wait_for("Ready")
    assert command.stop() == 0


def _shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder that the processes of one run have in common."""
    own = factory.getbasetemp()
    return own.parent if own.name.startswith("popen-gw") else own
