"""R-CB: the call-back that answers a voicemail."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from checklists.record.assessment import Attempt, Contact, Outcome
from checklists.record.assignment import ServiceHours
from checklists.record.attempts import Verdict, judge
from checklists.record.call_back import awaited_until
from checklists.rules.attempt_rules import AttemptRules
from checklists.rules.programme import load_programme

HONG_KONG = timezone(timedelta(hours=8))
OFFICE = ServiceHours(days=(1, 2, 3, 4, 5), hours=(("09:00", "18:00"),))
RULES = AttemptRules.of(load_programme("mystery_caller_2021").rules)
FIVE = ("03-01 10:00", "03-01 15:00", "03-02 10:00", "03-02 15:00", "03-03 10:00")


def on(text: str) -> datetime:
    """ "03-01 10:00" in Hong Kong, 2021; 1 March was a Monday."""
    return datetime.fromisoformat(f"2021-{text}").replace(tzinfo=HONG_KONG)


def six_with_a_voicemail(called_back: str = "") -> list[Attempt]:
    tries = [Attempt(at=on(at), outcome=Outcome.NO_ANSWER) for at in FIVE]
    tries.append(Attempt(at=on("03-03 16:00"), outcome=Outcome.VOICEMAIL))
    if called_back:
        tries.append(Attempt(at=on(called_back), outcome=Outcome.CONNECTED, call_back=True))
    return tries


@pytest.mark.parametrize(
    ("called_back", "verdict", "state", "penalty"),
    [
        pytest.param("", Verdict.COUNTS, Contact.UNREACHABLE, 1, id="nobody called back"),
        pytest.param("03-03 17:00", Verdict.CALLED_BACK, Contact.CONNECTED, 0, id="R-CB-1 within the hour"),
        pytest.param("03-04 11:00", Verdict.CALLED_BACK, Contact.CONNECTED, 0, id="R-CB-1 the night is no service"),
        pytest.param("03-04 11:01", Verdict.COUNTS, Contact.CONNECTED, 1, id="R-CB-2 later it only connects"),
    ],
)
def test_a_call_back_in_time_takes_the_failure_away(
    called_back: str, verdict: Verdict, state: Contact, penalty: int
) -> None:
    series = judge(six_with_a_voicemail(called_back), RULES, OFFICE)
    assert (series.tries[5].verdict, series.state, series.penalty) == (verdict, state, penalty)


def test_a_message_waits_for_four_hours_of_service() -> None:
    assert awaited_until(six_with_a_voicemail(), OFFICE, HONG_KONG) == on("03-04 11:00")
    assert awaited_until(six_with_a_voicemail()[:5], OFFICE, HONG_KONG) is None


def test_a_voicemail_logged_by_mistake_awaits_nothing() -> None:
    mistake = Attempt(at=on("03-03 16:00"), outcome=Outcome.VOICEMAIL, taken_back_at=on("03-03 16:00"))
    assert awaited_until([mistake], OFFICE, HONG_KONG) is None


def test_without_filed_hours_every_hour_is_of_service() -> None:
    assert awaited_until(six_with_a_voicemail(), None, HONG_KONG) == on("03-03 16:00") + timedelta(hours=4)
