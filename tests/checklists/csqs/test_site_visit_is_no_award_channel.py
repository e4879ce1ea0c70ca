"""CSQ-1, R-PRG-3, R-RDC-3: a site visit is of the programme that names it; the Mystery Caller Award refuses it."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

import pytest

from checklists.csqs.standard import csqs, site_visit_form
from checklists.forms.file import shipped_forms
from checklists.forms.form import AWARD_CHANNELS, Channel
from checklists.plan.quota import Plan, Size, plan_of
from checklists.problems import ProblemsError
from checklists.record.assessment import Assessment
from checklists.record.derived import circumstances
from checklists.record.findings import findings
from checklists.record.round_of_contact import misplaced
from checklists.record.sheet import sheet_of
from checklists.rules.programme import load_programme
from checklists.score.ease import EaseTest, ease
from checklists.season.file import read_season
from tests.builders import an_assessment, an_assignment
from tests.seasons import a_season, an_entrant, an_entry

AWARD = load_programme("mystery_caller_2021")


def test_each_programme_names_its_channels() -> None:
    """R-PRG-3."""
    assert AWARD.channels == tuple(channel.value for channel in AWARD_CHANNELS)
    assert Channel.SITE_VISIT.value not in AWARD.channels
    assert csqs().allows(Channel.SITE_VISIT)
    assert not any(csqs().allows(channel) for channel in AWARD_CHANNELS)


def test_a_season_of_the_award_refuses_an_entry_by_site_visit() -> None:
    season = a_season(an_entrant(an_entry(channel="site_visit")))

    with pytest.raises(ProblemsError) as refused:
        read_season(json.dumps(season).encode(), shipped_forms())

    assert "site_visit" in str(refused.value)
    assert "entries[0].channel" in str(refused.value)


def test_a_site_visit_meets_no_quota_of_the_award() -> None:
    assert plan_of(Channel.SITE_VISIT, Size(seats=40, branches=9), AWARD.rules) == Plan(group=None, quota=None)


def test_a_site_visit_earns_no_bonus_of_the_award() -> None:
    record = _visit()

    assert not ease(record, sheet_of(record, FORMS), EaseTest.of(AWARD.rules), circumstances=WHERE).met


def test_a_site_visit_is_of_no_round_and_never_misplaced() -> None:
    """R-RDC-3."""
    assert misplaced(_visit(), 9, {}, UTC) is None


def test_nothing_seen_wants_no_evidence_and_a_step_does() -> None:
    record = _visit(answers={"S101": 0, "S102": 1})

    open_still = findings(record, sheet_of(record, FORMS), circumstances=WHERE)
    wanted = {finding.question for finding in open_still if finding.code == "evidence-missing"}

    assert wanted == {"S102"}


FORMS = {site_visit_form().id: site_visit_form()}
WHERE = circumstances(an_assignment(channel=Channel.SITE_VISIT, form="site_visit@1", variant="full"), "Asia/Hong_Kong")


def _visit(**changes: Any) -> Assessment:
    return an_assessment(channel=Channel.SITE_VISIT, form="site_visit@1", variant="full", **changes)
