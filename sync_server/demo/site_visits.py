"""The demo's CSQS company: one visit that became a level, and one that waits for its second rating.

DSV-1  Both come in as any visit does, from a phone; the first is rated by another person, one item is settled, and two
       accounts decide it. Made twice, nothing is there twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection

from checklists import wire
from checklists.csqs.standard import csqs, site_visit_form
from checklists.record import verbs
from checklists.record.assignment import Assignment
from checklists.record.sheet import sheet_of
from sync_server.csqs.deciding import add_holder, confirm, decide
from sync_server.csqs.handing_out import Wanted, hand_out
from sync_server.csqs.moderating import Doer, keep_ratings, settle
from sync_server.csqs.rated import rated_of, subject_of
from sync_server.database.queries import csqs as queries
from sync_server.database.queries import season, users
from sync_server.demo.accounts import REVIEWER
from sync_server.demo.signing import SIGNERS
from sync_server.demo.visits import APP_VERSION, Visit, filled
from sync_server.panel.marking import declare
from sync_server.season.rules import rules_in_force

COMPANY = {"en": "Lantern Service Centre", "zh-Hant": "明燈服務中心"}
INDUSTRY = "public_utilities"
# Module, days since it was handed out and was due, and how mature the centre is: 0 to 1.
VISITS = (("full", 30, 12, 0.75), ("small", 20, 3, 0.4))


class Came(NamedTuple):
    """A visit, who made it, and when it reached the server."""

    visit: Visit
    assessor_id: str
    sent_at: datetime


def site_visits(db: Connection, seed: int, now: datetime) -> Sequence[Came]:
    """Hand the visits out where nobody has, and return what came of them."""
    if not queries.visits(db):
        _hand_out(db, now)
    rows = sorted(queries.visits(db), key=lambda row: row.module)
    bodies = season.bodies_of_assignments(db, [row.assignment_id for row in rows])
    return [_made(wire.decode(bodies[row.assignment_id], Assignment), seed) for row in rows]


def _hand_out(db: Connection, now: datetime) -> None:
    industries = {one.code: one.name for one in rules_in_force(db).programme.industries}
    assessor = next(name for name in season.working_assessors(db) if name.startswith("A-"))
    company = ""
    for module, begun, ended, _ in VISITS:
        days = now - timedelta(days=begun), now - timedelta(days=ended)
        wanted = Wanted(company, COMPANY["en"], COMPANY["zh-Hant"], INDUSTRY, assessor, module, *days)
        company = hand_out(db, csqs(), wanted, industries, days[0]).entrant_id


def _made(assignment: Assignment, seed: int) -> Came:
    chance = Random(f"{seed}/{assignment.variant}")  # noqa: S311 - a demo
    quality = next(quality for module, _, _, quality in VISITS if module == assignment.variant)
    at = assignment.due_until - timedelta(days=1)
    name = str(uuid5(NAMESPACE_URL, f"demo/{assignment.id}"))
    record = verbs.begin(assignment, name, at=at, app_version=APP_VERSION)
    visit = filled(assignment, record, sheet_of(record, {assignment.form: site_visit_form()}), quality, chance)
    ends = visit.record.finished_at or at
    return Came(visit, assignment.assessor_id, max(ends, at) + timedelta(hours=1))


def decide_first_visit(db: Connection, now: datetime) -> None:
    """Have the full visit rated again, settled, decided and confirmed. `sign_first_round` has declared ties before."""
    reviewer, coordinator, admin = (users.user_named(db, name) for name in (REVIEWER, *SIGNERS))
    row = next((one for one in queries.visits(db) if one.module == "full" and one.assessment_id), None)
    if reviewer is None or coordinator is None or admin is None or row is None or row.assessment_id is None:
        return
    rated = rated_of(db, csqs(), row.assessment_id)
    if rated.moderator:
        return
    declare(db, subject_of(row), reviewer.id, is_tied=False, now=now)
    first = next(key for key, rating in rated.first.items() if rating == 3)
    seen: Mapping[str, str] = {key: "na" if rating is None else str(rating) for key, rating in rated.first.items()}
    keep_ratings(db, csqs(), row.assessment_id, {**seen, first: "1"}, Doer(reviewer.id, now), is_final=True)
    by = Doer(coordinator.id, now)
    settle(db, csqs(), row.assessment_id, (first, "3", "The record was shown again. 再次查閱紀錄。"), by)
    decision = decide(db, csqs(), row.assessment_id, (now.date(), "Both agree. 雙方一致。"), by)
    confirm(db, decision.id, Doer(admin.id, now))
    holder = {"company": row.company_id, "person": "Chan Siu Ming 陳小明", "number": "CCSM-0001"}
    add_holder(db, holder | {"held_on": (now - timedelta(days=400)).date().isoformat()}, by)
