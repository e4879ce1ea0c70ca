"""The season laid around today, so that its first round is over and its second is under way.

CAL-1  Rounds are two calendar months each, in the programme's time zone.
CAL-2  At least eleven days of the second round lie behind today and at least eleven before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from checklists.rules.programme import load_programme
from sync_server.season.rules import PROGRAMME

ZONE = load_programme(PROGRAMME).rules.zone("tz")

TURN_DAY = 12
MONTHS_OF_ROUND = 2
ROUNDS = 3
PLANNED_ROUNDS = (1, 2)  # the last is for somebody to plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """First days of the three rounds, and of the day after the last."""

    today: date
    starts: tuple[date, date, date, date]

    @property
    def start(self) -> date:
        """The season's first day."""
        return self.starts[0]

    @property
    def faq_deadline(self) -> datetime:
        """The last second in which a FAQ was filed in time."""
        return datetime.combine(self.start - timedelta(days=11), time(23, 59, 59), ZONE)

    @property
    def ceremony_on(self) -> date:
        """The day of the ceremony, on which the results are released."""
        return self.starts[3] + timedelta(days=7)

    def released_on(self, number: int) -> date:
        """Return the day entrants may see round `number` (from 1)."""
        return self.starts[number] + timedelta(days=10)


def around(today: date) -> Calendar:
    """Return the calendar of a season in which `today` is well inside the second round."""
    begun_months_ago = 0 if today.day >= TURN_DAY else 1
    second = _months_on(today.replace(day=1), -begun_months_ago)
    first, third, end = (_months_on(second, MONTHS_OF_ROUND * step) for step in (-1, 1, 2))
    return Calendar(today=today, starts=(first, second, third, end))


def _months_on(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return day.replace(year=count // 12, month=count % 12 + 1)


def from_start(start: date, today: date) -> Calendar:
    """Return the calendar of a season that began on `start`, the first day of a month."""
    steps = (_months_on(start, MONTHS_OF_ROUND * step) for step in range(ROUNDS + 1))
    first, second, third, end = steps
    return Calendar(today=today, starts=(first, second, third, end))
