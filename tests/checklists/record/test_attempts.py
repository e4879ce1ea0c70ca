"""R-ATT: the six-tries rule. AT ids are the worked cases of the rules page."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import replace

from checklists.forms.form import Channel
from checklists.record.assessment import Attempt, Contact, Outcome
from checklists.record.assignment import ServiceHours
from checklists.record.attempts import Series, Verdict, judge, label, next_try
from checklists.rules.attempt_rules import AttemptRules
from checklists.rules.programme import load_programme

HONG_KONG = timezone(timedelta(hours=8))
OFFICE = ServiceHours(days=(1, 2, 3, 4, 5), hours=(("09:00", "18:00"),))


def rules(**changes: Any) -> AttemptRules:
    names = {"penalty": "unreachable.penalty", "max_penalty": "unreachable.max_penalty"}
    overrides = {names.get(name, f"attempts.{name}"): value for name, value in changes.items()}
    return AttemptRules.of(load_programme("mystery_caller_2021", overrides).rules)


def on(text: str) -> datetime:
    """ "03-01 10:00" in Hong Kong, 2021; 1 March was a Monday."""
    return datetime.fromisoformat(f"2021-{text}").replace(tzinfo=HONG_KONG)


def log(text: str) -> list[Attempt]:
    """One try a part: "03-01 10:00 busy", no_answer by default, "!" outside service hours."""
    attempts = []
    for part in text.split(";"):
        words = part.replace("!", "").split()
        attempts.append(
            Attempt(
                at=on(f"{words[0]} {words[1]}"),
                outcome=Outcome(words[2] if len(words) > 2 else "no_answer"),
                in_service_hours="!" not in part,
            )
        )
    return attempts


FIVE = "03-01 10:00; 03-01 15:00; 03-02 10:00; 03-02 15:00; 03-03 10:00"
SIX = FIVE + "; 03-03 15:00"
SPREAD = "03-01 17:00; 03-02 10:00; 03-02 15:00; 03-03 10:00; 03-03 15:00; 03-04 16:00"
SEVEN = "03-01 10:00; 03-03 10:00; 03-03 15:00; 03-04 10:00; 03-05 10:00; 03-05 13:00; 03-05 16:00"
ONE_DAY = "03-01 10:00; 03-01 10:20; 03-01 10:40; 03-01 11:00; 03-01 11:20; 03-01 11:40"
STORM = SIX.replace("03-02 10:00", "03-02 10:00 severe_weather").replace("03-02 15:00", "03-02 15:00 severe_weather")
SECOND = "03-11 10:00; 03-11 15:00; 03-12 10:00; 03-12 15:00; 03-13 10:00; 03-13 15:00"


def told(series: Series) -> tuple[str, int, int]:
    return series.state.value, series.counted, int(series.penalty)


@pytest.mark.parametrize(
    ("tries", "changes", "expected"),
    [
        pytest.param(SIX, {}, ("unreachable", 6, 1), id="AT01 six failures in three days"),
        pytest.param(FIVE + "; 03-03 15:00 connected", {}, ("connected", 5, 0), id="AT02 the sixth connects"),
        pytest.param(FIVE, {}, ("open", 5, 0), id="AT03 five failures only"),
        pytest.param(FIVE + "; 03-03 23:59", {}, ("unreachable", 6, 1), id="AT05 sixth at 23:59 of day 3"),
        pytest.param(FIVE + "; 03-04 00:00", {}, ("open", 6, 0), id="AT06 sixth at 00:00 of day 4"),
        pytest.param(SPREAD, {}, ("open", 6, 0), id="AT07 four dates, 71 hours, calendar"),
        pytest.param(SPREAD, {"window": "anchored_72h"}, ("unreachable", 6, 1), id="AT08 the same in 72 hours"),
        pytest.param(
            SEVEN, {"window": "sliding_calendar"}, ("unreachable", 7, 1), id="AT10 sliding: 3-5 March hold six"
        ),
        pytest.param(SEVEN, {}, ("open", 7, 0), id="AT10 the same log anchored lapses"),
        pytest.param(FIVE + "; 03-03 22:30 !", {}, ("open", 5, 0), id="AT11 one outside service hours"),
        pytest.param(FIVE + "; 03-03 10:15", {}, ("unreachable", 6, 1), id="AT14 a gap of exactly 15 minutes"),
        pytest.param(FIVE + "; 03-03 10:14", {}, ("open", 5, 0), id="AT14 a gap just under"),
        pytest.param(
            STORM,
            {},
            ("open", 4, 0),
            id="AT17 No. 8 signal on day 2",
        ),
        pytest.param(ONE_DAY, {}, ("unreachable", 6, 1), id="AT18 all six on one day"),
        pytest.param(f"{SIX};{SECOND}", {}, ("unreachable", 12, 1), id="AT19 a second full window costs nothing more"),
        pytest.param(
            f"{SIX};{SECOND}", {"max_penalty": 2}, ("unreachable", 12, 1), id="R-ATT-5 once, whatever the most"
        ),
        pytest.param(SIX, {"penalty": 3, "max_penalty": 2}, ("unreachable", 6, 2), id="R-ATT-5 never above the most"),
        pytest.param(
            SIX + "; 03-03 16:00 connected", {}, ("connected", 6, 1), id="connected on the 7th: penalty stands"
        ),
        pytest.param(
            SIX + "; 03-03 16:00 connected", {"late_connect": "waive"}, ("connected", 6, 0), id="connected late, waived"
        ),
        pytest.param(SIX, {"late_connect": "waive"}, ("unreachable", 6, 1), id="never connected, nothing to waive"),
        pytest.param(
            "03-01 10:00 connected;" + SIX.replace("03-01 10:00", "03-01 11:00"),
            {},
            ("connected", 0, 0),
            id="R-ATT-2 tries after the connection are ignored",
        ),
        pytest.param(
            FIVE + "; 03-03 10:01 connected !", {}, ("connected", 5, 0), id="R-ATT-2 at any hour, within any gap"
        ),
        pytest.param(
            FIVE + "; 03-03 15:00 voicemail", {"connected": "any_answer"}, ("connected", 5, 0), id="any answer connects"
        ),
        pytest.param(
            FIVE + "; 03-03 15:00 busy", {"connected": "any_answer"}, ("unreachable", 6, 1), id="busy does not"
        ),
        pytest.param(
            FIVE + "; 03-03 22:30 !", {"in_service_hours": False}, ("unreachable", 6, 1), id="hours not asked"
        ),
        pytest.param(
            FIVE.replace("03-01 10:00", "03-01 09:50") + "; 03-03 10:05; 03-03 10:10; 03-03 10:16",
            {},
            ("unreachable", 6, 1),
            id="R-ATT-1 the gap is to the last counted try",
        ),
        pytest.param(
            "03-01 23:50; 03-02 00:00; 03-05 23:55; 03-06 00:05; 03-06 00:10",
            {},
            ("open", 3, 0),
            id="R-ATT-1 the gap runs across windows",
        ),
        pytest.param(
            "03-01 10:00; 03-04 09:00; 03-04 10:00; 03-04 10:00 caller_network_fault",
            {"window": "anchored_72h"},
            ("open", 3, 0),
            id="72 hours: exactly 72 is inside, too few tries",
        ),
        pytest.param(
            "03-01 10:00; 03-02 10:00; 03-02 11:00; 03-03 10:00; 03-03 11:00; 03-04 10:00",
            {"window": "anchored_72h"},
            ("unreachable", 6, 1),
            id="72 hours: a try exactly 72 h after the first is inside",
        ),
        pytest.param(
            "03-01 10:00; 03-02 10:00; 03-02 11:00; 03-03 10:00; 03-03 11:00; 03-04 10:01",
            {"window": "anchored_72h"},
            ("open", 6, 0),
            id="72 hours: a minute later is not",
        ),
        pytest.param(
            "03-01 10:00 closed; 03-01 11:00 misdial", {}, ("open", 0, 0), id="dispositions that do not count"
        ),
    ],
)
def test_a_log_comes_to(tries: str, changes: dict[str, Any], expected: tuple[str, int, int]) -> None:
    """R-ATT-1, R-ATT-2, R-ATT-3, R-ATT-4, R-ATT-5, R-WIN-1, R-WIN-2: a case names its rule or its worked case."""
    assert told(judge(log(tries), rules(**changes))) == expected


# Thursday and Friday, then Monday: three days of service for an office.
OVER_A_WEEKEND = "03-04 10:00; 03-04 15:00; 03-05 10:00; 03-05 15:00; 03-08 10:00; 03-08 15:00"


@pytest.mark.parametrize(
    ("tries", "service", "window", "state"),
    [
        pytest.param(OVER_A_WEEKEND, OFFICE, "service_days", "unreachable", id="the weekend does not count"),
        pytest.param(OVER_A_WEEKEND, OFFICE, "anchored_calendar", "open", id="in calendar days it does"),
        pytest.param(OVER_A_WEEKEND, None, "service_days", "open", id="always open: every date is a day"),
        pytest.param(
            OVER_A_WEEKEND.replace("03-08", "03-09"),
            ServiceHours(days=OFFICE.days, hours=OFFICE.hours, closed_on=(datetime(2021, 3, 8).date(),)),  # noqa: DTZ001
            "service_days",
            "unreachable",
            id="a filed closure does not count",
        ),
        pytest.param(OVER_A_WEEKEND.replace("03-08", "03-09"), OFFICE, "service_days", "open", id="a fourth day does"),
    ],
)
def test_service_days_follow_the_entrant(tries: str, service: ServiceHours | None, window: str, state: str) -> None:
    assert judge(log(tries), rules(window=window), service).state.value == state


def test_filed_hours_decide_where_the_try_does_not_say() -> None:
    attempts = [
        Attempt(at=on("03-01 08:59"), outcome=Outcome.BUSY),
        Attempt(at=on("03-01 18:00"), outcome=Outcome.BUSY),
    ]
    assert [judged.verdict for judged in judge(attempts, rules(), OFFICE).tries] == [Verdict.OUTSIDE_SERVICE_HOURS] * 2


def test_a_try_without_a_stamp_counts_only_where_none_is_required() -> None:
    attempts = [Attempt(at=on("03-01 10:00"), outcome=Outcome.BUSY, stamped=False)]
    assert judge(attempts, rules()).counted == 0
    assert judge(attempts, rules(require_stamp=False)).counted == 1


@pytest.mark.parametrize(
    ("channel", "subchannel", "applies"),
    [
        (Channel.PHONE_IN, None, True),
        (Channel.ONLINE, "chat", True),
        (Channel.ONLINE, "email", False),
        (Channel.ONLINE, None, False),
        (Channel.ONSITE, None, False),
        (Channel.FACE_TO_FACE, None, False),
    ],
    ids=str,
)
def test_at20_the_rule_is_for_phone_and_live_chat(channel: Channel, subchannel: str | None, applies: bool) -> None:
    """R-ATT-6."""
    series = judge(log(SIX), rules(), None, channel, subchannel)
    assert (series.applies, series.state, series.penalty) == (
        applies,
        Contact.UNREACHABLE if applies else Contact.OPEN,
        int(applies),
    )


@pytest.mark.parametrize(
    ("place", "verdicts", "came_to"),
    [
        pytest.param(None, [Verdict.CONNECTS, *[Verdict.AFTER_CONNECTION] * 5], ("connected", 0, 0), id="as it is"),
        pytest.param(0, [Verdict.TAKEN_BACK, *[Verdict.COUNTS] * 5], ("open", 5, 0), id="R-ATT-7 taken back"),
    ],
)
def test_a_try_taken_back_neither_connects_nor_counts(place, verdicts, came_to):
    tries = log(SIX.replace("03-01 10:00", "03-01 10:00 connected"))
    if place is not None:
        tries[place] = replace(tries[place], taken_back_at=on("03-03 16:00"))
    series = judge(tries, rules())
    assert ([judged.verdict for judged in series.tries], told(series)) == (verdicts, came_to)


@pytest.mark.parametrize(
    ("tries", "now", "window", "line"),
    [
        pytest.param(
            "03-01 10:00; 03-01 15:00; 03-02 10:00",
            "03-02 11:00",
            "anchored_calendar",
            "try 4 of 6, closes Wed 24:00",
            id="the line of the brief",
        ),
        pytest.param(
            "03-01 10:00", "03-04 00:00", "anchored_calendar", "try 1 of 6", id="lapsed: the next opens another"
        ),
        pytest.param("03-01 10:00", "03-04 10:00", "anchored_72h", "try 2 of 6, closes Thu 10:00", id="72 hours"),
        pytest.param(
            "03-01 10:00; 03-03 10:00",
            "03-04 10:00",
            "sliding_calendar",
            "try 2 of 6, closes Fri 24:00",
            id="sliding forgets the oldest",
        ),
        pytest.param("03-04 10:00", "03-05 10:00", "service_days", "try 2 of 6, closes Mon 24:00", id="over a weekend"),
        pytest.param(
            SIX,
            "03-03 16:00",
            "anchored_calendar",
            "6 tries failed: written off unless somebody answers",
            id="written off",
        ),
    ],
)
def test_the_next_try_is_told_with_its_window(tries: str, now: str, window: str, line: str) -> None:
    """R-WIN-3."""
    in_force = rules(window=window)
    upcoming = next_try(judge(log(tries), in_force, OFFICE), on(now))
    assert upcoming is not None
    assert str(label(upcoming, in_force)) == line


@pytest.mark.parametrize(
    ("window", "now", "line"),
    [
        pytest.param("anchored_calendar", "03-05 10:00", "try 2 of 6, closes Fri 24:00", id="R-WIN-4 calendar days"),
        pytest.param("anchored_calendar", "03-06 10:00", "try 1 of 6", id="R-WIN-4 and not a day more"),
        pytest.param("anchored_72h", "03-06 10:00", "try 2 of 6, closes Sat 10:00", id="R-WIN-4 72 hours"),
        pytest.param("service_days", "03-05 10:00", "try 2 of 6, closes Fri 24:00", id="R-WIN-4 days of service"),
        pytest.param("sliding_calendar", "03-05 10:00", "try 2 of 6, closes Fri 24:00", id="R-WIN-4 sliding"),
    ],
)
def test_a_suspended_day_lets_a_window_close_later(window: str, now: str, line: str) -> None:
    """A typhoon on Tuesday and Wednesday, within the days of a first try on Monday."""
    typhoon = replace(OFFICE, suspended=((on("03-02 00:00"), on("03-04 00:00")),))
    in_force = rules(window=window)
    upcoming = next_try(judge(log("03-01 10:00"), in_force, typhoon), on(now))
    assert upcoming is not None
    assert str(label(upcoming, in_force)) == line


def test_there_is_no_next_try_once_connected_or_where_the_rule_does_not_apply() -> None:
    assert next_try(judge(log("03-01 10:00 connected"), rules()), on("03-01 11:00")) is None
    assert next_try(judge([], rules(), None, Channel.ONSITE), on("03-01 11:00")) is None


def test_a_try_too_soon_is_told_from_when_it_counts() -> None:
    upcoming = next_try(judge(log("03-01 10:00"), rules()), on("03-01 10:05"))
    assert upcoming is not None
    assert upcoming.counts_from == on("03-01 10:15")


def test_at18_poor_spread_is_warned_of_and_not_forbidden() -> None:
    series = judge(log(ONE_DAY), rules())
    assert [str(warning) for warning in series.warnings] == [
        "6 tries on 1 Mar 2021: spread them, at most 2 a day and at different times of day."
    ]


def test_each_try_says_why_and_which_it_is() -> None:
    tries = "03-01 10:00; 03-01 10:05; 03-01 10:30 misdial; 03-01 11:00 !; 03-01 12:00"
    judged = judge(log(tries), rules()).tries
    assert [(one.verdict.value, one.number) for one in judged] == [
        ("counts", 1),
        ("too-soon", None),
        ("not-a-failure", None),
        ("outside-service-hours", None),
        ("counts", 2),
    ]
    assert str(judged[1].why) == "Does not count: less than 15 minutes after the previous counted try."
