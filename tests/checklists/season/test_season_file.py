"""Bad season files: every problem with its place, several at once, quickly, and never anything but a SeasonError."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from checklists.forms.file import shipped_forms
from checklists.season.file import read_season
from checklists.season.problems import MOST_LISTED, SeasonError
from tests.seasons import Json, a_round, a_season, an_entrant, an_entry

ASSESSMENT = "entrants[0].entries[0].rounds[0].assessments[0]"
ENTRY = "entrants[0].entries[0]"


def problems(raw: bytes | Json) -> list[str]:
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    with pytest.raises(SeasonError) as caught:
        read_season(body, shipped_forms())
    return [str(problem) for problem in caught.value.problems]


def with_assessment(**changes: Any) -> Json:
    return a_season(an_entrant(an_entry(a_round(changes), ["80"], ["80"])))


def with_log(*attempts: Json | list[str], **changes: Any) -> Json:
    log = [dict(zip(("at", "outcome"), held, strict=False)) if isinstance(held, list) else held for held in attempts]
    return with_assessment(attempts=log, **changes)


AT, LATER = "2021-03-01T10:00:00+08:00", "2021-03-01T11:00:00+08:00"


@pytest.mark.parametrize(
    ("season", "place", "reason"),
    [
        pytest.param(with_assessment(base="x"), f"{ASSESSMENT}.base", "is not a number", id="base of words"),
        pytest.param(with_assessment(base=None), f"{ASSESSMENT}.base", "must be a number", id="base null"),
        pytest.param(with_assessment(base=True), f"{ASSESSMENT}.base", "not an exact number", id="base true"),
        pytest.param(with_assessment(base="100.1"), f"{ASSESSMENT}.base", "out of range", id="base above 100"),
        pytest.param(with_assessment(base=-1), f"{ASSESSMENT}.base", "out of range", id="base below 0"),
        pytest.param(with_assessment(base="1e31"), f"{ASSESSMENT}.base", "exponent", id="exponent"),
        pytest.param(with_assessment(base="1e99999999"), f"{ASSESSMENT}.base", "exponent", id="hostile exponent"),
        pytest.param(with_assessment(base="NaN"), f"{ASSESSMENT}.base", "is not a number", id="NaN as text"),
        pytest.param(with_assessment(base="1/0"), f"{ASSESSMENT}.base", "zero", id="divided by zero"),
        pytest.param(with_assessment(base="0." + "1" * 41), f"{ASSESSMENT}.base", "40 digits", id="41 digits"),
        pytest.param(with_assessment(base="80", ease=1), f"{ASSESSMENT}.ease", "true or false", id="ease 1"),
        pytest.param(with_assessment(base="80", bonus=1), f"{ASSESSMENT}.bonus", "is not a key", id="unknown key"),
        pytest.param(with_assessment(base="80", id=""), f"{ASSESSMENT}.id", "must be text", id="empty id"),
        pytest.param(with_assessment(base="80", id=7), f"{ASSESSMENT}.id", "must be text", id="id a number"),
        pytest.param(
            with_assessment(base="80", void=True), f"{ASSESSMENT}.void", "must be text", id="void without reason"
        ),
        pytest.param(with_assessment(base="80", answers={}, form="phone_in@1"), ASSESSMENT, "both base", id="both"),
        pytest.param(with_assessment(base="80", unreached=True), ASSESSMENT, "is unreached", id="unreached and scored"),
        pytest.param(
            with_log([AT, "busy"], base="80", penalty=True), ASSESSMENT, "beside penalty", id="log and penalty"
        ),
        pytest.param(with_log([AT, "busy"], unreached=True), ASSESSMENT, "or unreached", id="log and unreached"),
        pytest.param(
            with_assessment(base="80", subchannel="chat"), f"{ASSESSMENT}.subchannel", "online", id="sub-channel"
        ),
        pytest.param(
            with_assessment(base="80", recordings=2), f"{ASSESSMENT}.recordings", "for onsite", id="recordings by phone"
        ),
        pytest.param(
            with_assessment(base="80", variant="both"), f"{ASSESSMENT}.variant", "for onsite", id="variant by phone"
        ),
        pytest.param(
            with_assessment(answers={"PA1": True}), f"{ASSESSMENT}.form", "is missing", id="answers of no form"
        ),
        pytest.param(with_assessment(answers={}, form="x@1"), f"{ASSESSMENT}.form", "not a form of", id="unknown form"),
        pytest.param(
            with_assessment(answers={}, form="online@1"), f"{ASSESSMENT}.form", "not a form of", id="other's form"
        ),
        pytest.param(with_assessment(answers={}, form="ivrs_annex@1"), f"{ASSESSMENT}.form", "not a form", id="annex"),
        pytest.param(
            with_assessment(answers=[], form="phone_in@1"), f"{ASSESSMENT}.answers", "an object", id="no answers"
        ),
        pytest.param(
            with_log([LATER, "busy"], [AT, "busy"]), f"{ASSESSMENT}.attempts[1]", "earlier", id="out of order"
        ),
        pytest.param(with_log([AT[:19], "busy"]), f"{ASSESSMENT}.attempts[0].at", "no zone", id="no zone"),
        pytest.param(with_log(["noon", "busy"]), f"{ASSESSMENT}.attempts[0].at", "date and time", id="no time"),
        pytest.param(
            with_log(["0001-01-01T00:00:00+08:00", "busy"]), f"{ASSESSMENT}.attempts[0].at", "date", id="year 1"
        ),
        pytest.param(
            with_log([AT, "asleep"]), f"{ASSESSMENT}.attempts[0].outcome", "'asleep' is not one of", id="outcome"
        ),
        pytest.param(with_log({"at": AT}), f"{ASSESSMENT}.attempts[0].outcome", "is missing", id="no outcome"),
        pytest.param(
            with_log({"at": AT, "outcome": ["busy"]}), f"{ASSESSMENT}.attempts[0].outcome", "not one", id="list"
        ),
        pytest.param(
            with_log({"at": AT, "outcome": "busy", "in_service_hours": "no"}),
            f"{ASSESSMENT}.attempts[0].in_service_hours",
            "true or false",
            id="hours flag",
        ),
        pytest.param(
            with_log({"at": AT, "outcome": "busy", "by": "x"}), f"{ASSESSMENT}.attempts[0].by", "not a key", id="by"
        ),
        pytest.param(with_assessment(attempts="none"), f"{ASSESSMENT}.attempts", "must be a list", id="log of words"),
        pytest.param(
            a_season(an_entrant(an_entry(channel="fax"))), f"{ENTRY}.channel", "'fax' is not one of", id="channel"
        ),
        pytest.param(
            a_season(an_entrant(an_entry(onsite_variant="branch"))),
            f"{ENTRY}.onsite_variant",
            "for onsite",
            id="an onsite variant by phone",
        ),
        pytest.param(
            a_season(an_entrant(an_entry(channel="onsite", onsite_variant="all"))),
            f"{ENTRY}.onsite_variant",
            "recording, both",
            id="no such variant",
        ),
        pytest.param(
            a_season(
                an_entrant(an_entry(channel="onsite", onsite_variant="both")), rules={"onsite.variants": ["branch"]}
            ),
            f"{ENTRY}.onsite_variant",
            "not one of branch",
            id="a variant the rules do not allow",
        ),
        pytest.param(
            a_season(an_entrant(an_entry(), an_entry())),
            "entrants[0].entries[1].channel",
            "stands twice",
            id="channel twice",
        ),
        pytest.param(a_season(an_entrant(), an_entrant()), "entrants[1].id", "stands twice", id="entrant twice"),
        pytest.param(
            a_season(an_entrant(an_entry() | {"rounds": [{}]})), f"{ENTRY}.rounds", "1 rounds", id="one round"
        ),
        pytest.param(
            a_season(an_entrant(an_entry() | {"rounds": [[], {}, {}]})), f"{ENTRY}.rounds[0]", "object", id="[]"
        ),
        pytest.param(
            a_season(
                an_entrant(
                    an_entry(a_round("80", consistency=4)),
                ),
                rules={"consistency.method": "manual"},
            ),
            f"{ENTRY}.rounds[0].consistency",
            "3 is the most per round",
            id="CN07 four points",
        ),
        pytest.param(
            a_season(an_entrant(an_entry(a_round("80", consistency=2)))),
            f"{ENTRY}.rounds[0].consistency",
            "while consistency.method is sd",
            id="not manual",
        ),
        pytest.param(
            a_season(an_entrant(an_entry(a_round("80", ivrs=["88"]), channel="online"))),
            f"{ENTRY}.rounds[0].ivrs",
            "phone_in",
            id="annex elsewhere",
        ),
        pytest.param(
            a_season(an_entrant(an_entry(["80"], channel="online", ivrs_panel="88"))),
            f"{ENTRY}.ivrs_panel",
            "phone_in entries only",
            id="a panel's figure of an online entry",
        ),
        pytest.param(
            a_season(an_entrant(an_entry(["80"], ivrs_panel="101"))),
            f"{ENTRY}.ivrs_panel",
            "out of range",
            id="a panel's figure above 100",
        ),
        pytest.param(
            a_season(an_entrant(an_entry(a_round("80", ivrs=["101"])))),
            f"{ENTRY}.rounds[0].ivrs[0]",
            "range",
            id="ivrs",
        ),
        pytest.param(
            a_season(an_entrant(an_entry(faq_filed_at="2021-02-19"))), f"{ENTRY}.faq_filed_at", "zone", id="FAQ"
        ),
        pytest.param(
            a_season(an_entrant(an_entry(withdrawn="no"))), f"{ENTRY}.withdrawn", "true or false", id="withdrawn"
        ),
        pytest.param(
            a_season(an_entrant(an_entry(service={"days": [0]}))), f"{ENTRY}.service.days[0]", "weekday", id="weekday 0"
        ),
        pytest.param(
            a_season(an_entrant(an_entry(service={"hours": [["9", "18"]]}))),
            f"{ENTRY}.service.hours[0]",
            "span",
            id="hours",
        ),
        pytest.param(
            a_season(an_entrant(an_entry(service={"closed_on": ["2 April"]}))),
            f"{ENTRY}.service.closed_on[0]",
            "a date",
            id="closure",
        ),
        pytest.param(
            a_season(an_entrant(an_entry(service={"days": [1, 1]}))),
            f"{ENTRY}.service.days",
            "stands twice",
            id="day twice",
        ),
        pytest.param(
            a_season(an_entrant(an_entry(history=[{"year": 2020}]))),
            f"{ENTRY}.history[0].industry",
            "missing",
            id="history",
        ),
        pytest.param(a_season(season_format=2), "season_format", "must be 1", id="format 2"),
        pytest.param(a_season(season_format=True), "season_format", "must be 1", id="format true"),
        pytest.param(a_season(programme="x"), "programme", "use one of mystery_caller_2021", id="unknown programme"),
        pytest.param(a_season(programme=1), "programme", "must be text", id="programme a number"),
        pytest.param(a_season(rules={"grade.rounding": "up"}), "rules.grade.rounding", "half_up", id="rule"),
        pytest.param(a_season(rules={"x": 1}), "rules.x", "is not a parameter", id="unknown rule"),
        pytest.param(a_season() | {"rules": []}, "rules", "must be an object", id="rules a list"),
        pytest.param(a_season(editions_held=[2019, 2019]), "editions_held[1]", "stands twice", id="edition twice"),
        pytest.param(a_season() | {"entrants": {}}, "entrants", "must be a list", id="entrants an object"),
        pytest.param(
            {"season_format": 1, "programme": "mystery_caller_2021"}, "entrants", "is missing", id="no entrants"
        ),
        pytest.param(a_season(an_entrant(seats=-1)), "entrants[0].seats", "whole number", id="seats below 0"),
        pytest.param(a_season(an_entrant(seats="many")), "entrants[0].seats", "whole number", id="seats of words"),
        pytest.param(a_season(an_entrant(name="Harbour")), "entrants[0].name", "an object", id="name of one language"),
        pytest.param(
            a_season(an_entrant(name={"fr": "Port"})), "entrants[0].name.fr", "is not a key", id="French name"
        ),
        pytest.param(a_season(notes="x"), "notes", "start it with x_", id="unknown key of the file"),
        pytest.param(b'{"season_format": 1, "season_format": 1}', "season_format", "stands twice", id="doubled key"),
        pytest.param(b'{"x_note": {"a": 1, "a": 2}}', "x_note.a", "stands twice", id="doubled key where ignored"),
        pytest.param(b'{"x_note": [NaN]}', "x_note[0]", "NaN is not a number", id="NaN"),
        pytest.param(b'{"x_note": -Infinity}', "x_note", "-Infinity is not a number", id="infinity"),
        pytest.param(b'{"x_note": ' + b"[" * 60 + b"]" * 60 + b"}", "x_note", "deeper than 50", id="60 deep"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "the file", "deeper than 50", id="100,000 deep"),
        pytest.param(b'{"a":' * 100_000, "the file", "deeper than 50", id="100,000 objects deep"),
        pytest.param(b"", "the file", "is not JSON at line 1, column 1", id="nothing"),
        pytest.param(b'{"season_format": 1,', "the file", "is not JSON at line 1", id="cut off"),
        pytest.param(b"[]", "the file", "must be an object", id="a list"),
        pytest.param(b'{"a": "\xff"}', "the file", "is not UTF-8 at byte 7", id="not UTF-8"),
        pytest.param(b'{"season_format": ' + b"1" * 5000 + b"}", "season_format", "must be 1", id="5,000 digits"),
        pytest.param(b'{"season_format": 1e99999999}', "season_format", "must be 1", id="hostile number"),
        pytest.param(a_season(an_entrant(id="\ud800")), "entrants[0].id", "must be text", id="half a character"),
    ],
)
def test_a_bad_file_is_told(season: bytes | Json, place: str, reason: str) -> None:
    told = problems(season)
    assert any(line.startswith(f"{place}: ") and reason in line for line in told), told
    assert not any("\n" in line for line in told)


def test_assessment_ids_are_unique_within_an_entry() -> None:
    entry = an_entry(["80"], ["80"], ["80"])
    entry["rounds"][2]["assessments"][0]["id"] = "a1"
    assert problems(a_season(an_entrant(entry))) == [
        f"{ENTRY}.rounds[2].assessments[0].id: 'a1' stands twice in this entry; give each assessment its own"
    ]


def answers_of(**changes: Any) -> Json:
    answers = {"PA1": True}
    return with_assessment(form="phone_in@1", answers=answers | changes)


def test_answers_are_checked_question_by_question() -> None:
    told = problems(answers_of(ZZ9=True, PA2="loud"))
    assert any(line.startswith(f"{ASSESSMENT}.answers.ZZ9: ") for line in told)
    assert any(line.startswith(f"{ASSESSMENT}.answers.PA2: ") for line in told)
    assert any(line.startswith(f"{ASSESSMENT}.answers.PB1: ") for line in told)


def test_several_problems_are_told_at_once() -> None:
    season = a_season(an_entrant(an_entry(a_round({"base": "x"}, {"base": 101, "ease": 3}), channel="fax"), seats="?"))
    assert len(problems(season | {"programme": "x"})) >= 5


def test_very_many_problems_are_counted_and_not_all_told() -> None:
    with pytest.raises(SeasonError) as caught:
        read_season(b'{"entrants": [' + b",".join([b"0"] * 1000) + b"]}", shipped_forms())
    assert (len(caught.value.problems), caught.value.more) == (MOST_LISTED, 1000 + 2 - MOST_LISTED)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"\x00\x01nonsense" * 1_000_000, id="bytes"),
        pytest.param(b"[" * 10_000_000, id="brackets"),
        pytest.param(b"1" * 10_000_000, id="digits"),
        pytest.param(b'{"entrants": [' + b"7," * 4_999_990 + b"7]}", id="numbers"),
        pytest.param(b'{"a":1,' * 1_400_000, id="members"),
        pytest.param(b'{"x_a": "' + b"a" * 9_999_980 + b'"}', id="one long word"),
    ],
)
def test_ten_megabytes_of_nonsense_are_refused_quickly(raw: bytes) -> None:
    started = time.process_time()
    assert problems(raw)
    assert time.process_time() - started < 5


def test_x_keys_are_ignored_and_a_byte_order_mark_too() -> None:
    season = a_season(an_entrant(an_entry(x_note=[1.5, None]), x_by="me"), x_made_by={"a": [1]})
    assert read_season(b"\xef\xbb\xbf" + json.dumps(season).encode(), shipped_forms()).entrants


def test_optional_words_may_be_absent_or_null() -> None:
    entrant = an_entrant(an_entry(service=None, faq_filed_at=None), seats=None, branches=None)
    told = read_season(json.dumps(a_season(entrant)).encode(), shipped_forms()).entrants[0]
    assert (told.organisation, told.seats, told.entries[0].service) == ("entrant-1", None, None)
    assert not told.entries[0].faq_in_time
