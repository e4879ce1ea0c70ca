"""CST: what each question took off the bases of visits. Ids are those in sync_server/quality/costs.py."""

from __future__ import annotations

from typing import Any

import pytest

from checklists import wire
from checklists.score.scoring import Scorer
from sync_server.database.queries.tallies import MarkedVisit
from sync_server.pages.entry_costs import LISTED, SHOWN, cost_lines
from sync_server.quality.costs import costs, of_visit
from sync_server.quality.tally import ItemMark, VisitMarks
from sync_server.review.tallies import marks_of
from tests.builders import NOON, an_assignment
from tests.sheets import FORMS, PHONE
from tests.sync_server.season_kit import ANSWERS, a_call

FORM = FORMS["phone_in@1"]
SCORER = Scorer(PHONE, critical_effect="flag_only")


def marks(**answers: Any) -> VisitMarks:
    return marks_of(a_call(answers=ANSWERS | answers), an_assignment(), SCORER, "Asia/Hong_Kong")


def test_what_a_visit_lacks_of_100_is_what_its_questions_took() -> None:
    """CST-1: what did not apply takes nothing, and the others of its section count for more."""
    for changed in ({}, {"PC1": 0}, {"PC1": 0, "PE1": 1, "PD4": False}):
        answers = ANSWERS | changed
        base = SCORER.base(answers)
        assert base is not None
        assert sum(of_visit(marks(**changed), FORM).values()) == pytest.approx(float(100 - base), abs=0.01)


def test_a_question_costs_the_mean_over_every_connected_visit_and_names_who_lost_most() -> None:
    """CST-2 CST-3"""
    visits = [
        ("a", marks()),
        ("b", marks(PC1=0)),
        ("c", marks(PC1=2)),
        ("d", VisitMarks(form=FORM.id, connected=False)),
    ]
    dear = next(one for one in costs(visits, FORMS) if one.key == "PC1")
    lost = {each.visit: each.points for each in dear.lost}
    assert [each.visit for each in dear.lost if each.points > lost.get("a", 0)] == ["b", "c"]
    assert dear.cost == pytest.approx(sum(lost.values()) / 3)
    assert dear.asked == 3
    assert dear.text == next(one.text for one in FORM.sections[2].questions if one.id == "PC1")


@pytest.mark.parametrize(
    "visits",
    [
        pytest.param([], id="no visit"),
        pytest.param([("a", VisitMarks(form="gone@1", connected=True))], id="a form that is gone"),
        pytest.param([("a", VisitMarks(form=FORM.id, connected=True))], id="nothing applied"),
        pytest.param([("a", VisitMarks(form=FORM.id, connected=True, items=(ItemMark("PC1", None),)))], id="only N/A"),
    ],
)
def test_without_an_answer_nothing_cost_anything(visits: list[tuple[str, VisitMarks]]) -> None:
    assert costs(visits, FORMS) == []


def test_the_page_lists_the_dearest_questions_each_with_an_address_of_the_answer() -> None:
    """CST-3: none is left out without being counted."""
    body = wire.encode(marks(PC1=0)).decode()
    visits = [MarkedVisit(f"v-{number:02}", 1, NOON, "70.00", None, body) for number in range(LISTED + 3)]
    lines = cost_lines(visits, FORMS)
    assert 0 < len(lines) <= SHOWN
    assert lines[0].width == 100
    line = next(one for one in lines if one.key == "PC1")
    assert (line.full, line.asked, len(line.lost), line.more) == (0, LISTED + 3, LISTED, 3)
    assert line.lost[0].address == "/assessments/v-00#question-PC1"


def test_dbl_2_a_visit_that_somebody_is_to_score_unseen_is_counted_and_not_listed() -> None:
    body = wire.encode(marks(PC1=0)).decode()
    visits = [MarkedVisit(f"v-{number}", 1, NOON, "70.00", None, body) for number in range(2)]
    line = next(one for one in cost_lines(visits, FORMS, {"v-0"}) if one.key == "PC1")
    assert ([each.address for each in line.lost], line.more) == (["/assessments/v-1#question-PC1"], 1)
