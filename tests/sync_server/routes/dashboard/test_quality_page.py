"""Quality: a page of statistics over what came in, each line with its check and its plot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from checklists import wire
from checklists.forms.file import shipped_forms
from sync_server.database.engine import Database
from sync_server.database.queries.quality import ScoredRow
from sync_server.database.queries.tallies import ScenarioCount, SpreadRow, TallyRow
from sync_server.database.queries.users import user_named
from sync_server.pages.plot import LENIENCY, SCORES, Spot, spot
from sync_server.pages.quality import PARTS, quality_view
from sync_server.pages.quality_coverage import coverage_view
from sync_server.pages.quality_rounds import rounds_view
from sync_server.pages.quality_sums import items_view, service_view
from sync_server.pages.season_map import Cell, Group, Line, RoundLine, SeasonMap
from sync_server.pages.standings import by_entry
from sync_server.people.permissions import Role
from sync_server.quality.coverage import Light
from sync_server.quality.items import FEW
from sync_server.quality.tally import ItemMark, VisitMarks, WaitMark, tally_of
from sync_server.review.outcome import By
from sync_server.season.rules import rules_in_force
from tests.builders import NOON, both
from tests.sync_server.desk import form_token, signed_in
from tests.sync_server.review.review_kit import score_second
from tests.sync_server.season_kit import ANSWERS, ASSESSOR
from tests.sync_server.whole_desk import forms_of

ZONE = ZoneInfo("Asia/Hong_Kong")


def rows(assessor: str, *bases: float, entrant: str = "ferry") -> list[ScoredRow]:
    return [
        ScoredRow(f"{assessor}-{place}", assessor, entrant, "phone_in", 1, base) for place, base in enumerate(bases)
    ]


def test_the_page_of_a_round_tells_who_stands_out_and_which_score_lies_far_off() -> None:
    """LNY-3, FAR-1"""
    every = [*rows("lenient", *[95.0, 96] * 4), *rows("usual", *[80.0, 84, 82, 86] * 3, 40.0)]
    view = quality_view(every, {"lenient": "Ms Lenient"}, {"ferry": both("Ferry")})
    assert [(line.id, line.name, line.how.is_flagged) for line in view.assessors] == [
        ("usual", "usual", True),
        ("lenient", "Ms Lenient", True),
    ]
    assert [(one.row.base, one.median) for one in view.far_off] == [(40.0, 86.0)]
    assert view.assessors[1].spread == pytest.approx(0.5345, abs=1e-4)
    assert all(line.spot.low and line.spot.high for line in view.assessors)


def test_plt_1_what_lies_beyond_a_scale_stands_at_its_end() -> None:
    assert [SCORES.along(value) for value in (20, 60, 80, 100)] == ["0.0", "0.0", "96.0", "192.0"]
    assert LENIENCY.along(-30) == "0.0"
    assert (spot(SCORES, None), spot(SCORES, 80, (70, 90))) == (Spot(), Spot("96.0", "", "48.0", "144.0"))
    assert [name for _, name, _ in LENIENCY.names] == ["-10", "-3", "0", "3", "10"]


def a_spread(number: int, mean: float, error: float | None, *, groups: int = 6) -> SpreadRow:
    return SpreadRow("ferry", "phone_in", number, 6, mean, error, groups)


def test_rounds_have_intervals_and_changes(database: Database) -> None:
    """QIV-1, QIV-3, QIV-5"""
    with database.reading() as db:
        rules = rules_in_force(db)
    spreads = by_entry([a_spread(1, 88.0, 2.068), a_spread(2, 91.0, 1.177), a_spread(3, 97.0, 0.5)])
    first, second, third = (rounds_view(spreads, number, {}, (), rules).rounds[0] for number in (1, 2, 3))
    assert (first.step, first.is_borderline) == (None, True)
    assert (round(second.step or 0, 1), second.is_clear, second.is_borderline) == (3.0, False, True)
    assert (round(third.step or 0, 1), third.is_clear, third.is_borderline) == (6.0, True, False)
    assert rounds_view(by_entry([a_spread(1, 88.0, None)]), 1, {}, (), rules).rounds == []


def a_tally(*visits: VisitMarks) -> TallyRow:
    return TallyRow("ferry", "phone_in", 1, "", 0, None, None, 0, wire.encode(tally_of(visits)).decode())


def test_questions_go_in_the_order_of_their_form() -> None:
    name = "phone_in@1"
    form = shipped_forms()[name]
    marks = tuple(ItemMark(key, share) for key, share in (("gone", 0.0), ("PA3", 0.5), ("PA1", 1.0)))
    view = items_view([a_tally(VisitMarks(form=name, connected=True, items=marks))], {name: form})
    assert [(line.key, line.how.share, line.how.words) for line in view.forms[0].lines] == [
        ("PA1", 1.0, FEW),
        ("PA3", 0.5, FEW),
        ("gone", 0.0, FEW),
    ]


def test_service_is_told_with_its_interval_the_slowest_first() -> None:
    """SVL-2, CVG-3"""
    quick, slow = (
        a_tally(*[VisitMarks(form="f", connected=True, tries=1, waits=(WaitMark("wait_sec", seconds, 20.0),))] * 20)
        for seconds in (5.0, 30.0)
    )
    view = service_view([quick, slow._replace(entrant_id="tram")], {}, {"wait_sec": both("Wait")})
    assert [(line.key[0], line.waits.level) for line in view.waits] == [("tram", 0.0), ("ferry", 1.0)]
    assert (view.low, [line.how.first_try for line in view.reach]) == (0, [1.0, 1.0])


def test_qcv_1_an_entry_is_told_by_its_poorest_index_and_its_thin_months() -> None:
    """CVG-1, CVG-2"""
    opens = datetime(2026, 9, 1, tzinfo=ZONE)
    around = RoundLine(1, "20", 20, 20, 100, opens, datetime(2026, 11, 1, tzinfo=ZONE))
    cells = [Cell(1, 20, 20, False, False, {}), Cell(1, 3, 20, False, False, {})]
    lines = [
        Line(name, both(name), "phone_in", [cell], None) for name, cell in zip(("ferry", "tram"), cells, strict=True)
    ]
    season = SeasonMap([around], [Group(both("x"), lines)], (), 1, 2, 2)
    counts = [ScenarioCount("ferry", "phone_in", name, 10, done) for name, done in (("lost", 15), ("fees", 5))]
    begun = {("ferry", "phone_in"): [f"2026-09-{day:02}T02:00:00.000000Z" for day in range(1, 8)]}
    now = (opens + timedelta(days=90)).astimezone(UTC)
    view = coverage_view(season, 1, counts, begun, zone=ZONE, now=now)
    (line,) = view.lines
    assert (line.poorest, float(line.indices["scenario"]), line.light) == ("scenario", 0.75, Light.RED)
    assert (line.thin, view.few, view.poor) == (["2026-09", "2026-10"], 1, 1)


def test_the_office_sees_every_part_and_nobody_else(arrived: Any, desk: Any) -> None:
    with signed_in(desk, Role.VIEWER) as client:
        page = client.get("/quality").text
        assert [
            words for words in ("Who marks apart", f"Name of {ASSESSOR}", "Scores far off") if words not in page
        ] == []
        assert client.get("/quality?round=9").status_code == 200
        parts = [f"/quality/{part}" for part in PARTS if part != "scores"]
        assert {part: client.get(f"{part}?round=9").status_code for part in parts} == dict.fromkeys(parts, 200)
        assert client.get("/quality/scores").status_code == 404
        assert "No visit of this round was scored twice yet" in client.get("/quality/agreement").text
        assert client.get(f"/quality/second-scores/{arrived[0].id}").status_code == 403
    with signed_in(desk, Role.ENTRANT) as client:
        assert [client.get(path).status_code for path in ("/quality", "/quality/items")] == [403, 403]


def test_a_visit_is_scored_a_second_time_on_a_page_that_shows_no_answer(arrived: Any, desk: Any) -> None:
    """DBL-2, DBL-4, FORM-1"""
    address = f"/quality/second-scores/{arrived[0].id}"
    with signed_in(desk, Role.REVIEWER) as client:
        first = client.get(address).text
        assert "Before you look at it" in first
        assert "PC1" not in first
        (tie,) = [form for form in forms_of(first) if form.action.endswith("/tie")]
        client.post(tie.action, data={**tie.fields, "tie": "no"})
        page = client.get(address).text
        (marks,) = [form for form in forms_of(page) if form.action.endswith("/marks")]
        assert "data-guard" in marks.buttons[0]
        assert {value for key, value in marks.fields.items() if key.startswith("P")} == {""}
        missing = client.post(marks.action, data={**marks.fields, "PC1": "4", "act": "final"})
        assert (missing.status_code, "Answer every question first" in missing.text) == (409, True)
        answers = {key: str(value).lower() if value in (True, False) else str(value) for key, value in ANSWERS.items()}
        assert client.post(marks.action, data={**marks.fields, **answers, "act": "final"}).status_code == 303
        agreed = client.get(address).text
        assert ("Agreed: the mean is used" in agreed, "Before you look at it" in agreed) == (True, False)
        assert "Every pair is settled" in client.get("/quality/agreement").text
    with signed_in(desk, Role.COORDINATOR) as client:
        client.get(f"/bench/{arrived[0].id}")
        assert "Agreed: the mean is used" in client.get(address).text
        assert "1 settled pair does not count yet" in client.get("/quality/agreement?round=1").text
        settled = client.get("/quality/settled?round=1").text
        (count,) = [form for form in forms_of(settled) if form.action == "/quality/settled"]
        other = client.post(count.action, data={**count.fields, "effects": "of others", "reason": "As the rules say."})
        assert (other.status_code, "As the rules say." in other.text) == (409, True)
        assert client.post(count.action, data={**count.fields, "reason": "As the rules say."}).status_code == 303
        assert "Every settled score of this round counts" in client.get("/quality/settled?round=1").text
        assert "counts, their mean" in client.get(f"/assessments/{arrived[0].id}").text
    with signed_in(desk, Role.VIEWER) as client:
        assert client.get("/quality/settled?round=1").status_code == 200
        assert client.post("/quality/settled", data={"csrf": form_token(client)}).status_code == 403


def test_of_a_pair_that_is_apart_only_who_scored_it_reads_the_figures_and_in_words(arrived: Any, desk: Any) -> None:
    """DBL-2, DBL-4: whoever else looks may have to be the third person."""
    address = f"/quality/second-scores/{arrived[0].id}"
    with desk.services.database.transaction() as db:
        judge = user_named(db, Role.REVIEWER)
        score_second(db, arrived[0].id, By(judge.id, NOON), PC1="0", PC2="0", PC3="false")
    with signed_in(desk, Role.REVIEWER) as client:
        own = client.get(address).text
        assert "first: 4 of 4, second: 0 of 4" in own
        assert ("Talk, and score it once more" in own, "Before you look at it" in own) == (True, False)
    with signed_in(desk, Role.COORDINATOR) as client:
        other = client.get(address).text
        assert "The two who scored it talk first" in other
        assert ("First:" in other, "Before you look at it" in other) == (False, False)
