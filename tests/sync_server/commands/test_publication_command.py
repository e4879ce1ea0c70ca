"""`sync-server publication`: listed, shown and exported; the export scores to itself, and by a plain reading."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from sync_server.commands import publication, score
from sync_server.database.engine import Database
from sync_server.database.queries import publications
from sync_server.publication.packed import deflated
from sync_server.season.observed_time import confirm_clock
from sync_server.season.release import release_due
from sync_server.season.rule_changes import set_release_moments
from tests.builders import NOON
from tests.plain_award import exact, reference
from tests.sync_server.closed_season import ENDED, a_round_that_ended, closed, signed
from tests.sync_server.databases import migrated


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def data(tmp_path: Path) -> str:
    """A data folder with round 1 released."""
    (tmp_path / "data").mkdir()
    database = migrated(f"sqlite:///{tmp_path}/data/sync.sqlite3")
    with database.transaction() as db:
        people = a_round_that_ended(db, calls=6)
        set_release_moments(db, {1: ENDED}, created_by="admin", now=NOON)
        signed(db, closed(db, people[0]), *people)
        confirm_clock(db, ENDED)
        assert release_due(db, ENDED, ENDED) == [1]
    database.close()
    return str(tmp_path / "data")


def printed(capsysbinary: Any, *words: str) -> bytes:
    assert publication.main([*words]) == 0
    return bytes(capsysbinary.readouterr().out)


def test_what_was_published_is_listed_and_shown(data: str, capsysbinary: Any) -> None:
    (row,) = json.loads(printed(capsysbinary, "list", "--json", "--data", data))
    assert (row["id"], row["kind"], row["audience"], row["moment"]) == (
        "round-1-1",
        "round",
        "entrants",
        ENDED.isoformat(),
    )
    line = printed(capsysbinary, "list", "--data", data).decode()
    assert line.split() == [
        "round-1-1",
        "round",
        "1",
        "entrants",
        ENDED.isoformat(),
        row["digest"].removeprefix("sha256:"),
    ]
    shown = printed(capsysbinary, "show", "round-1-1", "--data", data).decode()
    assert [word for word in (row["digest"], "Name of wong", "Name of cheung", "version 1") if word not in shown] == []
    assert publication.main(["show", "round-9-9", "--data", data]) == 2
    assert publication.main(["export", "--data", data]) == 2


def test_the_export_scores_to_itself_from_standard_input_and_by_a_plain_reading(
    data: str, capsysbinary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = printed(capsysbinary, "export", "round-1-1", "--data", data)
    file = json.loads(body)
    assert [one["name"] for one in file["x_publication"]["signers"]] == ["Name of wong", "Name of cheung"]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(body)))
    assert score.main(["-"]) == 0
    told = json.loads(capsysbinary.readouterr().out)
    plain = reference(file)
    for entry, wanted in zip(told["entries"], plain["entries"], strict=True):
        assert [one["score"] and one["score"]["exact"] for one in entry["rounds"]] == [
            exact(one["score"]) for one in wanted["rounds"]
        ]
    phone = next(entry for entry in told["entries"] if entry["channel"] == "phone_in")
    assert phone["rounds"][0]["score"] is not None
    assert [one["score"] for one in phone["rounds"][1:]] == [None, None]
    with_key = {**file, "x_publication": {**file["x_publication"], "note": "anything"}}
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(with_key).encode())))
    assert score.main(["-"]) == 0
    assert json.loads(capsysbinary.readouterr().out) == told


def test_a_folder_without_publications_lists_none(tmp_path: Path, capsysbinary: Any) -> None:
    (tmp_path / "empty").mkdir()
    database = migrated(f"sqlite:///{tmp_path}/empty/sync.sqlite3")
    with database.reading() as db:
        assert publications.copies_of(db) == []
    database.close()
    assert json.loads(printed(capsysbinary, "list", "--json", "--data", str(tmp_path / "empty"))) == []


def test_what_is_no_season_is_written_as_it_is_kept_and_said_to_be_none(data: str, capsysbinary: Any) -> None:
    database = Database(f"sqlite:///{data}/sync.sqlite3")
    with database.transaction() as db:
        held = publications.publication_of_id(db, "round-1-1")
        assert held is not None
        row = publications.NewPublication(
            id="finding-1-1", what="finding-1", round=None, copy=1, correction=0, audience="members",
            rules_version=held.rules_version, rules_digest=held.rules_digest, digest="f" * 64,
            body=deflated({"title": "Waits"}), reason="", made_at=ENDED, made_by=held.signatures[0].user_id,
        )  # fmt: skip
        publications.add_publication(db, row)
    database.close()
    assert publication.main(["export", "finding-1-1", "--data", data]) == 0
    out, err = capsysbinary.readouterr()
    assert (json.loads(out)["title"], json.loads(out)["x_publication"]["kind"]) == ("Waits", "finding")
    assert b"is no season" in err
