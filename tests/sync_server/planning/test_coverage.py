"""COV: how well what was done is spread against what was wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest

from checklists.plan.dayparts import Daypart
from checklists.rules.programme import load_programme
from sync_server.planning.coverage import LEAST, Made, indices, visits_wanted, wanted_of

MONDAY, SUNDAY = date(2021, 3, 1), date(2021, 3, 7)
HOURS = {"days": [1, 2, 3, 4, 5], "hours": [["09:00", "18:00"]], "closed_on": []}
MORNING, MIDDAY, AFTERNOON = Daypart.MORNING, Daypart.MIDDAY, Daypart.AFTERNOON


def made(
    parts: Sequence[Daypart], languages: Sequence[str] = ("yue",), branches: Sequence[str | None] = (None,)
) -> Counter[Made]:
    return Counter(
        Made(part, n % 5 + 1, languages[n % len(languages)], branches[n % len(branches)])
        for n, part in enumerate(parts)
    )


def test_cov_1_wanted_are_the_open_minutes_of_the_round() -> None:
    wanted = wanted_of(HOURS, MONDAY, SUNDAY, ())
    assert dict(wanted.parts) == {MORNING: 900, MIDDAY: 600, AFTERNOON: 1_200}
    assert dict(wanted.weekdays) == dict.fromkeys(range(1, 6), 540)
    with_holiday = wanted_of(HOURS, MONDAY, SUNDAY, (MONDAY,))
    assert with_holiday.parts[Daypart.SUNDAY] == 540


@pytest.mark.parametrize(
    ("visits", "kind", "index"),
    [
        pytest.param(made([MORNING] * (LEAST - 1)), "daypart", None, id="COV-2 too few say nothing"),
        pytest.param(
            made([MORNING] * 3 + [MIDDAY] * 2 + [AFTERNOON] * 4), "daypart", Fraction(1), id="COV-1 as the hours are"
        ),
        pytest.param(made([MORNING] * 9), "daypart", Fraction(1, 3), id="COV-1 all of it in the morning"),
        pytest.param(made([MORNING] * 5), "weekday", Fraction(1), id="COV-1 one on each weekday"),
        pytest.param(made([MORNING] * 10), "language", Fraction(7, 10), id="COV-1 in one language"),
        pytest.param(
            made([MORNING] * 6, branches=("a", "b", "a")),
            "branch",
            Fraction(5, 6),
            id="COV-1 one branch twice as often",
        ),
        pytest.param(made([MORNING] * 6), "branch", None, id="COV-1 no branch, no index"),
    ],
)
def test_the_index_of_what_was_done(visits, kind, index) -> None:
    assert indices(visits, wanted_of(HOURS, MONDAY, SUNDAY, ())).get(kind) == index


@pytest.mark.parametrize(
    ("channel", "seats", "branches", "variant", "visits"),
    [
        pytest.param("phone_in", 35, None, None, 40, id="contacts by seats"),
        pytest.param("face_to_face", None, 9, None, 10, id="visits by branches"),
        pytest.param("onsite", 35, None, "recording", 20, id="COV-3 a session of two recordings is one visit"),
        pytest.param("onsite", 35, 9, "both", 30, id="COV-3 sessions and visits"),
        pytest.param("phone_in", None, None, None, None, id="no size, no quota"),
    ],
)
def test_cov_3_quotas_are_told_in_visits(channel, seats, branches, variant, visits) -> None:
    rules = load_programme("mystery_caller_2021").rules
    assert visits_wanted(channel, seats, branches, variant, rules) == visits
