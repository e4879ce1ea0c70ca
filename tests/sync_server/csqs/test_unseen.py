"""RTD-1, RTD-3, UNS-1: no door hands out how a site visit was rated to whoever may still rate it a second time.

Each door is tried by each role, before the second rating is final and after it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from sync_server.database import tables
from sync_server.people.permissions import Role
from tests.sync_server.csqs.csqs_kit import a_visit, handed_out, moderated
from tests.sync_server.desk import push, signed_in
from tests.sync_server.openrosa_kit import collect_token, instance, phone, sent
from tests.sync_server.unseen_kit import (
    FILE,
    NEVER,
    NOT,
    RATERS,
    Doors,
    odata,
    refused,
    sheet,
    table,
    tried_all,
    whole,
    workbook,
)

REFUSED = NOT | dict.fromkeys(RATERS, False)
SEEN_BY_VIEWERS = dict.fromkeys(RATERS, False) | {Role.VIEWER: True}
DOORS: Doors = {
    "table": (table("/assessments/export"), FILE),
    "table as a workbook": (sheet, FILE),
    "workbook": (workbook, FILE),
    "how it was filled in": (table("/assessments/audit.csv"), FILE),
    "OData answers": (odata("Answers?$filter=Channel eq 'site_visit'"), NEVER),
    "OData answers counted": (odata("Answers/$count?$filter=Value eq '3'"), NEVER),
    "OData answers of one": (odata("Assessments('{visit}')/Answers"), NEVER),
    "OData answers of each": (odata("Assessments?$expand=Answers"), NEVER),
    "OData answer": (odata("Answers?$filter=AssessmentId eq '{visit}' and Question eq 'S101' and Number ge 2"),
                     NEVER),
    "page": (whole("/assessments/{visit}"), SEEN_BY_VIEWERS),
    "bench": (whole("/bench/{visit}"), REFUSED),
    "refused verdict": (refused("/assessments/{visit}/review", verdict="accepted", digest="x"), REFUSED),
    "refused verdict on the bench":
        (refused("/assessments/{visit}/review", verdict="accepted", digest="x", bench="1"), REFUSED),
    "refused ruling": (refused("/assessments/{visit}/decisions", decision="void"), FILE),
    "refused correction": (refused("/bench/{visit}/correction", question="S102", answer="9", why="x"), REFUSED),
}  # fmt: skip


def _has_ratings(text: str) -> bool:
    return any(sign in text for sign in (",3,3,3,3,", "S101")) or text.isdigit()


def test_rtd_3_no_door_shows_a_rating_before_the_second_one_is_final_and_each_does_after(desk: Any) -> None:
    """One server for all doors: what is read of it costs little, and making it much."""
    with desk.services.database.transaction() as db:
        record = a_visit(handed_out(db), 3)
    push(desk, record)
    before = tried_all(desk, DOORS, record.id, _has_ratings)
    with desk.services.database.transaction() as db:
        reviewer = db.execute(select(tables.users.c.id).where(tables.users.c.username == "reviewer")).scalar_one()
        moderated(db, record.id, reviewer)
    after = tried_all(desk, DOORS, record.id, _has_ratings)

    assert before == {name: expected for name, (_, expected) in DOORS.items()}
    assert after == {
        name: {role: None if may is None else True for role, may in expected.items()}
        for name, (_, expected) in DOORS.items()
    }


def test_rtd_1_what_another_app_sent_of_a_site_visit_shows_no_rating_in_the_tray(desk: Any) -> None:
    values = {"S101": "3", "wishes": "none"}
    with phone(desk, collect_token(desk)) as app:
        assert sent(app, instance("nothing-known", values, version="site_visit@1")).status_code in (201, 202)
    with signed_in(desk, Role.COORDINATOR) as client:
        tray = client.get("/submissions").text
    assert "wishes" in tray
    assert "S101" not in tray
