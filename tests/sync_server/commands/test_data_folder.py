"""What a data folder that cannot be opened says: one sentence, never a trace, and nothing is begun anew over it."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync_server.__main__ import main
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.evidence.local import LocalMediaStore, LocalParts

NAME = "sync.sqlite3"


@pytest.fixture(autouse=True)
def logging_is_given_back() -> Iterator[None]:
    """`serve` takes the logging of its process over; the process here is that of other tests too."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def nothing_at_all(folder: Path) -> None:
    (folder / NAME).unlink()
    for beside in folder.glob(f"{NAME}-*"):
        beside.unlink()


def an_empty_file(folder: Path) -> None:
    nothing_at_all(folder)
    (folder / NAME).touch()


def a_schema_without_a_row(folder: Path) -> None:
    """What a restore that was killed leaves."""


def a_newer_schema(folder: Path) -> None:
    with sqlite3.connect(folder / NAME) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()


def something_else(folder: Path) -> None:
    nothing_at_all(folder)
    (folder / NAME).write_text("a letter " * 1_000)


def broken_pages(folder: Path) -> None:
    with (folder / NAME).open("r+b") as file:
        file.seek(4_096)
        file.write(b"\xff" * 40_960)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / NAME
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    database.close()
    return file


@pytest.fixture
def folder(tmp_path: Path, migrated: Path) -> Path:
    """A data folder with a file in its media."""
    shutil.copyfile(migrated, tmp_path / NAME)
    LocalMediaStore(tmp_path / "media", LocalParts(tmp_path / "media" / "uploads")).put("ab" * 32, b"a photo")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(nothing_at_all, "its database is missing or empty", id="media without a database"),
        pytest.param(an_empty_file, "its database is missing or empty", id="with an empty one"),
        pytest.param(a_schema_without_a_row, "its database is missing or empty", id="with one that has no row"),
        pytest.param(a_newer_schema, "A newer release has kept this data (schema 9999)", id="a newer release's"),
        pytest.param(something_else, "The database cannot be opened", id="no database"),
        pytest.param(broken_pages, "The database cannot be opened", id="a broken one"),
    ],
)
@pytest.mark.parametrize(
    "words_of_command",
    [
        pytest.param(["serve", "--no-app", "--port", "0"], id="serve"),
        pytest.param(["import", "{folder}"], id="import"),
        pytest.param(["verify"], id="verify"),
        pytest.param(["backup", "{folder}/backup"], id="backup"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(
    folder: Path,
    change: Callable[[Path], None],
    words: str,
    words_of_command: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    change(folder)
    if change is nothing_at_all and words_of_command[0] in ("verify", "backup"):
        words = "holds no data of this server"
    filled = [word.format(folder=folder) for word in words_of_command]
    assert main([*filled, "--data", str(folder)]) != 0
    said = capsys.readouterr().err
    assert words in said
    assert len(said.splitlines()) == 1
