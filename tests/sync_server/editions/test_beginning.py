"""ROO, BEG, CAR: the folders of a root, the next edition, and results that go on into it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.releases import ReleaseRow, append_release
from sync_server.editions.beginning import begin_empty, begin_next, year_of
from sync_server.editions.carrying import carry, lacking
from sync_server.editions.folders import EditionError, Root, address_of
from sync_server.season.rules import version_in_force
from tests.builders import NOON
from tests.sync_server.desk import rule_anew
from tests.sync_server.editions.conftest import season_in


@pytest.fixture
def root(tmp_path: Path) -> Root:
    made = Root(tmp_path / "root")
    season_in(made.folder("2021"))
    return made


def open_of(root: Root, name: str) -> Database:
    return Database(f"sqlite:///{root.folder(name) / 'sync.sqlite3'}")


def in_writer(database: Database):  # type: ignore[no-untyped-def]
    def write(work):  # type: ignore[no-untyped-def]
        with database.transaction() as db:
            return work(db)

    return write


@pytest.mark.parametrize("name", ["", "2021", "A", "a/b", "..", "-a", "a" * 41, "tls", "unnamed"])
def test_roo_1_an_edition_has_a_plain_name_of_its_own(root: Root, name: str) -> None:
    with pytest.raises(EditionError):
        begin_empty(root, name, NOON)
    assert root.names() == ["2021"]


@pytest.mark.parametrize(
    ("is_root", "unnamed", "address"),
    [
        pytest.param(True, "", "/e/2021", id="an edition of a root"),
        pytest.param(True, "2021", "", id="the one that answers addresses without a name"),
        pytest.param(False, "", "", id="a folder in a folder that is no root"),
    ],
)
def test_roo_3_the_addresses_of_a_data_folder_are_those_it_is_served_at(
    root: Root, is_root: bool, unnamed: str, address: str
) -> None:
    if is_root:
        root.prepare()
    (root.path / "unnamed").write_text(unnamed)
    assert address_of(root.folder("2021")) == address


def test_beg_1_rules_records_and_the_offices_accounts_go_along_and_nothing_else(root: Root) -> None:
    with closing(open_of(root, "2021")) as source:
        with source.transaction() as db:
            rule_anew(db, {"consistency.method": "manual", "faq.deadline": "2021-02-18T23:59:59+08:00"})
        assert begin_next(root, source, "2022", NOON, "command") == 2022
    with closing(open_of(root, "2022")) as made, made.reading() as db:
        parameters = version_in_force(db).parameters
        assert (parameters["consistency.method"], parameters["faq.deadline"]) == ("manual", None)
        roles = set(db.scalars(select(tables.users.c.role)))
        assert roles == {"admin", "coordinator", "reviewer", "viewer"}
        assert set(db.scalars(select(tables.assessors.c.id))) == {"assessor-1", "assessor-2"}
        assert not db.scalars(select(tables.devices.c.id)).all()
        assert not db.scalars(select(tables.assignments.c.id)).all()


def test_beg_2_what_cannot_be_made_leaves_no_edition(root: Root) -> None:
    with closing(open_of(root, "2021")) as source:
        with source.transaction() as db:
            db.execute(update(tables.entrants).values(industry="no such industry"))
        with pytest.raises(EditionError, match="cannot go along"):
            begin_next(root, source, "2022", NOON, "command")
    assert [path.name for path in root.path.iterdir()] == ["2021"]


def test_beg_3_a_year_has_one_edition(root: Root) -> None:
    with closing(open_of(root, "2021")) as source:
        begin_next(root, source, "2022", NOON, "command")
        with pytest.raises(EditionError, match="of 2022 is there already, as 2022"):
            begin_next(root, source, "again", NOON, "command")


@pytest.mark.parametrize(
    ("change", "year"),
    [
        pytest.param("ALTER TABLE editions RENAME COLUMN organiser TO of_an_earlier_release", 2021, id="a row"),
        pytest.param("DROP TABLE editions", None, id="no table"),
    ],
)
def test_beg_3_an_edition_that_waits_to_be_migrated_has_its_year(root: Root, change: str, year: int | None) -> None:
    with closing(open_of(root, "2021")) as database, database.transaction() as db:
        db.execute(text(change))
    assert year_of(root.folder("2021")) == year


def test_roo_2_data_that_had_a_server_of_its_own_comes_into_a_root_with_its_addresses(tmp_path: Path) -> None:
    data, root = tmp_path / "data", Root(tmp_path / "root")
    season_in(data)
    (data / "tls").mkdir()
    root.take_in(data, "2021")
    assert (root.names(), root.unnamed(), year_of(root.folder("2021"))) == (["2021"], "2021", 2021)
    assert not data.exists()
    assert (root.path / "tls").is_dir()
    root.take_in(data, "2021")  # power went before the last step: a repeat does what is left
    season_in(data)
    with pytest.raises(EditionError, match="2021 answers addresses without a name already"):
        root.take_in(data, "2020")
    assert data.exists()


def test_use_1_what_a_server_has_open_is_not_moved_away_from_it(tmp_path: Path) -> None:
    data, root = tmp_path / "data", Root(tmp_path / "root")
    season_in(data)
    with closing(Database(f"sqlite:///{data / 'sync.sqlite3'}")) as served:
        with served.reading() as db:
            version_in_force(db)
        with pytest.raises(EditionError, match="is open: stop its server"):
            root.take_in(data, "2021")
    assert (data / "sync.sqlite3").exists()
    root.take_in(data, "2021")
    assert root.names() == ["2021"]


@pytest.mark.parametrize("channel", ["phone_in"])
def test_car_1_released_results_become_history_of_the_next_edition_once(root: Root, channel: str) -> None:
    with closing(open_of(root, "2021")) as source:
        begin_next(root, source, "2022", NOON, "command")
        with closing(open_of(root, "2022")) as target:
            assert not lacking(source, target)
            with source.transaction() as db:
                values = {"entrant_id": "harbour-ferry", "channel": channel, "ruleset_digest": "", "computed_at": NOON}
                db.execute(
                    tables.standings.insert().values(
                        final="91.5", final_shown="91.50", grade="gold", body="{}", **values
                    )
                )
            assert not lacking(source, target), "results that are not released"
            with source.transaction() as db:
                append_release(db, ReleaseRow(None, NOON, NOON, "system"))
            rows = lacking(source, target)
            assert carry(target, in_writer(target), rows, NOON)
            with target.reading() as db:
                entries = tables.entries.c
                history = db.scalar(
                    select(entries.history).where(entries.entrant_id == "harbour-ferry", entries.channel == channel)
                )
            assert [(one["year"], one["grade"]) for one in history] == [(2021, "gold")]
            assert not lacking(source, target), "CAR-2 a repeat finds nothing"


def test_an_edition_begun_empty_has_rules_and_no_records(tmp_path: Path) -> None:
    root = Root(tmp_path)
    begin_empty(root, "2027", NOON)
    with closing(open_of(root, "2027")) as database, database.reading() as db:
        assert version_in_force(db).is_set_up
    assert year_of(root.folder("2027")) is None
