"""The list of visits: when each is due, what is handed on, what comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from checklists.record.assessment import RecordStatus
from checklists.record.assignment import Assignment
from fieldapp.kept import Review
from fieldapp.state import Due
from tests.builders import NOON, an_assignment
from tests.fieldapp.app_kit import Phone, fill, finished_visit, programme


def due(name: str, *, days_from: float = -1, days_until: float) -> Assignment:
    return an_assignment(
        id=name, due_from=NOON + timedelta(days=days_from), due_until=NOON + timedelta(days=days_until)
    )


async def test_visits_are_grouped_by_when_they_are_due() -> None:
    phone = await fill(
        Phone(),
        due("later", days_until=30),
        due("week", days_until=6),
        due("midnight", days_until=0.5),
        due("overdue", days_until=0),
        due("not yet", days_from=2, days_until=9),
        due("week too", days_until=2),
    )
    await phone.app.start()
    assert [(group, [row.assignment_id for row in rows]) for group, rows in phone.app.groups] == [
        (Due.OVERDUE, ["overdue"]),
        (Due.TODAY, ["midnight"]),
        (Due.WEEK, ["week too", "week"]),
        (Due.LATER, ["later"]),
        (Due.NOT_YET, ["not yet"]),
    ]


@pytest.mark.parametrize(
    ("rules", "zone"),
    [
        pytest.param({"tz": "Asia/Tokyo"}, "Asia/Tokyo", id="ZON-1 the rules say it"),
        pytest.param({"tz": "Asia/Tokyo", "of.a.later.release": 1}, None, id="ZON-2 rules this app cannot read"),
        pytest.param(None, None, id="ZON-2 no rules yet"),
    ],
)
async def test_days_are_those_of_the_programme_s_zone(rules: dict[str, object] | None, zone: str | None) -> None:
    phone = await fill(Phone(), due("midnight", days_until=0.5))
    known = programme()
    held = rules and replace(known, digest="other", rules={**known.rules, **rules})
    await phone.store.save_feed(replace(phone.store.feed(), programme=held))
    await phone.app.start()
    assert (phone.app.zone and phone.app.zone.key) == zone
    await phone.app.open_visit("midnight")
    assert phone.visit.zone == phone.app.zone
    if zone:  # NOON is noon in Hong Kong: half a day on is 01:00 in Tokyo
        assert phone.app.rows[0].due is Due.WEEK


async def test_due_windows_follow_the_servers_clock_when_the_devices_is_wrong() -> None:
    phone = await fill(Phone())
    phone.clock.moment = NOON + timedelta(days=365)
    await phone.store.save_device(replace(phone.store.device(), clock_offset_s=-365 * 86400))
    await phone.app.start()
    assert phone.app.rows[0].due is Due.LATER


async def test_an_assignment_handed_on_leaves_the_list_unless_it_was_begun(phone: Phone) -> None:
    feed = replace(phone.store.feed(), handed_on=("assignment-1",))
    await phone.store.save_feed(feed)
    phone.app.on_feed(feed)
    assert list(phone.app.rows) == []
    await phone.app.open_visit("assignment-1")
    await phone.visit.answer("PB1", True)
    assert [row.withdrawn for row in phone.app.rows] == [True]


async def test_a_returned_visit_comes_first_with_the_reviewers_words(phone: Phone) -> None:
    await finished_visit(phone)
    name = phone.visit.assessment.id
    review = Review(
        id="r1", assessment_id=name, revision=1, decision="returned", reason="See PB1", comments={"PB1": "Which name?"}
    )
    feed = replace(phone.store.feed(), reviews={name: review})
    await phone.store.save_feed(feed)
    phone.app.on_feed(feed)
    assert [(row.due, row.status) for row in phone.app.rows] == [(Due.RETURNED, RecordStatus.RETURNED)]
    assert phone.visit.review == review
    assert await phone.visit.reopen()
    assert [row.status for row in phone.app.rows] == [RecordStatus.DRAFT]
    assert phone.visit.assessment.revision == 2


async def test_a_visit_whose_form_has_not_arrived_is_said_so() -> None:
    phone = await fill(Phone(), an_assignment(form="phone_in@9"))
    await phone.app.start()
    assert phone.app.rows[0].asked == 0
    assert not await phone.app.open_visit("assignment-1")
    assert phone.app.notice
    assert phone.app.notice.code == "form-missing"
    assert not await phone.app.open_visit("no-such")
    assert phone.app.notice.code == "visit-unknown"
