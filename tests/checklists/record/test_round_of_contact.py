"""R-RDC: the round of a contact, by its date."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from checklists.forms.form import Channel
from checklists.record.assessment import Attempt, Contact, Measurement, Outcome
from checklists.record.round_of_contact import misplaced
from tests.builders import an_assessment

HK = ZoneInfo("Asia/Hong_Kong")


def hk(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HK)


ROUNDS = {
    1: (hk("2021-03-01T00:00"), hk("2021-05-01T00:00")),
    2: (hk("2021-05-01T00:00"), hk("2021-07-01T00:00")),
}


def tried(*moments: str) -> tuple[Attempt, ...]:
    return tuple(Attempt(at=hk(moment), outcome=Outcome.NO_ANSWER) for moment in moments)


def stamped(**stamps: str) -> dict[str, Measurement]:
    return {key: Measurement(at=hk(moment)) for key, moment in stamps.items()}


LATE = {"started_at": hk("2021-05-02T10:00")}
ONLINE, ONSITE, FACE = Channel.ONLINE, Channel.ONSITE, Channel.FACE_TO_FACE
IN_2 = "The contact began on 1 May 2021, in round 2; it counts in round 1, which it was planned for."


@pytest.mark.parametrize(
    ("record", "earlier", "said"),
    [
        pytest.param({"attempts": tried("2021-04-30T16:00", "2021-05-01T10:00")}, (), None, id="AT21"),
        pytest.param({"attempts": tried("2021-05-01T10:00")}, (), IN_2, id="a first try after the cut"),
        pytest.param({"attempts": tried("2021-05-01T00:00")}, (), IN_2, id="the cut itself is the next round's"),
        pytest.param({"attempts": tried("2021-04-30T23:59:59")}, (), None, id="the last second"),
        pytest.param({"attempts": tried("2021-03-01T00:00")}, (), None, id="the first moment"),
        pytest.param(
            {"attempts": tried("2021-02-28T23:59")},
            (),
            "The contact began on 28 Feb 2021, outside every round; it counts in round 1.",
            id="before every round",
        ),
        pytest.param(
            {"attempts": tried("2021-05-01T10:00")}, tried("2021-04-30T10:00"), None, id="a try of who held it before"
        ),
        pytest.param(
            {"channel": ONLINE, "measurements": stamped(t_sent="2021-04-30T20:00", t_resolved="2021-05-03T09:00")},
            (),
            None,
            id="a message sent before the cut and answered after it",
        ),
        pytest.param(
            {"channel": ONLINE, "measurements": stamped(t_sent="2021-05-01T08:00")}, (), IN_2, id="a message after it"
        ),
        pytest.param({"channel": FACE, "measurements": stamped(t_arrive="2021-05-01T12:00")}, (), IN_2, id="a visit"),
        pytest.param(
            {"channel": ONSITE, "measurements": stamped(t_asked="2021-05-01T12:00")}, (), IN_2, id="recordings"
        ),
        pytest.param(
            {"channel": ONSITE, "measurements": stamped(t_arrive="2021-04-30T17:00", t_asked="2021-05-01T12:00")},
            (),
            None,
            id="a visit, and recordings the day after",
        ),
        pytest.param(LATE, (), IN_2.replace("1 May", "2 May"), id="nothing stamped: when the record was begun"),
        pytest.param({"attempts": tried("2021-05-01T10:00"), "contact": Contact.VOID}, (), None, id="a void one"),
    ],
)
def test_a_contact_belongs_in_the_round_it_began_in(
    record: dict[str, Any], earlier: tuple[Attempt, ...], said: str | None
) -> None:
    """R-RDC-1, R-RDC-2."""
    told = misplaced(an_assessment(**(LATE | record)), 1, ROUNDS, HK, earlier)
    assert (None if told is None else str(told)) == said
