"""EDN, EDC: the current edition and its check list, on the seed's own calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from sync_server.database import tables
from sync_server.season.edition import Edition, Session, current_edition, current_title
from sync_server.season.edition_checks import checks, reds
from tests.builders import both
from tests.sync_server.season_kit import add_season

ZONE = ZoneInfo("Asia/Hong_Kong")


def day(text: str) -> date:
    return date.fromisoformat(text)


SEED = Edition(
    year=2021,
    title=both("2021 Mystery Caller Assessment Award", "2021神秘客戶評審大獎"),
    organiser=both("The association"),
    contact={"telephone": "+852 3966 2852"},
    begun_on=day("2020-12-01"),
    rounds=(1, 2, 3),
    calendar={
        "launch": [Session(day("2021-01-15"), None, "yue"), Session(day("2021-01-22"), None, "cmn")],
        "kick_off": [Session(day("2021-01-18"), day("2021-02-05"))],
        "enrolment_closes": [Session(day("2021-02-10"))],
        "faq_deadline": [Session(day("2021-02-18"))],
        "opening_seminar": [Session(day("2021-02-23"))],
        "assessment_period": [
            Session(day("2021-03-01"), day("2021-04-30"), round=1),
            Session(day("2021-05-01"), day("2021-06-30"), round=2),
            Session(day("2021-07-01"), day("2021-08-31"), round=3),
        ],
        "reports": [
            Session(day("2021-05-14"), round=1),
            Session(day("2021-07-15"), round=2),
            Session(day("2021-11-08"), round=3),
        ],
        "ceremony": [Session(day("2021-11-05"))],
    },
    results_at=datetime(2021, 11, 5, 10, tzinfo=UTC),
)


def dated(**calendar: list[Session]) -> Edition:
    return replace(SEED, calendar={**SEED.calendar, **calendar})


def red(edition: Edition | None) -> dict[str, str]:
    return {check.code: str(check.problem) for check in checks(edition, ZONE) if not check.is_green}


def test_edc_5_the_seeds_calendar_is_green_line_by_line_with_all_eight_milestones() -> None:
    listed = checks(SEED, ZONE)
    assert (reds(listed), len(listed)) == (0, 11)  # organiser, contact, eight milestones, results


def test_edc_5_without_an_edition_there_is_one_red_line() -> None:
    assert list(red(None)) == ["edition"]


@pytest.mark.parametrize(
    ("edition", "code", "words"),
    [
        pytest.param(replace(SEED, organiser={}), "organiser", "organiser", id="EDC-1 organiser"),
        pytest.param(replace(SEED, contact={"website": "x"}), "contact", "telephone", id="EDC-1 contact"),
        pytest.param(dated(launch=[]), "launch", "No day", id="EDC-1 a milestone"),
        pytest.param(dated(assessment_period=SEED.calendar["assessment_period"][:2]), "assessment_period", "round 3",
                     id="EDC-1 a round"),
        pytest.param(dated(reports=SEED.calendar["reports"][1:]), "reports", "round 1", id="EDC-1 a report"),
        pytest.param(replace(SEED, results_at=None), "results", "No moment", id="EDC-1 the results"),
        pytest.param(dated(launch=[Session(day("2022-01-15"))]), "launch", "not in 2021", id="EDC-2 a year on"),
        pytest.param(dated(launch=[Session(day("2020-12-15"))]), "launch", "not in 2021", id="EDC-2 a year before"),
        pytest.param(dated(ceremony=[Session(day("2022-01-05"))]), "ceremony", "not in 2021", id="EDC-2 ceremony"),
        pytest.param(dated(kick_off=[Session(day("2021-01-18"), day("2022-02-05"))]), "kick_off", "5 Feb 2022",
                     id="EDC-2 an end"),
        pytest.param(replace(SEED, begun_on=day("2021-01-20")), "launch", "was past", id="EDC-3 past from the first"),
        pytest.param(dated(enrolment_closes=[Session(day("2021-01-14"))]), "enrolment_closes", "Award launch",
                     id="EDC-4 before an earlier one"),
        pytest.param(dated(opening_seminar=[Session(day("2021-03-02"))]), "assessment_period", "Opening seminar",
                     id="EDC-4 the seminar in round 1"),
        pytest.param(dated(reports=[Session(day("2021-04-30"), round=1), *SEED.calendar["reports"][1:]]), "reports",
                     "30 Apr 2021", id="EDC-4 a report before its round ends"),
        pytest.param(dated(ceremony=[Session(day("2021-08-31"))]), "ceremony", "last round", id="EDC-4 ceremony"),
        pytest.param(replace(SEED, results_at=datetime(2021, 11, 6, tzinfo=UTC)), "results", "ceremony",
                     id="EDC-4 results after the ceremony"),
        pytest.param(replace(SEED, results_at=datetime(2021, 8, 1, tzinfo=UTC)), "results", "last round",
                     id="EDC-4 results before the last round ends"),
    ],
)  # fmt: skip
def test_a_date_that_is_wrong_is_red_and_says_why(edition: Edition, code: str, words: str) -> None:
    assert words in red(edition).get(code, "")


@pytest.mark.parametrize(
    ("opens", "ends", "extra"),
    [
        pytest.param("2021-01-04", "2021-06-30", {"launch": [Session(day("2020-11-20"))]}, id="prepared before"),
        pytest.param("2021-09-01", "2022-02-28", {"ceremony": [Session(day("2022-03-07"))]}, id="reported after"),
    ],
)
def test_edc_2_a_season_over_new_year_has_a_longer_year_at_that_end(
    opens: str, ends: str, extra: dict[str, list[Session]]
) -> None:
    edition = replace(dated(assessment_period=[Session(day(opens), day(ends), round=1)], **extra), rounds=(1,))
    assert not {code: why for code, why in red(edition).items() if "is not in" in why}


def test_edn_1_the_latest_year_is_current_and_edn_2_its_calendar_reads_rounds_where_they_are(database) -> None:
    with database.transaction() as db:
        assert (current_edition(db), current_title(db)) == (None, {})
        add_season(db)
        for year in (2020, 2021):
            row = {"title": both(f"Edition {year}"), "contact": {}, "milestones": {}, "created_at": datetime.now(UTC)}
            db.execute(insert(tables.editions).values(year=year, **row))
        edition = current_edition(db)
        assert edition is not None
        assert (edition.year, current_title(db)["en"]) == (2021, "Edition 2021")
        assert [one.round for one in edition.calendar["assessment_period"]] == [1, 2, 3]
