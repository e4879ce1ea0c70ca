"""CSV files of seasons to plan, of any size, with a first round that is still to come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sync_server.database.queries.plans import PlanRow
from sync_server.planning.question import seed_hash
from sync_server.planning.result import Cover, Drawn, Missed, Plan, Unmet, Visit
from tests.sync_server.season_files import Rows, as_file

YEAR = 2031
OPENS, CLOSES = f"{YEAR}-03-01", f"{YEAR}-04-30"
WEEK = {"service_days": "1-7", "service_hours": "09:00-20:00"}


def season_to_plan(
    *, entrants: int = 2, people: int = 8, seats: int = 5, scenarios: int = 8, branches: int = 0
) -> dict[str, bytes]:
    """Entrants with a hotline each, and where there are `branches` with counters too; assessors of every language."""
    names = [f"unit-{number:02d}" for number in range(1, entrants + 1)]
    channels = ["phone_in"] + (["face_to_face"] if branches else [])
    files: dict[str, Rows] = {
        "rounds": [{"round": "1", "opens_at": OPENS, "closes_at": CLOSES, "released_at": ""}],
        "entrants": [
            {
                "entrant": name, "name_en": name.title(), "industry": "transport_logistics", "seats": str(seats),
                "branches": str(branches or ""),
                "staff_notice_on": f"{YEAR}-02-15", "staff_notice_en": "Assessments run.",
            }
            for name in names
        ],
        "entries": [{"entrant": name, "channel": on, **WEEK} for name in names for on in channels],
        "contact_points": [
            {
                "contact_point": f"{name}-{on}", "entrant": name, "channel": on, "label_en": "Line",
                "value": "+852 5555 1001",
            }
            for name in names
            for on in channels
        ],
        "scenarios": [
            {
                "scenario": f"{on}-{number}", "channel": on, "title_en": f"Scenario {number}",
                "briefing_en": "Ask the way.", "approved_by": "Chan;Lee",
            }
            for on in channels
            for number in range(1, scenarios + 1)
        ],
        "assessors": [
            {
                "assessor": f"A-{number:02d}", "name": f"Assessor {number}",
                "languages": ("yue;en;cmn", "yue;en", "yue")[number % 3],
            }
            for number in range(1, people + 1)
        ],
    }  # fmt: skip
    if branches:
        files["branches"] = [
            {
                "branch": f"{name}-b{number}", "entrant": name, "name_en": f"Counter {number}",
                "address_en": "1 Pier Road", "district": ("Eastern", "Sha Tin", "Kwun Tong")[number % 3],
            }
            for name in names
            for number in range(branches)
        ]  # fmt: skip
    return {f"{name}.csv": as_file(rows) for name, rows in files.items()}


def a_plan_row(plan_id: str, **changes: Any) -> PlanRow:
    """A plan of round 1 as it is kept."""
    sealed = datetime(2021, 2, 1, tzinfo=UTC)
    plain = (
        plan_id,
        1,
        "sealed",
        "egg tart",
        seed_hash("egg tart"),
        sealed,
        "command",
        None,
        [],
        None,
        None,
        None,
        None,
    )
    return PlanRow(*plain)._replace(**changes)


def a_plan() -> Plan:
    """A plan with something of everything: visits on many days, what is missed, what cannot be met."""
    visits = tuple(
        Visit(
            code=f"v-{n}", assessor=f"assessor-{n % 2 + 1}", entrant="harbour-ferry", channel="phone_in", variant=None,
            scenario="lost-item", day=date(2021, 3, 1) + timedelta(days=n * n % 50), begin=540, end=720,
            daypart="09-12", language="yue",
        )
        for n in range(40)
    )  # fmt: skip
    said = {"en": "too many on a day", "zh-Hant": "一日內過多"}
    line = "harbour-ferry/phone_in"
    return Plan(
        question="0" * 64,
        round=1,
        seed_hash=seed_hash("egg tart"),
        libraries={"scipy": "1.17.1"},
        wanted=43,
        visits=visits,
        unmet=(Unmet(line=line, count=3, rule="conflict", why=said, way_out=said),),
        missed=tuple(Missed(line=line, rule=rule, what=said) for rule in ("a-day", "load", "share")),
        drawn=(Drawn(line="harbour-ferry/onsite (branch)", branches=("central-pier",)),),
        cover=(Cover(line=line, index={"daypart": 98, "weekday": 99}, best={"daypart": 100, "weekday": 100}),),
    )
