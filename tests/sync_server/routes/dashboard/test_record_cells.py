"""RCW: what the cells of a list of records say. Ids are those in routes/dashboard/record_cells.py."""

from __future__ import annotations

import pytest

from checklists.language import Template
from sync_server.routes.dashboard.record_cells import said, said_key
from tests.builders import both

NAMES = {
    "entrants": {"ferry": both("Ferry", "渡輪")},
    "industry": {"x": both("Transport", "運輸")},
    "organisations": {},
    "assessors": {"A-01": {"en": "Wong"}},
}
CELLS = [
    pytest.param("languages", "yue; en", ["Cantonese", "English"], "yue; en", id="RCW-1 one of several"),
    pytest.param("entrant", "ferry", ["Ferry"], "ferry", id="RCW-1 whom a code names"),
    pytest.param("industry", "x", ["Transport"], "x", id="RCW-1 an industry"),
    pytest.param("channel", "phone_in", ["Phone-in"], "phone_in", id="RCW-2 the code beside it"),
    pytest.param("district", "wan chai", ["Wan Chai"], "", id="RCW-1 a district"),
    pytest.param("districts", "灣仔;Macau", ["Wan Chai", "Macau"], "", id="RCW-2 no district of ours"),
    pytest.param("organisation", "nobody", ["nobody"], "", id="RCW-2 a code without a name"),
    pytest.param("service_hours", "09:00-18:00", ["09:00-18:00"], "", id="RCW-2 no code"),
    pytest.param("until", "", [], "", id="RCW-2 nothing"),
]


@pytest.mark.parametrize(("column", "cell", "words", "code"), CELLS)
def test_a_cell_says_words(column, cell, words, code):
    found = said(column, cell, column, NAMES)
    english = [one["en"] if isinstance(one, dict) else str(one) for one in found.words]
    assert (english, found.code) == (words, code)
    assert found.days == ()


@pytest.mark.parametrize(
    ("cell", "days"),
    [("1-5", [(1, 5)]), ("1;2;3", [(1, 3)]), ("1-3,6", [(1, 3), (6, 6)]), ("7", [(7, 7)])],
)
def test_rcw_1_weekdays_are_days(cell, days):
    found = said("service_days", cell, "service_days", NAMES)
    assert [(first.isoweekday(), last.isoweekday()) for first, last in found.days] == days
    assert found.code == cell


def test_rcw_2_yes_and_no_are_words_alone():
    found = said("withdrawn", "no", "yes-no", NAMES)
    assert ([str(one) for one in found.words], found.code) == (["No"], "")


def test_rcw_1_a_key_is_said_by_its_parts_that_have_words():
    channel = said_key(("assessor", "channel", "round"), ("A-01", "onsite", "1"), NAMES)
    assert [one.in_language("zh-Hant") if isinstance(one, Template) else one["en"] for one in channel] == [
        "Wong",
        "現場",
    ]
