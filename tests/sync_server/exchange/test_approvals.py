"""APV: what a file says about who approved a scenario. Ids are those in sync_server/season/approval.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from sync_server.database.engine import Database
from sync_server.database.queries.users import UserRow, add_user
from sync_server.database.tables import scenarios
from sync_server.exchange.csv.plan import Checked
from tests.sync_server.season_files import changed, example_season

Files = Mapping[str, bytes]
Import = Callable[[Files], Checked]
AT = "scenarios.csv: row 2: approved_by"


@pytest.fixture
def accounts(season: Database) -> None:
    """May Chan of the office, and the account of a participant."""
    with season.transaction() as db:
        for username, name, role in (("mchan", "May Chan", "coordinator"), ("ferry", "Ann Ferry", "viewer")):
            add_user(
                db,
                UserRow(
                    id=username,
                    username=username,
                    name=name,
                    password_hash="-",
                    role=role,
                    entrant_id=None,
                    language="en",
                    created_at=datetime(2021, 1, 1, tzinfo=UTC),
                ),
            )


def approved_by(files: Files, names: str, **cells: str) -> dict[str, bytes]:
    return changed(files, "scenarios.csv", approved_by=names, **cells)


def kept(database: Database) -> list[str]:
    with database.reading() as db:
        return list(db.execute(select(scenarios.c.approved_by)).scalar_one())


def said(checked: Checked) -> list[str]:
    return [str(remark) for remark in checked.remarks if "word of the file alone" in str(remark)]


def test_apv_3_the_word_of_a_file_counts_and_is_told_once(bring_in: Import, accounts: None) -> None:
    files = approved_by(example_season(), "May Chan; K. T. Lo")
    (remark,) = said(bring_in(files))
    assert "K. T. Lo" in remark
    assert "May Chan" not in remark
    assert said(bring_in(files)) == []


@pytest.mark.parametrize(
    ("names", "code"),
    [
        pytest.param("mchan; May Chan", "scenario-not-approved", id="APV-1 one account twice"),
        pytest.param("May Chan; yes", "approver-nobody", id="APV-3 an answer"),
        pytest.param("K. T. Lo; May Chan (mchan)", "approval-not-given", id="APV-2 a signature nobody gave"),
    ],
)
def test_what_is_no_approval_is_refused(bring_in: Import, accounts: None, names: str, code: str) -> None:
    assert [problem.code for problem in bring_in(approved_by(example_season(), names)).problems] == [code]


def test_apv_2_a_signature_outlives_a_file_of_the_same_words_and_no_other(
    bring_in: Import, accounts: None, season: Database
) -> None:
    bring_in(approved_by(example_season(), "K. T. Lo; Lee"))
    with season.transaction() as db:
        db.execute(update(scenarios).values(approved_by=["May Chan (mchan)"]))
    assert bring_in(approved_by(example_season(), "K. T. Lo")).problems == ()
    assert kept(season) == ["May Chan (mchan)", "K. T. Lo"]
    other = approved_by(example_season(), "K. T. Lo; Lee", briefing_en="Ask something else.")
    (remark,) = said(bring_in(other))
    assert "Lee" in remark
    assert kept(season) == ["K. T. Lo", "Lee"]
