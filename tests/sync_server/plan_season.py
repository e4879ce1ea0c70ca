"""CSV files of seasons to plan, of any size, with a first round that is still to come."""

from __future__ import annotations

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
