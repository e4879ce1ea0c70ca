"""The zone of a season is that of its rules, whatever the server's setting: a page shows the figures that decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert

from checklists import wire
from checklists.forms.form import Channel
from checklists.record.assessment import Measurement
from checklists.record.assignment import ServiceHours
from sync_server.award.desk import SeasonDesk
from sync_server.award.standings import standing_of
from sync_server.config import Config
from sync_server.database import tables
from sync_server.fieldwork.base_scores import BaseScorer
from sync_server.fieldwork.push import Arrival, push_of
from sync_server.fieldwork.record_check import Checked
from sync_server.people.permissions import Role
from tests.builders import an_assessment, an_assignment, answered, at
from tests.sync_server.desk import rule_anew, signed_in
from tests.sync_server.season_kit import ASSESSOR, TOKEN, a_call, add_assignment, body_of, device_id

# Monday noon in Hong Kong is Sunday night in New York, where nobody serves.
ELSEWHERE = "America/New_York"
WORKDAYS = ServiceHours(days=(1, 2, 3, 4, 5), hours=(("09:00", "18:00"),))
KEY = ("harbour-ferry", "online")


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, time_zone="Asia/Hong_Kong")


def an_email(server: Any) -> str:
    """An e-mail answered after five hours by the clock, kept as though its phone had sent it."""
    assignment = an_assignment(id="assignment-email", channel="online", subchannel="email", service=WORKDAYS)
    sent = a_call(files=())
    record = an_assessment(
        id=sent.id,
        assignment_id=assignment.id,
        channel=Channel.ONLINE,
        form=assignment.form,
        subchannel="email",
        contact=sent.contact,
        status=sent.status,
        finished_at=at(400),
        measurements={"t_sent": Measurement(at=at(0)), "t_human": Measurement(at=at(300))},
        answers=answered({"WA3": True}),
    )
    services = server.services
    with services.database.transaction() as db:
        db.execute(insert(tables.entries).values(entrant_id=KEY[0], channel=KEY[1]))
        add_assignment(db, assignment)
        rule_anew(db, {"tz": ELSEWHERE}, "held elsewhere")
    raw, known = body_of(record), services.assignments.get(assignment.id)
    with services.database.transaction() as db:
        bases = BaseScorer(services.forms).bases_of(record, db)
        checked = Checked(record, raw, wire.digest(raw), known, bases)
        services.intake.keep(db, [push_of(checked, Arrival(record.id, ASSESSOR, device_id(TOKEN), at(401)))])
    return record.id


def test_a_page_measures_service_time_in_the_zone_of_the_rules_as_the_award_does(desk):
    name = an_email(desk)
    with desk.services.database.reading() as db:
        entry = standing_of(SeasonDesk.of(db, desk.services.forms), KEY)
    assert entry is not None
    (scored,) = entry.rounds[0].assessments
    with signed_in(desk, Role.COORDINATOR) as client:
        page = client.get(f"/assessments/{name}").text
    # Five hours would be too long for the ease of access; in New York no hour of service had passed.
    assert scored.ease
    assert "<span>0 s</span>" in page
    assert "18000 s" not in page


def test_a_page_and_the_export_print_moments_of_an_assessment_in_the_zone_of_the_rules(desk):
    """LEX-3"""
    name = an_email(desk)
    with signed_in(desk, Role.COORDINATOR) as client:
        assert "28 Feb 23:00:00" in client.get(f"/assessments/{name}").text
        assert f"Started ({ELSEWHERE})" in client.get("/assessments/export").text
