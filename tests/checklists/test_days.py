"""DAY: days and moments as people write them. Ids are those in checklists/days.py."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from checklists.days import day_words, moment_words

AT = datetime(2021, 2, 18, 15, 59, 59, tzinfo=UTC)
HONG_KONG = ZoneInfo("Asia/Hong_Kong")


@pytest.mark.parametrize(
    ("on", "en", "zh"),
    [
        pytest.param(date(2026, 9, 3), "3 Sept 2026", "2026年9月3日", id="DAY-1 a day"),
        pytest.param("2021-02-18", "18 Feb 2021", "2021年2月18日", id="DAY-1 as tables keep it"),
    ],
)
def test_a_day_is_written_as_people_do(on, en, zh) -> None:
    assert day_words(on) == {"en": en, "zh-Hant": zh}


def test_day_1_a_moment_is_of_its_zone_to_the_minute_or_the_second() -> None:
    assert moment_words(AT, HONG_KONG) == {"en": "18 Feb 2021 23:59", "zh-Hant": "2021年2月18日 23:59"}
    assert moment_words(AT, seconds=True)["en"] == "18 Feb 2021 15:59:59"
