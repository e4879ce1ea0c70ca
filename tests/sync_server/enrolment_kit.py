"""An enrolment as an organisation types it, and the edition for which it enrols."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert

from sync_server.database import tables
from tests.builders import both
from tests.sync_server.season_kit import SET_UP_AT

TYPED: Mapping[str, str] = {
    "units": "1",
    "name_en": "Peak Company",
    "name_zh": "山頂公司",
    "member": "yes",
    "took_part": "no",
    "contact_name": "Chan Tai Man",
    "email": "chan@example.org",
    "telephone": "2000 0002",
    "u1-name_en": "Peak Hotline",
    "u1-industry": "transport_logistics",
    "u1-seats": "35",
    "u1-phone_in": "yes",
    "u1-face_to_face": "yes",
    "u1-branches": "2",
    "u1-phones": "2000 0001, Hotline",
    "u1-sites": "Upper Station | 1 Peak Road | Central and Western\nLower Station | 2 Garden Road | Wan Chai",
    "u1-service_days": "1-6",
    "u1-service_hours": "09:00-18:00",
    "u1-staff_notice_on": "2021-02-15",
    "u1-staff_notice_en": "Mystery assessments may happen.",
    "eligible": "yes",
    "terms": "yes",
}
NOTICE_FILE = ("u1-staff_notice_files", ("notice.pdf", b"%PDF-1.7 told", "application/pdf"))


def add_edition(db: Connection, year: int = 2021, **milestones: Any) -> None:
    """The edition of a year; a milestone is the day it is on."""
    days = {name: [{"on": on, "until": None, "language": ""}] for name, on in milestones.items()}
    db.execute(
        insert(tables.editions).values(
            year=year, title=both("Award 2021"), contact={}, milestones=days, created_at=SET_UP_AT
        )
    )
