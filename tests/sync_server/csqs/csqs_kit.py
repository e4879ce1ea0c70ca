"""A site visit that was handed out, and its record as a phone sends it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from checklists.csqs.standard import csqs, site_visit_form
from checklists.forms.form import Channel
from checklists.record.assessment import Assessment, Contact, Measurement, RecordStatus
from checklists.record.assignment import Assignment
from checklists.rules.programme import load_programme
from sync_server import clock
from sync_server.csqs.handing_out import Wanted, hand_out
from tests.builders import an_assessment, at
from tests.sync_server.season_kit import ASSESSOR

INDUSTRIES = {one.code: one.name for one in load_programme("mystery_caller_2021").industries}


def wanted(**changes: Any) -> Wanted:
    """A full visit of a new company, due from yesterday on."""
    now = clock.now()
    fields: dict[str, Any] = {
        "company": "", "name_en": "Lantern Service Centre", "name_zh": "明燈服務中心", "industry": "public_utilities",
        "assessor": ASSESSOR, "module": "full", "due_from": now - timedelta(days=1),
        "due_until": now + timedelta(days=9),
    }  # fmt: skip
    return Wanted(**(fields | changes))


def handed_out(db: Connection, **changes: Any) -> Assignment:
    return hand_out(db, csqs(), wanted(**changes), INDUSTRIES, clock.now())


def asked(module: str = "full") -> list[str]:
    """The items that a module asks."""
    skipped = next(variant.skipped for variant in site_visit_form().variants if variant.code == module)
    return [key for key in csqs().items if key not in skipped]


def a_visit(assignment: Assignment, ratings: Mapping[str, int | str] | int = 2, **changes: Any) -> Assessment:
    """A finished visit, every item rated `ratings`, with words for what each rests on."""
    keys = asked(assignment.variant or "full")
    answers = dict.fromkeys(keys, ratings) if isinstance(ratings, int) else dict(ratings)
    questions = {question.id: question for section in site_visit_form().sections for question in section.questions}
    fields: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "assignment_id": assignment.id,
        "entrant_id": assignment.entrant_id,
        "channel": Channel.SITE_VISIT,
        "form": assignment.form,
        "variant": assignment.variant,
        "answers": answers,
        "measurements": {"t_arrive": Measurement(at=at(0)), "t_closing": Measurement(at=at(120))},
        "notes": {key: dict.fromkeys(questions[key].evidence, "Seen, dated this month.") for key in keys},
        "contact": Contact.CONNECTED,
        "status": RecordStatus.FINISHED,
        "finished_at": at(130),
        "updated_at": at(130),
    }
    return an_assessment(**(fields | changes))
