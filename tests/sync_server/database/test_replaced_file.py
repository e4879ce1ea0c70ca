"""DB-3: a SQLite file that was deleted or replaced under an open server takes and gives nothing more."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from sync_server.config import Config
from sync_server.database.engine import Database, FileReplacedError, is_away
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.databases import migrated
from tests.sync_server.desk import push
from tests.sync_server.season_kit import a_call, body_of


def deleted(file: Path) -> None:
    file.unlink()


def replaced(file: Path) -> None:
    copy = file.with_name("copy")
    shutil.copyfile(file, copy)
    copy.replace(file)


def folder_moved(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


CHANGES = [
    pytest.param(deleted, id="DB-3 deleted"),
    pytest.param(replaced, id="DB-3 replaced"),
    pytest.param(folder_moved, id="DB-3 its folder moved"),
]


def lose(opened: Database, change: Callable[[], None]) -> None:
    with opened.transaction() as db:
        db.execute(text("DELETE FROM settings"))
        change()


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_is_another_one_now_is_not_used(tmp_path: Path, change: Callable[[Path], None]) -> None:
    file = tmp_path / "data" / "sync.sqlite3"
    opened = migrated(f"sqlite:///{file}")
    with pytest.raises(FileReplacedError):
        lose(opened, lambda: change(file))
    with pytest.raises(FileReplacedError), opened.reading():
        pass
    with pytest.raises(FileReplacedError) as error, opened.transaction():
        pass
    assert is_away(error.value)
    opened.close()


def test_a_server_whose_database_was_deleted_acknowledges_nothing(tmp_path: Path) -> None:
    """DB-3"""
    config = Config(data_dir=tmp_path)
    set_season_up(config)
    for server in run_server(config):
        push(server, a_call())
        (tmp_path / "sync.sqlite3").unlink()
        with server.client() as phone:
            later = a_call(revision=2)
            answer = phone.put(f"/api/v1/assessments/{later.id}", content=body_of(later))
            ready = phone.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "database-away")
    assert ready.status_code == 503
    assert "deleted or replaced" in ready.text
