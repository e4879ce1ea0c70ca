"""The parameters of the six-tries rule (award-rules 1.7 `attempts.*`, `unreachable.*`), read once from a ruleset."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

import msgspec

from checklists.rules.ruleset import Ruleset


class Window(StrEnum):
    """What three days are. `days` is 3 by default in all of them."""

    ANCHORED_CALENDAR = "anchored_calendar"  # dates, the first counted try's being day 1
    ANCHORED_72H = "anchored_72h"  # 24 hours a day from the first counted try, its last moment inside
    SLIDING_CALENDAR = "sliding_calendar"  # any run of needed tries whose dates lie close enough
    SERVICE_DAYS = "service_days"  # as anchored_calendar, counting only dates on which the entrant is open


class AttemptRules(msgspec.Struct, frozen=True, kw_only=True):
    """The rule as it is in force. `penalty` and `max_penalty` are points, 0 or more."""

    tz: ZoneInfo
    needed: int
    days: int
    window: Window
    min_gap: timedelta
    in_service_hours: bool
    require_stamp: bool
    any_answer_connects: bool
    queue_timeout_s: int
    late_connect: str
    modes: tuple[str, ...]
    suggest_per_day: int
    penalty: Fraction
    max_penalty: Fraction

    @classmethod
    def of(cls, rules: Ruleset) -> AttemptRules:
        """Read the parameters from `rules`."""
        return cls(
            tz=rules.zone("tz"),
            needed=rules.whole("attempts.needed"),
            days=rules.whole("attempts.days"),
            window=Window(rules.text("attempts.window")),
            min_gap=timedelta(minutes=rules.whole("attempts.min_gap_min")),
            in_service_hours=rules.flag("attempts.in_service_hours"),
            require_stamp=rules.flag("attempts.require_stamp"),
            any_answer_connects=rules.text("attempts.connected") == "any_answer",
            queue_timeout_s=rules.whole("attempts.queue_timeout_s"),
            late_connect=rules.text("attempts.late_connect"),
            modes=rules.texts("attempts.modes"),
            suggest_per_day=rules.whole("attempts.suggest_per_day"),
            penalty=rules.number("unreachable.penalty"),
            max_penalty=rules.number("unreachable.max_penalty"),
        )
