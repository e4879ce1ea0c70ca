"""The schema that migrations make is the one that `tables` describes, on both engines."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from checklists import wire
from checklists.forms.form import Channel
from checklists.record.assignment import Assignment
from sync_server.database import tables
from sync_server.database.columns import moment_text
from sync_server.database.engine import Database
from sync_server.database.migrations import VERSIONS, is_current, newest_revision, upgrade
from sync_server.database.queries.assessment_lists import Filter, list_page
from sync_server.database.queries.releases import release_events
from sync_server.database.tables import metadata
from sync_server.season.edition import current_edition
from sync_server.season.rules import release_moments, version_in_force
from tests.builders import an_assignment
from tests.sync_server.season_kit import add_season


def test_migrations_from_empty_make_the_tables(database):
    with database.reading() as db:
        assert compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), metadata) == []


@pytest.mark.parametrize("released", ["0001", "0002", "0003"])
def test_migrations_from_a_released_schema_with_a_season_in_it_make_the_tables(database_url, released):
    old = Database(database_url)
    upgrade(old, released)
    with old.transaction() as db:
        add_season(db)
    upgrade(old)
    with old.reading() as db:
        assert compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), metadata) == []
        assert db.execute(select(tables.assignments.c.id)).first() is not None
    old.close()


def test_rounds_that_entrants_saw_before_the_upgrade_are_released_with_their_old_moment(database_url):
    """And what was set for the others goes on to hold, beside rules that stay as they are."""
    old = Database(database_url)
    upgrade(old, "0004")
    with old.transaction() as db:
        add_season(db)
        ends = dict(db.execute(select(tables.rounds.c.number, tables.rounds.c.closes_at)).all())
        seen, early = ends[1] + timedelta(days=14), ends[2] - timedelta(days=300)
        for number, at in ((1, seen), (2, early), (3, None)):
            values = {"number": number, "at": None if at is None else moment_text(at)}
            db.execute(text("UPDATE rounds SET released_at = :at WHERE number = :number"), values)
        digest = version_in_force(db).digest
    upgrade(old)
    with old.reading() as db:
        events = {event.round: event.released_at for event in release_events(db).values()}
        assert events == {1: seen, 2: ends[2]}
        assert release_moments(db) == {1: seen, 2: early, 3: None}
        assert version_in_force(db).digest == digest
    old.close()


def test_an_old_spelling_of_an_industry_becomes_todays_wherever_it_is_kept(database_url):
    old, new = "public_service_utilities", "public_utilities"
    past = [{"year": 2019, "industry": old, "channel": "phone_in", "final": "80", "grade": "silver"}]
    database = Database(database_url)
    upgrade(database, "0004")
    with database.transaction() as db:
        add_season(db)
        db.execute(update(tables.entrants).values(industry=old))
        db.execute(update(tables.entries).values(history=past))
        for assignment_id, body in db.execute(select(tables.assignments.c.id, tables.assignments.c.body)).all():
            old_body = wire.encode(msgspec.structs.replace(wire.decode(body, Assignment), industry=old)).decode()
            db.execute(update(tables.assignments).where(tables.assignments.c.id == assignment_id).values(body=old_body))
    upgrade(database)
    with database.reading() as db:
        assert set(db.execute(select(tables.entrants.c.industry)).scalars()) == {new}
        histories = db.execute(select(tables.entries.c.history)).scalars().all()
        bodies = db.execute(select(tables.assignments.c.body)).scalars().all()
    assert all(history == [past[0] | {"industry": new}] for history in histories)
    assert {wire.decode(body, Assignment).industry for body in bodies} == {new}
    database.close()


@pytest.mark.parametrize(
    ("variants", "kept"),
    [
        pytest.param(["recording", "recording"], "recording", id="all alike"),
        pytest.param(["branch"], "branch", id="visits"),
        pytest.param(["branch", "recording"], "both", id="one of each"),
        pytest.param([], "branch", id="no assignment"),
    ],
)
def test_an_onsite_entry_kept_before_takes_the_variant_of_its_assignments(database_url, variants, kept):
    database = Database(database_url)
    upgrade(database, "0004")
    with database.transaction() as db:
        add_season(db)
        for number, variant in enumerate(variants):
            onsite = an_assignment(id=f"onsite-{number}", channel=Channel.ONSITE, variant=variant)
            db.execute(
                insert(tables.assignments).values(
                    id=onsite.id, assessor_id=onsite.assessor_id, entrant_id=onsite.entrant_id, channel="onsite",
                    round=1, form=onsite.form, scenario_id=onsite.scenario.id, recording_policy="none",
                    due_from=onsite.due_from, due_until=onsite.due_until, body=wire.encode(onsite).decode(),
                    created_at=onsite.due_from, updated_at=onsite.due_from,
                )
            )  # fmt: skip
    upgrade(database)
    with database.reading() as db:
        rows = db.execute(select(tables.entries.c.channel, tables.entries.c.onsite_variant)).all()
    assert {row.onsite_variant for row in rows if row.channel == "onsite"} == {kept}
    assert {row.onsite_variant for row in rows if row.channel == "phone_in"} == {None}
    database.close()


def test_migrating_twice_changes_nothing(database):
    upgrade(database)
    assert is_current(database)


def test_the_newest_revision_is_alembics_head():
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(VERSIONS.parent))
    assert newest_revision() == ScriptDirectory.from_config(settings).get_current_head()


def test_a_start_on_a_current_schema_does_not_load_alembic(tmp_path):
    url = f"sqlite:///{tmp_path / 'sync.sqlite3'}"
    upgrade(Database(url))
    start = (
        "import sys; from pathlib import Path; from sync_server.app import create_app; "
        "from sync_server.config import Config; "
        f"create_app(Config(data_dir=Path({str(tmp_path)!r}), database_url={url!r})); "
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", start], check=False).returncode == 0


def test_an_empty_database_is_not_current(database_url):
    empty = Database(database_url)
    assert not is_current(empty)
    empty.close()


@pytest.mark.parametrize(
    ("state", "index"),
    [
        ("conflict", "ix_assessments_conflict"),
        ("files-missing", "ix_assessments_files_missing"),
        ("clock", "ix_assessments_clock_wrong"),
    ],
)
def test_the_lists_rare_filters_are_found_by_their_index(database, state, index):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    with database.reading() as db:
        list_page(db, Filter(state=state))
        statement, parameters = asked[-1]
        if not database.is_sqlite:
            db.execute(text("SET LOCAL enable_seqscan = off"))  # an empty table is read whole otherwise
        how = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        plan = str(db.exec_driver_sql(f"{how} {statement}", parameters).all())
    assert index in plan


@pytest.mark.parametrize(
    ("opens", "year"),
    [
        pytest.param("2021-03-01T00:00:00.000000Z", 2021, id="a season that is there"),
        pytest.param("2020-12-31T16:00:00.000000Z", 2021, id="midnight is Hong Kong's"),
        pytest.param(None, None, id="an empty server"),
    ],
)
def test_data_of_an_earlier_release_becomes_the_edition_of_its_first_rounds_year(database_url, opens, year):
    old = Database(database_url)
    upgrade(old, "0062")
    if opens:
        with old.transaction() as db:
            row = "(1, :opens, '2021-04-30T16:00:00.000000Z')"
            db.execute(text(f"INSERT INTO rounds (number, opens_at, closes_at) VALUES {row}"), {"opens": opens})
    upgrade(old)
    with old.reading() as db:
        edition = current_edition(db)
    assert (edition and edition.year) == year
    assert edition is None or str(year) in edition.title["zh-Hant"]
    old.close()


def test_a_check_that_is_widened_keeps_every_row_and_what_points_at_it(database_url):
    """0111 makes the tables of hand-ins and accounts anew on SQLite: their rows, indexes and children stay."""
    old = Database(database_url)
    upgrade(old, "0110")
    hand_in = "INSERT INTO hand_ins (id, kind, subject, begun_at) VALUES ('{0}', '{1}', '', '2021')"
    with old.transaction() as db:
        db.execute(text(hand_in.format("one", "faq")))
        db.execute(
            text("INSERT INTO hand_in_files (hand_in_id, sha256, content) VALUES ('one', :sha256, :content)"),
            {"sha256": "a" * 64, "content": b"x"},
        )
    upgrade(old)
    with old.transaction() as db:
        assert db.execute(text("SELECT id, kind FROM hand_ins")).all() == [("one", "faq")]
        db.execute(text(hand_in.format("two", "proposal")))
        user = "INSERT INTO users (id, username, name, password_hash, role, language, created_at)"
        db.execute(text(f"{user} VALUES ('j', 'j', 'J', 'x', 'judge', 'en', '2021')"))
    with pytest.raises(IntegrityError), old.transaction() as db:
        db.execute(text(hand_in.format("three", "nonsense")))
    with pytest.raises(IntegrityError), old.transaction() as db:
        db.execute(text("DELETE FROM hand_ins WHERE id = 'one'"))
    old.close()
