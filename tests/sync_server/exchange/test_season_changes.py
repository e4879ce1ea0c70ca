"""SCH, CHG, IMG, RPT, SHC: changes of the season's rows, previewed and written whole.

On SQLite; the tests of the import page do the same on both engines.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from checklists.language import Sentence
from checklists.workbook.reading import worksheets
from checklists.workbook.writing import workbook
from sync_server.database import tables
from sync_server.database.queries import change_sets as queries
from sync_server.database.queries.audit_log import audit_page
from sync_server.exchange import season_changes
from sync_server.exchange.csv.problems import Place, problem
from sync_server.exchange.csv.report import causes_of
from sync_server.exchange.season_changes import SeasonMovedError
from sync_server.exchange.shown_changes import shown_changes
from sync_server.season.rule_changes import add_version
from sync_server.season.rules import release_moments
from tests.sync_server.exchange.change_desk import CONTACT, NOW, Desk, audit
from tests.sync_server.season_files import changed, example_season, with_row


@pytest.fixture
def desk(change_desk: Desk) -> Desk:
    return change_desk


def test_img_2_nothing_is_seen_before_it_is_confirmed_and_then_all_of_it(desk: Desk) -> None:
    row = desk.preview(example_season())
    assert (row.state, row.report["staged"] > 5, row.report["assignments"]) == ("previewed", True, 1)
    assert all(not rows for rows in desk.season().values())
    desk.importing.confirm(row.id, audit(row.id))
    assert all(desk.season().values())
    assert [body.id for body in desk.told()] == ["r1-harbour-ferry-01"]


def test_img_4_an_import_is_one_entry_of_the_audit_log(desk: Desk) -> None:
    row = desk.write(example_season())
    with desk.database.reading() as db:
        assert [(each.action, each.subject_id) for each in audit_page(db)] == [("season-imported", row.id)]


def test_sch_1_each_change_is_a_verb_and_sch_2_keeps_what_was_there(desk: Desk) -> None:
    desk.write(example_season())
    row = desk.write(changed(CONTACT, "contact_points.csv"))
    assert desk.changes(row.id) == [
        ("contact_points", '["harbour-ferry-hotline"]', "change"), ("assignments", '["r1-harbour-ferry-01"]', "change"),
    ]  # fmt: skip
    with desk.database.reading() as db:
        number, assignment = shown_changes(db, row.id)
    assert [(each.name, each.old, each.new) for each in number.columns] == [
        ("value", "+852 2000 0001", "+852 2000 0002")
    ]
    assert [each.name for each in assignment.columns] == ["contact_points"]  # SHC-1: the field, not the whole body


def test_sch_1_taking_an_assignment_back_is_to_withdraw_it(desk: Desk) -> None:
    desk.write(example_season())
    row = desk.write(changed(example_season(), "assignments.csv", withdrawn="yes"))
    assert desk.changes(row.id) == [("assignments", '["r1-harbour-ferry-01"]', "withdraw")]
    assert [body.withdrawn for body in desk.told()] == [False, True]


def a_season_that_moved(desk: Desk) -> None:
    desk.write(changed(example_season(), "assessors.csv", name="Somebody else"))


def rules_that_moved(desk: Desk) -> None:
    with desk.database.transaction() as db:
        add_version(db, {"unreachable.score_mode": "zero"}, "why", created_by="may", now=NOW)


def a_form_that_came(desk: Desk) -> None:
    form = {"id": "phone_in@9", "name": "phone_in", "version": 9, "body": "{}", "digest": "0" * 64, "created_at": NOW}
    with desk.database.transaction() as db:
        db.execute(insert(tables.form_versions).values(**form))


def a_day_that_passed(desk: Desk) -> None:
    desk.now[0] += timedelta(days=1)


@pytest.mark.parametrize("move", [a_season_that_moved, rules_that_moved, a_form_that_came, a_day_that_passed])
def test_sch_3_img_3_what_was_previewed_against_something_else_is_refused(
    desk: Desk, move: Callable[[Desk], None]
) -> None:
    desk.write(example_season())
    row = desk.preview(CONTACT)
    move(desk)
    before = desk.season()
    with pytest.raises(SeasonMovedError):
        desk.importing.confirm(row.id, audit(row.id))
    assert desk.season() == before
    assert desk.importing.row(row.id) == row


def test_a_set_is_written_once(desk: Desk) -> None:
    row = desk.write(example_season())
    with pytest.raises(LookupError):
        desk.importing.confirm(row.id, audit(row.id))


def test_chg_1_a_switch_that_fails_in_the_middle_leaves_nothing(desk: Desk) -> None:
    row = desk.preview(example_season())
    with desk.database.transaction() as db:
        wrong = update(tables.staged_rows).where(tables.staged_rows.c.subject == "assignments").values(c01="nobody")
        db.execute(wrong)
    with pytest.raises(IntegrityError):
        desk.importing.confirm(row.id, audit(row.id))
    assert all(not rows for rows in desk.season().values())


def test_chg_2_the_season_s_version_grows_with_each_switch(desk: Desk) -> None:
    def version() -> int:
        with desk.database.reading() as db:
            return queries.season_version(db)

    before = version()
    row = desk.write(example_season())
    assert version() == before + 1
    desk.undo(row)
    assert version() == before + 2


def many(count: int) -> dict[str, bytes]:
    files = example_season()
    for number in range(2, count + 1):
        files = with_row(files, "assignments.csv", assignment=f"a-{number}", exception="Agreed.")
    return files


def test_img_1_sch_4_phones_are_told_slice_by_slice_and_nobody_less_after_a_crash(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(season_changes, "SLICE", 3)
    row = desk.preview(many(8))
    with desk.database.transaction() as db:
        db.execute(update(tables.change_sets).values(state="previewed"))
        queries.switch(db, row.id, NOW)
        queries.note(db, row.id, NOW, state="written", written_at=NOW)
    assert desk.told() == []  # the power went before anybody was told
    with desk.database.transaction() as db:
        assert season_changes.tell_some(db, row.id, NOW, limit=3)
    assert len(desk.told()) == 3
    desk.importing.finish(row.id)
    desk.importing.finish(row.id)
    assert len({body.id for body in desk.told()}) == len(desk.told()) == 8
    with desk.database.reading() as db:
        assert db.execute(select(tables.staged_rows.c.seq)).first() is None


def test_a_preview_nobody_confirms_is_cleared_away_after_a_day(desk: Desk) -> None:
    row = desk.preview(example_season())
    desk.now[0] += timedelta(hours=25)
    desk.importing.begin("may")
    with desk.database.reading() as db:
        assert f"import/{row.id}" in db.execute(select(tables.jobs.c.name)).scalars().all()
    desk.importing(row.id)
    assert desk.importing.row(row.id) is None


def test_imp_6_a_round_s_moment_is_set_shown_and_put_back_in_the_rules(desk: Desk) -> None:
    def moment() -> datetime | None:
        with desk.database.reading() as db:
            return release_moments(db).get(1)

    desk.write(example_season())
    first = moment()
    row = desk.write(
        {"rounds.csv": changed(example_season(), "rounds.csv", released_at="2021-05-20 09:00")["rounds.csv"]}
    )
    assert (first, moment()) == (datetime(2021, 5, 14, 1, tzinfo=UTC), datetime(2021, 5, 20, 1, tzinfo=UTC))
    with desk.database.reading() as db:
        (round_1, *_) = shown_changes(db, row.id)
    assert [each.name for each in round_1.columns] == ["released_at"]
    desk.undo(row)
    assert moment() == first


def test_what_is_gone_from_the_files_stays_and_is_counted(desk: Desk) -> None:
    desk.write(with_row(example_season(), "assessors.csv", assessor="A-08"))
    row = desk.preview({"assessors.csv": example_season()["assessors.csv"]})
    (count,) = row.report["counts"]
    assert (count["same"], count["gone"], count["gone_keys"]) == (1, 1, ["A-08"])


def test_rpt_1_problems_of_one_cause_are_one_line_with_examples_and_rpt_2_both_languages() -> None:
    said = Sentence(template="stands twice; keep one", package="sync_server")
    wrong = [problem(Place("a.csv", row, "name"), "x", said) for row in range(2, 40)]
    first, second = causes_of([*wrong, problem(Place("a.csv", 5, "other"), "x", said)])
    assert (first.count, first.rows, first.first.row) == (38, (2, 3, 4, 5, 6, 7), 2)
    assert second.count == 1
    assert first.first.message["zh-Hant"] != first.first.message["en"]


def test_wbo_1_no_cell_of_a_list_is_a_formula() -> None:
    (sheet,) = worksheets(workbook("x", [["a"], ["=1+1"], ["0012"], ["https://example.com"]]))
    assert [row[0] for row in sheet.grid] == ["a", "=1+1", "0012", "https://example.com"]
