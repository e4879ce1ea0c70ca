"""Everything kept about one assessor: which rows of which table, and why the other tables hold none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_

from sync_server.database.queries import whole
from sync_server.database.tables import (
    api_tokens,
    assessment_facts,
    assessment_revisions,
    assessments,
    assessor_certificates,
    assessors,
    assignment_holders,
    assignments,
    audit_log,
    blackouts,
    changes,
    clearances,
    conflicts,
    corrections,
    counter_orders,
    csqs_decisions,
    csqs_settlements,
    decisions,
    declarations,
    devices,
    disputes,
    enrolment_codes,
    grades,
    hand_overs,
    media,
    media_derivatives,
    media_links,
    metadata,
    queries,
    quotes,
    reviews,
    season_changes,
    second_readings,
    submissions,
    taken_back_reviews,
    uploads,
    visit_figures,
    visit_marks,
)

_SEASON = "about the season, for every assessor alike"
_ENTRANTS = "about the entrants; no assessor is named"
_PROPOSALS = "of companies that hand a proposal in; no assessor is named"
_CONSORTIUM = "of members of the consortium and the office; no assessor is named"
_SURVEY = "about industries and companies that customers are asked about"
_ACCOUNTS = "of people who sign in at the dashboard; assessors have no account"

# Tables that hold nothing about an assessor, and why.
NOTHING_ABOUT: Mapping[str, str] = {
    "waveforms": "how loud a sound is over its length, to draw it; made of files that are given whole",
    "downloads": "what an account asked for; the file is made of rows that are told of, and removed after days",
    "editions": _SEASON,
    "rulesets": _SEASON,
    "suspensions": _SEASON,
    "rounds": _SEASON,
    "releases": _SEASON,
    "round_rules": _SEASON,
    "proposed_rules": "which other rules the office proposed for rounds, with figures of entries; no assessor is named",
    "erasure_notices": "how much is due to be erased, and which account confirmed it",
    "form_versions": _SEASON,
    "form_drafts": _SEASON,
    "settings": _SEASON,
    "consortium_terms": _CONSORTIUM,
    "consortium_members": _CONSORTIUM,
    "consortium_people": _CONSORTIUM,
    "consortium_challenges": _CONSORTIUM,
    "consortium_ballots": _CONSORTIUM,
    "consortium_topics": _CONSORTIUM,
    "consortium_votes": _CONSORTIUM,
    "consortium_findings": _CONSORTIUM,
    "consortium_events": _CONSORTIUM,
    "consortium_attendance": _CONSORTIUM,
    "scenarios": _SEASON,
    "jobs": "work to be done, by the names of entries and files",
    "proposal_drafts": _PROPOSALS,
    "proposal_reopenings": _PROPOSALS,
    "proposal_outside": _PROPOSALS,
    "panel_ties": _ACCOUNTS,
    "panel_marks": _ACCOUNTS,
    "ccsm_holders": "who of a company holds a qualification; no assessor is among them",
    "surveys": _SURVEY,
    "survey_companies": _SURVEY,
    "survey_answers": "of customers, without a name or an address",
    "survey_tallies": _SURVEY,
    "printed_indexes": _SURVEY,
    "bills": _ENTRANTS,
    "payments": _ENTRANTS,
    "groupings": _ENTRANTS,
    "organisations": _ENTRANTS,
    "hand_ins": _ENTRANTS,
    "hand_in_versions": _ENTRANTS,
    "hand_in_verdicts": _ENTRANTS,
    "hand_in_files": _ENTRANTS,
    "letters": _ENTRANTS,
    "entrants": _ENTRANTS,
    "entries": _ENTRANTS,
    "branches": _ENTRANTS,
    "filed_faqs": _ENTRANTS,
    "contact_points": _ENTRANTS,
    "standings": _ENTRANTS,
    "entry_tallies": _ENTRANTS,
    "projected_days": _ENTRANTS,
    "users": _ACCOUNTS,
    "webhooks": "which programs are told of what happens, and by which account that was set",
    "webhook_messages": "what programs were told: ids of assessments and rounds; no assessor is named",
    "sessions": _ACCOUNTS,
    "second_factors": _ACCOUNTS,
    "pending_sign_ins": _ACCOUNTS,
    "provider_links": _ACCOUNTS,
    "provider_tries": _ACCOUNTS,
    "invitations": _ACCOUNTS,
    "change_sets": "which imports were made and by whom; what they changed is in season_changes",
    "publications": "frozen copies of rounds: what was found at entrants, without a word about who found it",
    "signatures": _ACCOUNTS,
    "shortfalls": "why a round was closed with less than its quota; no assessor is named",
    "plans": "what was planned and how it was drawn; what of it was written is in assignments and season_changes",
    "staged_rows": "an import that waits to be written; what is written is in the other tables, and these rows go",
    "staged_files": "files of an import that waits for somebody; they go with it",
    "password_resets": _ACCOUNTS,
    "sign_in_throttles": _ACCOUNTS,
}

# Only a hash is kept, and only to recognise a phone or a code: it tells nothing about the person, and it is a key.
KEYS = frozenset({"token_hash", "code_hash"})


def assessors_called(db: Connection, name_or_id: str) -> list[tuple[str, str]]:
    """Return id and name of the assessor with that id, else of everyone with that name."""
    c = assessors.c
    statement = select(c.id, c.name).order_by(c.id)
    by_id = db.execute(statement.where(c.id == name_or_id)).all()
    found = by_id or db.execute(statement.where(func.lower(c.name) == name_or_id.strip().lower())).all()
    return [(row.id, row.name) for row in found]


def tables_about(assessor_id: str) -> Mapping[str, ColumnElement[bool]]:
    """Return, for each table that holds something about the assessor, which rows do. The audit log is apart."""
    r = assessment_revisions.c
    phones = select(devices.c.id).where(devices.c.assessor_id == assessor_id)
    sent = select(r.digest).where(r.assessor_id == assessor_id)
    numbers = select(r.assessment_id, r.revision).where(r.assessor_id == assessor_id, r.conflict.is_(False))
    own = select(assessments.c.id).where(assessments.c.assessor_id == assessor_id)
    reviewed = select(reviews.c.id).where(tuple_(reviews.c.assessment_id, reviews.c.revision).in_(numbers))
    named = select(media_links.c.sha256).where(media_links.c.digest.in_(sent))
    blackened = select(blackouts.c.blackened_sha256).where(blackouts.c.sha256.in_(named))
    is_file = or_(media.c.sha256.in_(named), media.c.sha256.in_(blackened), media.c.device_id.in_(phones))
    files = select(media.c.sha256).where(is_file)
    # A row that names another assessor is the other's, whatever else it names.
    told_office = and_(
        changes.c.assessor_id.is_(None), or_(changes.c.subject_id.in_(own), changes.c.subject_id.in_(files))
    )
    held = select(assignment_holders.c.assignment_id).where(assignment_holders.c.assessor_id == assessor_id)
    own_keys = select('["' + assignments.c.id + '"]').where(
        or_(assignments.c.assessor_id == assessor_id, assignments.c.id.in_(held))
    )
    changed = or_(
        and_(season_changes.c.subject == "assessors", season_changes.c.key == f'["{assessor_id}"]'),
        and_(season_changes.c.subject == "assignments", season_changes.c.key.in_(own_keys)),
        and_(
            season_changes.c.subject.in_(("conflicts", "certificates")),
            season_changes.c.key.startswith(f'["{assessor_id}",', autoescape=True),
        ),
    )
    return {
        "season_changes": changed,
        "assessors": assessors.c.id == assessor_id,
        "conflicts": conflicts.c.assessor_id == assessor_id,
        "assessor_certificates": assessor_certificates.c.assessor_id == assessor_id,
        "declarations": declarations.c.assessor_id == assessor_id,
        "devices": devices.c.assessor_id == assessor_id,
        "counter_orders": counter_orders.c.device_id.in_(phones),
        "enrolment_codes": enrolment_codes.c.assessor_id == assessor_id,
        "api_tokens": api_tokens.c.assessor_id == assessor_id,
        "assignments": assignments.c.assessor_id == assessor_id,
        "assignment_holders": assignment_holders.c.assessor_id == assessor_id,
        "assessments": assessments.c.assessor_id == assessor_id,
        "visit_figures": visit_figures.c.assessment_id.in_(own),
        "visit_marks": visit_marks.c.assessment_id.in_(own),
        "corrections": corrections.c.assessment_id.in_(own),
        "disputes": disputes.c.assessment_id.in_(own),
        "quotes": quotes.c.assessment_id.in_(own),
        "queries": queries.c.assessment_id.in_(own),
        "second_readings": second_readings.c.assessment_id.in_(own),
        "csqs_settlements": csqs_settlements.c.assessment_id.in_(own),
        "csqs_decisions": csqs_decisions.c.assessment_id.in_(own),
        "assessment_revisions": r.assessor_id == assessor_id,
        "media_links": media_links.c.digest.in_(sent),
        "media": is_file,
        "blackouts": blackouts.c.assessment_id.in_(own),
        "clearances": clearances.c.assessment_id.in_(own),
        "media_derivatives": media_derivatives.c.sha256.in_(files),
        "uploads": uploads.c.device_id.in_(phones),
        "changes": or_(changes.c.assessor_id == assessor_id, told_office),
        "hand_overs": func.coalesce(hand_overs.c.receiver_id, hand_overs.c.giver_id) == assessor_id,
        "submissions": submissions.c.assessor_id == assessor_id,
        "grades": grades.c.digest.in_(sent),
        "assessment_facts": assessment_facts.c.digest.in_(sent),
        "reviews": reviews.c.id.in_(reviewed),
        "taken_back_reviews": taken_back_reviews.c.review_id.in_(reviewed),
        "decisions": decisions.c.assessment_id.in_(own),
    }


def rows_about(db: Connection, name: str, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Return the rows of a table in the order of its key, without hashes of keys."""
    table = metadata.tables[name]
    columns = [column for column in table.columns if column.name not in KEYS]
    statement = select(*columns).where(which).order_by(*table.primary_key.columns)
    return [dict(row) for row in db.execute(statement).mappings()]


def audit_about(db: Connection, assessor_id: str) -> Iterator[dict[str, Any]]:
    """Yield the entries of the audit log by or about the assessor, their phones, codes, work and files."""
    named = (
        ("devices", devices.c.id),
        ("enrolment_codes", func.substr(enrolment_codes.c.code_hash, 1, 16)),  # all that the log keeps of a code
        ("api_tokens", api_tokens.c.id),
        ("assignment_holders", assignment_holders.c.assignment_id),
        ("assignments", assignments.c.id),
        ("assessments", assessments.c.id),
        ("assessment_revisions", assessment_revisions.c.assessment_id),
        ("media", media.c.sha256),
    )
    about = tables_about(assessor_id)
    names = {assessor_id}
    for table, column in named:
        names.update(db.execute(select(column).where(about[table])).scalars())
    for row in whole.rows_of_table(db, audit_log.name):
        if not names.isdisjoint(_texts([row["actor_id"], row["subject_id"], row["details"]])):
            yield dict(row)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield from _texts([key, held])
    elif isinstance(value, (list, tuple)):
        for held in value:
            yield from _texts(held)
