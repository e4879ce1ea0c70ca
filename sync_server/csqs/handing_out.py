"""Handing a site visit out: which company, which module, who goes, and from when to when.

SVT-1  A visit is handed out only under a programme that names its channel. The form goes with it to its assessor's
       phones, and to nobody else's: what no other phone visits, no other phone needs to read.
SVT-2  Everything wrong with what was typed is said at once, by field, and nothing of it is kept.
SVT-3  An assessor who is barred from the organisation does not visit it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection

from checklists import wire
from checklists.csqs.standard import Standard, site_visit_form
from checklists.forms.form import Channel
from checklists.language import N_, Sentence, Text, sentence
from checklists.record.assignment import Assignment, RecordingPolicy, Scenario
from sync_server.database.queries import csqs as queries
from sync_server.database.queries import season
from sync_server.database.queries.award_rows import BESIDE
from sync_server.database.queries.changes import append_changes
from sync_server.database.queries.csqs import CompanyRow
from sync_server.feed.phones import to_assessor
from sync_server.fieldwork.handing_out import tell_assignment

SCENARIO = "csqs-site-visit"
TITLE: Text = {"en": "CSQS site visit", "zh-Hant": "CSQS 實地考察"}
BRIEFING: Text = {
    "en": "The company expects you. Go through the items stage by stage; rate what you see yourself, write down what "
    "it rests on, and take no document along.",
    "zh-Hant": "公司已知悉你到訪。請按階段逐項考察；只按親眼所見評級，寫下依據，不要帶走任何文件。",
}
_NAME = re.compile(r"[^\x00-\x1f]{1,200}")


class Wanted(NamedTuple):
    """What was typed. `company` names an entrant; "" is a new one by its names and industry."""

    company: str
    name_en: str
    name_zh: str
    industry: str
    assessor: str
    module: str
    due_from: datetime | None
    due_until: datetime | None


class NotHandedOutError(Exception):
    """The visit cannot be handed out; `problems` say why, by field."""

    def __init__(self, problems: Mapping[str, Sentence]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


def hand_out(
    db: Connection, standard: Standard, wanted: Wanted, industries: Mapping[str, Text], now: datetime
) -> Assignment:
    """Keep the visit and tell its assessor's phones. In a write.

    Raises:
        NotHandedOutError: anything typed cannot stand (SVT-2).
    """
    kept = {row.id: row for row in queries.companies(db)}
    company = kept.get(wanted.company) or _new_company(wanted, kept)
    _check(db, standard, wanted, company, (kept, industries, now))
    assert wanted.due_from is not None  # noqa: S101 - checked just now
    assert wanted.due_until is not None  # noqa: S101
    if company.id not in kept:
        queries.add_company(db, company, now)
    scenario = Scenario(id=SCENARIO, title=TITLE, briefing=BRIEFING)
    queries.make_ready(db, company.id, {"id": SCENARIO, "title": TITLE, "briefing": BRIEFING})
    form = site_visit_form()
    body = wire.encode(form)
    if form.id not in season.form_names(db):
        row = {"id": form.id, "name": form.name, "version": form.version, "body": body.decode()}
        season.add_form_version(db, {**row, "digest": wire.digest(body), "created_at": now})
    assignment = Assignment(
        id=f"csqs-{uuid4().hex[:12]}",
        assessor_id=wanted.assessor,
        entrant_id=company.id,
        entrant_name=company.name,
        industry=company.industry,
        channel=Channel.SITE_VISIT,
        round=BESIDE,
        form=form.id,
        scenario=scenario,
        due_from=wanted.due_from,
        due_until=wanted.due_until,
        variant=wanted.module,
    )
    queries.add_assignment(db, _row(assignment, now))
    append_changes(db, [to_assessor(wanted.assessor, "form", form.id, body.decode(), now)])
    tell_assignment(db, assignment, now)
    return assignment


def _row(assignment: Assignment, now: datetime) -> Mapping[str, object]:
    return {
        "id": assignment.id,
        "assessor_id": assignment.assessor_id,
        "entrant_id": assignment.entrant_id,
        "form": assignment.form,
        "scenario_id": assignment.scenario.id,
        "variant": assignment.variant,
        "recording_policy": RecordingPolicy.NONE.value,
        "due_from": assignment.due_from,
        "due_until": assignment.due_until,
        "body": wire.encode(assignment).decode(),
        "created_at": now,
        "updated_at": now,
    }


def _new_company(wanted: Wanted, kept: Mapping[str, CompanyRow]) -> CompanyRow:
    numbers = (number for number in range(1, len(kept) + 2) if f"csqs-company-{number}" not in kept)
    code = f"csqs-company-{next(numbers)}"
    en, zh = wanted.name_en.strip(), wanted.name_zh.strip()
    return CompanyRow(code, code, {"en": en or zh, "zh-Hant": zh or en}, wanted.industry)


def _check(
    db: Connection,
    standard: Standard,
    wanted: Wanted,
    company: CompanyRow,
    among: tuple[Mapping[str, CompanyRow], Mapping[str, Text], datetime],
) -> None:
    kept, industries, now = among
    asked = {
        "module": _wrong_module(standard, wanted),
        "company": sentence(_NO_COMPANY) if wanted.company and wanted.company not in kept else None,
        "name_en": None if wanted.company or _is_named(company) else sentence(_NO_NAME),
        "industry": None if wanted.company or wanted.industry in industries else sentence(_NO_INDUSTRY),
        "assessor": _wrong_assessor(db, wanted, company),
        "due_until": _wrong_days(wanted, now),
    }
    problems = {field: problem for field, problem in asked.items() if problem is not None}
    if problems:
        raise NotHandedOutError(problems)


_NO_COMPANY = N_("There is no such company: choose one of the list, or give a new one.")
_NO_NAME = N_("Give the company’s name, in English, in Chinese or both.")
_NO_INDUSTRY = N_("Choose the industry of the company.")


def _is_named(company: CompanyRow) -> bool:
    return all(_NAME.fullmatch(name) for name in company.name.values())


def _wrong_module(standard: Standard, wanted: Wanted) -> Sentence | None:
    if not standard.allows(Channel.SITE_VISIT):
        return sentence(N_("The programme does not assess by site visit."))
    if wanted.module not in {variant.code for variant in site_visit_form().variants}:
        return sentence(N_("Choose the module that the centre is visited by."))
    return None


def _wrong_assessor(db: Connection, wanted: Wanted, company: CompanyRow) -> Sentence | None:
    if wanted.assessor not in queries.assessor_names(db):
        return sentence(N_("Choose who goes."))
    if any(queries.is_barred(db, wanted.assessor, name) for name in (company.organisation, company.id)):
        return sentence(N_("This assessor is barred from the organisation: choose somebody else."))
    return None


def _wrong_days(wanted: Wanted, now: datetime) -> Sentence | None:
    if wanted.due_from is None or wanted.due_until is None:
        return sentence(N_("Give both days, such as 2026-11-30."))
    if not wanted.due_from < wanted.due_until or wanted.due_until <= now:
        return sentence(N_("The last day lies before the first, or has passed."))
    return None
