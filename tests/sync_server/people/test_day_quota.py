"""QUO: how much a device may send in a day. Ids are those in people/day_quota.py."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync_server.people.day_quota import DayQuota
from tests.builders import NOON
from tests.sync_server.season_kit import OTHER_TOKEN, a_call, body_of

HOUR = 3_600


@pytest.mark.parametrize(
    ("sent", "waits_s"),
    [
        pytest.param([(0, "a", 60), (1, "a", 40)], [0, 0], id="QUO-1 as much as there may be"),
        pytest.param([(0, "a", 60), (1, "a", 41)], [0, 23 * HOUR], id="QUO-1 more than that waits"),
        pytest.param([(0, "a", 60), (1, "a", 41), (2, "a", 40)], [0, 23 * HOUR, 0], id="QUO-1 and is not counted"),
        pytest.param([(0, "a", 100), (0, "b", 100)], [0, 0], id="QUO-1 each device for itself"),
        pytest.param([(0, "a", 100), (24, "a", 100)], [0, 0], id="QUO-1 the next day begins anew"),
        pytest.param([(5, "a", 100), (0, "a", 100)], [0, 0], id="QUO-1 a clock put back shuts nobody out"),
    ],
)
def test_a_device_may_send_so_much_in_a_day(sent: list[tuple[int, str, int]], waits_s: list[int]) -> None:
    quota = DayQuota(100)
    assert [quota.wait_s(name, size, NOON + timedelta(hours=hours)) for hours, name, size in sent] == waits_s


def test_a_record_beyond_it_is_put_off_and_a_phone_tries_again(desk, monkeypatch):
    """QUO-1"""
    body = body_of(call := a_call())
    monkeypatch.setattr(desk.services.quota, "_most_bytes", len(body) * 2)
    with desk.client() as phone:
        answers = [phone.put(f"/api/v1/assessments/{call.id}", content=body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "device-quota"
    assert int(answers[2].headers["Retry-After"]) > HOUR
    with desk.client(OTHER_TOKEN) as another:
        assert another.put(f"/api/v1/assessments/{call.id}", content=body).status_code != 429
