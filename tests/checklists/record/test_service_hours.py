"""R-SVC: filed service hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from checklists.record.assignment import ServiceHours
from checklists.record.service_hours import (
    is_open,
    is_open_on,
    is_suspended_on,
    last_day,
    minute_of_day,
    service_seconds,
    serving,
)

TZ = ZoneInfo("Asia/Hong_Kong")
OFFICE = ServiceHours(
    days=(1, 2, 3, 4, 5), hours=(("09:00", "13:00"), ("14:00", "18:00")), closed_on=(date(2021, 4, 2),)
)
NIGHT = ServiceHours(days=(5,), hours=(("20:00", "04:00"),))


def on(text: str) -> datetime:
    return datetime.fromisoformat(f"2021-{text}").replace(tzinfo=TZ)


@pytest.mark.parametrize(
    ("service", "at", "expected"),
    [
        pytest.param(OFFICE, "03-01 09:00", True, id="R-SVC-1 open at the first minute"),
        pytest.param(OFFICE, "03-01 08:59:59", False, id="R-SVC-1 closed just before"),
        pytest.param(OFFICE, "03-01 17:59:59", True, id="R-SVC-1 open just before the end"),
        pytest.param(OFFICE, "03-01 18:00", False, id="R-SVC-1 closed at the end"),
        pytest.param(OFFICE, "03-01 13:30", False, id="closed at lunch"),
        pytest.param(OFFICE, "03-06 10:00", False, id="closed on Saturday"),
        pytest.param(OFFICE, "04-02 10:00", False, id="R-SVC-3 closed on a filed date"),
        pytest.param(NIGHT, "03-06 03:59", True, id="R-SVC-2 Friday's night runs into Saturday"),
        pytest.param(NIGHT, "03-05 03:00", False, id="R-SVC-2 Thursday has no night"),
        pytest.param(None, "03-06 03:00", True, id="R-SVC-4 no filed hours"),
    ],
)
def test_is_open(service: ServiceHours | None, at: str, expected: bool) -> None:
    assert is_open(service, on(at), TZ) is expected


def test_the_clock_is_that_of_the_programme_whatever_zone_the_moment_has() -> None:
    assert is_open(OFFICE, on("03-01 09:00").astimezone(ZoneInfo("America/New_York")), TZ)


@pytest.mark.parametrize(
    ("since", "until", "seconds"),
    [
        pytest.param("03-01 10:00", "03-01 10:30", 1800, id="within one span"),
        pytest.param("03-01 12:00", "03-01 15:00", 7200, id="over lunch"),
        pytest.param("03-05 17:00", "03-08 10:00", 7200, id="over a weekend"),
        pytest.param("04-01 17:00", "04-05 10:00", 7200, id="over a closure"),
        pytest.param("03-01 15:00", "03-01 14:00", 0, id="backwards is none"),
    ],
)
def test_service_seconds(since: str, until: str, seconds: int) -> None:
    assert service_seconds(OFFICE, on(since), on(until), TZ) == seconds


def test_service_seconds_of_always_open_are_all_of_them() -> None:
    assert service_seconds(None, on("03-01 10:00"), on("03-02 10:00"), TZ) == 86_400


def test_overlapping_spans_are_counted_once() -> None:
    service = ServiceHours(hours=(("09:00", "12:00"), ("11:00", "13:00")))
    assert service_seconds(service, on("03-01 00:00"), on("03-02 00:00"), TZ) == 4 * 3600


def test_service_days_are_counted_from_the_first_whatever_it_is() -> None:
    assert last_day(date(2021, 3, 6), 3, partial(is_open_on, OFFICE)) == date(2021, 3, 9)
    assert last_day(date(2021, 3, 6), 3, partial(is_open_on, ServiceHours(days=()))) - date(2021, 3, 6) > timedelta(
        days=365
    )


def test_no_hours_is_no_service() -> None:
    assert not is_open_on(ServiceHours(hours=()), date(2021, 3, 1))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("00:00", 0),
        ("09:30", 570),
        ("24:00", 1440),
        ("24:01", None),
        ("9:30", None),
        ("09:60", None),
        ("ab:cd", None),
        ("09:3\u0661", None),
    ],
)
def test_times_of_day_are_read_strictly(text: str, minutes: int | None) -> None:
    assert minute_of_day(text) == minutes


# A typhoon from Monday 13:30 to Wednesday noon.
TYPHOON = replace(OFFICE, suspended=((on("03-01 13:30"), on("03-03 12:00")),))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param("03-01 12:59", True, id="R-SVC-5 before it"),
        pytest.param("03-01 14:30", False, id="R-SVC-5 within it"),
        pytest.param("03-03 12:00", True, id="R-SVC-5 at its end"),
    ],
)
def test_a_suspension_closes_the_service(at, expected):
    assert is_open(TYPHOON, on(at), TZ) is expected


def test_r_svc_5_seconds_and_days_leave_a_suspension_out():
    assert service_seconds(TYPHOON, on("03-01 09:00"), on("03-03 18:00"), TZ) == (4 + 1 + 4) * 3600
    assert [day for day in range(1, 8) if is_suspended_on(TYPHOON, date(2021, 3, day), TZ)] == [2]
    evening = replace(OFFICE, suspended=((on("03-01 08:00"), on("03-01 18:00")),))
    assert is_suspended_on(evening, date(2021, 3, 1), TZ)  # nothing of its service was left
    assert not is_suspended_on(evening, date(2021, 3, 6), TZ)


ROUND_THE_CLOCK = ServiceHours()


@pytest.mark.parametrize(
    ("service", "at", "span"),
    [
        pytest.param(OFFICE, "03-01 10:00", ("03-01 09:00", "03-01 13:00"), id="until it shuts for lunch"),
        pytest.param(OFFICE, "03-01 13:00", ("03-01 14:00", "03-01 18:00"), id="shut: the next one"),
        pytest.param(OFFICE, "03-05 19:00", ("03-08 09:00", "03-08 13:00"), id="over the weekend"),
        pytest.param(NIGHT, "03-06 03:00", ("03-05 20:00", "03-06 04:00"), id="past midnight"),
        pytest.param(ROUND_THE_CLOCK, "03-05 19:00", None, id="R-SVC-6 never shuts"),
        pytest.param(None, "03-05 19:00", None, id="nothing filed"),
        pytest.param(ServiceHours(days=()), "03-05 19:00", None, id="never opens"),
    ],
)
def test_the_span_of_service_now_or_next(service: ServiceHours | None, at: str, span: tuple[str, str] | None) -> None:
    assert serving(service, on(at), TZ) == (tuple(map(on, span)) if span else None)
