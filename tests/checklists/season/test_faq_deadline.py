"""R9: when an FAQ is late; without a deadline none is, and the result says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checklists.season.result import result_json
from checklists.season.working import entry_named, working_text
from tests.seasons import a_season, an_entrant, an_entry, scored

LATE = {"faq_filed_at": "2021-02-19T10:00:00+08:00"}
NONE_SET = "no FAQ deadline is set (faq.deadline): no FAQ is late"


@pytest.mark.parametrize(
    ("filed", "rules", "faq", "said"),
    [
        pytest.param({}, {}, "0", False, id="absent is in time"),
        pytest.param(LATE, {}, "-1", False, id="late by the programme's own deadline"),
        pytest.param({"faq_filed_at": None}, {}, "-1", False, id="never filed"),
        pytest.param(LATE, {"faq.deadline": None}, "0", True, id="no deadline: not late"),
        pytest.param({"faq_filed_at": None}, {"faq.deadline": None}, "0", True, id="no deadline: not even never filed"),
        pytest.param(LATE, {"faq.deadline": "2021-03-01T00:00:00+08:00"}, "0", False, id="a later deadline"),
    ],
)
def test_an_faq_is_late_by_a_deadline_alone(filed: dict[str, Any], rules: dict[str, Any], faq: str, said: bool) -> None:
    score = scored(a_season(an_entrant(an_entry(["80"], **filed)), rules=rules))
    (entry,) = json.loads(result_json(score))["entries"]
    assert (entry["rounds"][0]["faq"], NONE_SET in entry["warnings"]) == (faq, said)
    named = entry_named(score, "entrant-1/phone_in")
    assert named is not None
    assert (NONE_SET in working_text(score, named, "en")) is said
