"""IMP-S: rules that an assignment may break with a reason. Ids are those in sync_server/exchange/csv/soft_rules.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from sync_server.database.engine import Database
from sync_server.database.queries.season import rows_of
from sync_server.exchange.csv.plan import Checked
from tests.sync_server.season_files import changed, example_season, with_row

Files = Mapping[str, bytes]
Import = Callable[[Files], Checked]
ROW_2, ROW_3 = "assignments.csv: row 2", "assignments.csv: row 3"


def codes(checked: Checked) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in checked.problems]


def with_conflict(**cells: Any) -> dict[str, bytes]:
    return changed(example_season(), "conflicts.csv", **{"organisation": "harbour", "until": ""} | cells)


def with_second(first: Mapping[str, str], **second: str) -> dict[str, bytes]:
    files = changed(example_season(), "assignments.csv", **first)
    return with_row(files, "assignments.csv", assignment="r1-harbour-ferry-02", **second)


def at_a_pier(days: int) -> dict[str, bytes]:
    """Two counter visits to the pier by one assessor, so many days apart, in rounds 1 and 2."""
    files = with_row(example_season(), "entries.csv", channel="face_to_face")
    files = with_row(files, "contact_points.csv", contact_point="pier", channel="face_to_face")
    files = with_row(files, "scenarios.csv", scenario="ride", channel="face_to_face", faqs="")
    files = with_row(files, "rounds.csv", round="2", opens_at="2021-05-01", closes_at="2021-06-30", released_at="")
    visit = {"channel": "face_to_face", "scenario": "ride", "form": "face_to_face@1", "branch": "central-pier"}
    on = {59: "2021-05-14", 60: "2021-05-15"}[days]
    files = changed(files, "assignments.csv", **visit, due_from="2021-03-16", due_until="2021-03-16")
    return with_row(files, "assignments.csv", assignment="r2-pier", round="2", due_from=on, due_until=on)


DAY_1, DAY_6, DAY_8 = (
    {"due_from": day, "due_until": day} for day in ("2021-03-08", "2021-03-13", "2021-03-15")
)  # fmt: skip
DRAMA = {"briefing_en": "Say that your mother had a heart attack.", "briefing_zh": "你說母親心臟病發。"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(example_season(), None, id="none broken"),
        pytest.param(
            changed(example_season(), "assessors.csv", languages="en"),
            (f"{ROW_2}: language", "language-not-spoken"),
            id="IMP-S1 a language",
        ),
        pytest.param(
            changed(example_season(), "assignments.csv", language="cmn"),
            (f"{ROW_2}: language", "language-not-spoken"),
            id="IMP-S1 another language",
        ),
        pytest.param(changed(example_season(), "assessors.csv", languages=""), None, id="IMP-S1 nothing said"),
        pytest.param(with_conflict(), (f"{ROW_2}: assessor", "conflict-of-interest"), id="IMP-S2 for good"),
        pytest.param(
            with_conflict(organisation="harbour-ferry"),
            (f"{ROW_2}: assessor", "conflict-of-interest"),
            id="IMP-S2 with the unit",
        ),
        pytest.param(
            with_conflict(until="2021-03-08"), (f"{ROW_2}: assessor", "conflict-of-interest"), id="IMP-S2 its last day"
        ),
        pytest.param(with_conflict(until="2021-03-07"), None, id="IMP-S2 over the day before"),
        pytest.param(
            with_second(DAY_1, **DAY_6), (f"{ROW_3}: assessor", "rotation-entrant"), id="IMP-S3 within seven days"
        ),
        pytest.param(with_second(DAY_1, **DAY_8), None, id="IMP-S3 after seven days"),
        pytest.param(with_second({}), None, id="IMP-S3 twelve days leave room for two"),
        pytest.param(at_a_pier(59), (f"{ROW_3}: assessor", "rotation-branch"), id="IMP-S3 a branch after 59 days"),
        pytest.param(at_a_pier(60), None, id="IMP-S3 a branch after 60 days"),
        pytest.param(
            changed(example_season(), "scenarios.csv", **DRAMA), (f"{ROW_2}: scenario", "red-line"), id="IMP-S4 a word"
        ),
        pytest.param(
            changed(example_season(), "scenarios.csv", stop_rules_en="Stop if you are put through to 999."),
            None,
            id="IMP-S4 when to stop",
        ),
    ],
)
def test_a_rule_is_broken_only_with_a_reason(
    bring_in: Import, database: Database, files: Files, expected: tuple[str, str] | None
) -> None:
    assert codes(bring_in(files)) == ([] if expected is None else [expected])
    if expected is None:
        return
    row = int(expected[0].split("row ")[1].split(":")[0]) - 2
    accepted = bring_in(changed(files, "assignments.csv", row=row, exception="Agreed with the organiser."))
    assert codes(accepted) == []
    assert [str(remark) for remark in accepted.remarks if "reason" in str(remark)]
    with database.reading() as db:
        assert "Agreed with the organiser." in {kept["exception"] for kept in rows_of(db, "assignments")}


def test_imp_s3_more_than_a_fifth_of_a_round(bring_in: Import) -> None:
    files = changed(example_season(), "entries.csv", channel="face_to_face")
    files = changed(files, "contact_points.csv", channel="face_to_face")
    files = changed(files, "history.csv", channel="face_to_face")
    files = changed(files, "scenarios.csv", channel="face_to_face", faqs="")
    whole_round = {"channel": "face_to_face", "form": "", "due_from": "", "due_until": ""}
    files = changed(files, "assignments.csv", **whole_round)
    assert codes(bring_in(files)) == []
    files = with_row(files, "assignments.csv", assignment="r1-harbour-ferry-02")
    assert codes(bring_in(files)) == [(f"{ROW_3}: assessor", "rotation-share")]  # two of the six visits


def test_what_was_planned_before_is_not_for_new_files_to_put_right(bring_in: Import, database: Database) -> None:
    """IMP-S5."""
    bring_in(example_season())
    again = changed(example_season(), "assessors.csv", languages="en")
    checked = bring_in(again)
    assert codes(checked) == []
    assert codes(bring_in(changed(again, "assignments.csv", due_until="2021-03-25"))) == [
        (f"{ROW_2}: language", "language-not-spoken")
    ]


def test_a_conflict_that_is_declared_later_is_kept_and_told(bring_in: Import, database: Database) -> None:
    """IMP-S5."""
    bring_in(example_season())
    checked = bring_in({"conflicts.csv": with_conflict()["conflicts.csv"]})
    assert codes(checked) == []
    assert [str(remark) for remark in checked.remarks] == [
        "Assignments handed out already that are in conflict now: 1, such as r1-harbour-ferry-01. Give them to others."
    ]


def test_a_scenario_that_comes_to_name_a_red_line_is_told_at_the_assignment(bring_in: Import) -> None:
    """IMP-S5."""
    bring_in(example_season())
    drama = {"scenarios.csv": changed(example_season(), "scenarios.csv", **DRAMA)["scenarios.csv"]}
    assert codes(bring_in(drama)) == [("assignment r1-harbour-ferry-01: scenario", "red-line")]


def test_an_exception_is_not_held_against_others(bring_in: Import) -> None:
    """IMP-S3."""
    files = with_second(DAY_1 | {"exception": "A second look was asked for."}, **DAY_6, exception="")
    assert codes(bring_in(files)) == []
