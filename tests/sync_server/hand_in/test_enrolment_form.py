"""ENL, ENW: what a form of enrolment asks for, and the rows it becomes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from checklists.rules.programme import Programme, load_programme
from sync_server.exchange.enrolment_rows import Decided, code_of, rows_of, wrong_cells
from sync_server.hand_in.enrolment import (
    CHANNELS,
    MOST_UNITS,
    UNIT,
    fields_of,
    lacks_notice,
    problems_of,
    read_enrolment,
)
from tests.sync_server.enrolment_kit import TYPED


@pytest.fixture(scope="module")
def programme() -> Programme:
    return load_programme("mystery_caller_2021")


def wrong(programme: Programme, changes: Mapping[str, str]) -> set[str]:
    enrolment = read_enrolment({**TYPED, **changes})
    return {one.field for one in (*problems_of(enrolment, programme.rules), *wrong_cells(enrolment, programme))}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        pytest.param({}, set(), id="ENL-1 a form that is filled in has no problem"),
        pytest.param({"eligible": "", "terms": ""}, {"eligible", "terms"}, id="ENL-2 eligibility and terms"),
        pytest.param({"name_en": "", "name_zh": ""}, {"name_en"}, id="ENL-1 the organisation has a name"),
        pytest.param({"name_en": ""}, set(), id="ENL-1 in one language at least"),
        pytest.param({"member": "", "email": "chan"}, {"member", "email"}, id="ENL-1 all of it at once"),
        pytest.param({"u1-phone_in": "", "u1-face_to_face": ""}, {"u1-phone_in"}, id="ENL-3 a channel"),
        pytest.param({"u1-seats": "", "u1-branches": ""}, {"u1-seats", "u1-branches"}, id="ENL-3 what gives its size"),
        pytest.param({"u1-phones": "", "u1-sites": ""}, {"u1-phones", "u1-sites"}, id="ENL-3 what may be contacted"),
        pytest.param({"u1-addresses": ""}, set(), id="ENL-3 of channels it takes only"),
        pytest.param({"u1-online": "yes"}, {"u1-addresses"}, id="ENL-3 what may be contacted online"),
        pytest.param({"u1-online": "yes", "u1-addresses": "chat: peak.example/chat"}, set(), id="ENL-3 online"),
        pytest.param({"u1-phones": "999"}, {"u1-phones"}, id="ENW-1 an emergency number is refused as in an import"),
        pytest.param({"u1-seats": "many"}, {"u1-seats"}, id="ENW-1 so is a figure that is none"),
        pytest.param({"u1-service_hours": "9 to 6"}, {"u1-service_hours"}, id="ENW-1 and hours that are none"),
        pytest.param({"u1-sites": "Upper Station"}, {"u1-sites"}, id="ENW-1 and a place without an address"),
        pytest.param({"u1-industry": "banking"}, {"u1-industry"}, id="ENW-1 and an industry there is not"),
        pytest.param({"u1-staff_notice_on": "1/2/2021"}, {"u1-staff_notice_on"}, id="ENW-1 and a day of two meanings"),
        pytest.param({"units": "2"}, {"u2-name_en", "u2-industry", "u2-phone_in"}, id="ENL-3 each unit by itself"),
    ],
)
def test_a_form_names_what_is_wrong_at_its_fields(programme, changes, fields) -> None:
    assert wrong(programme, changes) == fields


def test_enl_1_a_form_shown_again_reads_as_it_was_and_has_no_more_units_than_are_taken() -> None:
    enrolment = read_enrolment(TYPED)
    assert read_enrolment(fields_of(enrolment)) == enrolment
    assert len(read_enrolment({**TYPED, "units": "9" * 3}).units) == MOST_UNITS
    assert len(read_enrolment({**TYPED, "units": "9" * 5000}).units) == 1


@pytest.mark.parametrize(
    ("changes", "has_file", "lacks"),
    [
        pytest.param({}, True, False, id="day, words and file are there"),
        pytest.param({}, False, True, id="no file"),
        pytest.param({"u1-staff_notice_on": ""}, True, True, id="no day"),
        pytest.param({"u1-staff_notice_en": ""}, True, True, id="no words"),
    ],
)
def test_enl_4_a_notice_to_staff_is_day_words_and_file(changes, has_file, lacks) -> None:
    assert lacks_notice(read_enrolment({**TYPED, **changes}).units[0], has_file=has_file) is lacks


def test_enw_2_a_unit_becomes_an_entrant_its_entries_places_and_contact_points() -> None:
    typed = {**TYPED, "u1-online": "yes", "u1-addresses": "email: peak@example.org", "u1-certification": "yes"}
    rows = rows_of(read_enrolment(typed), "peak", [Decided("peak-hotline", "commerce")])
    assert rows["organisations"][0]["certifications"] == "3"
    assert (rows["entrants"][0]["organisation"], rows["entrants"][0]["industry"]) == ("peak", "commerce")
    assert [row["channel"] for row in rows["entries"]] == ["phone_in", "online", "face_to_face"]
    assert [row["branch"] for row in rows["branches"]] == ["peak-hotline-upper-station", "peak-hotline-lower-station"]
    points = [(row["value"], row["label_en"], row.get("subchannel")) for row in rows["contact_points"]]
    assert points == [("2000 0001", "Hotline", None), ("peak@example.org", "Online", "email")]


def test_enl_3_a_channel_and_what_it_takes_are_two_fields() -> None:
    assert not {*CHANNELS} & {*UNIT}


@pytest.mark.parametrize(
    ("name", "taken", "code"),
    [
        pytest.param("Peak Tram (HK) Ltd.", [], "peak-tram-hk-ltd", id="letters and figures stay"),
        pytest.param("山頂纜車", [], "unit", id="a name without any has a plain code"),
        pytest.param("Peak", ["peak", "peak-2"], "peak-3", id="no code is taken twice"),
    ],
)
def test_code_of_a_name(name, taken, code) -> None:
    assert code_of(name, taken) == code
