"""Every table, as SQLAlchemy Core. Constraints live here, not only in Python; SQL itself lives in `queries/`.

Times are `Moment` (aware, UTC). Bilingual texts, lists and mappings are `Json`. Scores are exact text ("517/6").
Append-only: assessment_revisions, grades, decisions, releases, reviews, round_rules, rulesets, changes,
season_changes, hand_in_versions, hand_in_verdicts, groupings, bills, payments, publications (but for withdrawing),
signatures, shortfalls, declarations, corrections, quotes, clearances, second_readings, survey_answers,
proposal_reopenings, panel_ties, consortium_challenges,
consortium_topics, csqs_settlements, audit_log.
A change here needs a migration:
`python -m sync_server.database.migrations "why"` writes its draft, and a test holds
both to the same schema.
The condition of a partial index is told to SQLite alone: the migrations make it, and told to PostgreSQL too it would
load that engine's dialect, 3 MB, into every server.
"""

from __future__ import annotations

from sync_server.database.tables.bench import corrections, queries, quotes, second_readings, visit_figures
from sync_server.database.tables.changes import CHANGE_KINDS, changes
from sync_server.database.tables.consortium import (
    consortium_attendance,
    consortium_ballots,
    consortium_challenges,
    consortium_events,
    consortium_findings,
    consortium_members,
    consortium_people,
    consortium_terms,
    consortium_topics,
    consortium_votes,
)
from sync_server.database.tables.csqs import ccsm_holders, csqs_decisions, csqs_settlements
from sync_server.database.tables.disputes import disputes
from sync_server.database.tables.downloads import downloads
from sync_server.database.tables.editions import editions, suspensions
from sync_server.database.tables.files import (
    blackouts,
    clearances,
    jobs,
    media,
    media_derivatives,
    media_links,
    uploads,
    waveforms,
)
from sync_server.database.tables.hand_ins import hand_in_files, hand_in_verdicts, hand_in_versions, hand_ins
from sync_server.database.tables.money import bills, payments
from sync_server.database.tables.open_doors import api_tokens, submissions, webhook_messages, webhooks
from sync_server.database.tables.people import (
    assessor_certificates,
    assessors,
    conflicts,
    devices,
    enrolment_codes,
    invitations,
    password_resets,
    pending_sign_ins,
    provider_links,
    provider_tries,
    second_factors,
    sessions,
    sign_in_throttles,
    users,
)
from sync_server.database.tables.post import letters
from sync_server.database.tables.proposals import (
    panel_marks,
    panel_ties,
    proposal_drafts,
    proposal_outside,
    proposal_reopenings,
)
from sync_server.database.tables.publications import declarations, publications, shortfalls, signatures
from sync_server.database.tables.quality import entry_tallies, visit_marks
from sync_server.database.tables.results import (
    assessment_facts,
    audit_log,
    decisions,
    erasure_notices,
    grades,
    projected_days,
    reviews,
    standings,
    taken_back_reviews,
)
from sync_server.database.tables.schema import ROLES, metadata
from sync_server.database.tables.season import (
    branches,
    contact_points,
    entrants,
    entries,
    filed_faqs,
    form_drafts,
    form_versions,
    groupings,
    organisations,
    proposed_rules,
    releases,
    round_rules,
    rounds,
    rulesets,
    scenarios,
    settings,
)
from sync_server.database.tables.season_changes import change_sets, plans, season_changes, staged_files, staged_rows
from sync_server.database.tables.survey import (
    counter_orders,
    printed_indexes,
    survey_answers,
    survey_companies,
    survey_tallies,
    surveys,
)
from sync_server.database.tables.work import (
    assessment_revisions,
    assessments,
    assignment_holders,
    assignments,
    hand_overs,
)

__all__ = [
    "CHANGE_KINDS",
    "ROLES",
    "api_tokens",
    "assessment_facts",
    "assessment_revisions",
    "assessments",
    "assessor_certificates",
    "assessors",
    "assignment_holders",
    "assignments",
    "audit_log",
    "bills",
    "blackouts",
    "branches",
    "ccsm_holders",
    "change_sets",
    "changes",
    "clearances",
    "conflicts",
    "consortium_attendance",
    "consortium_ballots",
    "consortium_challenges",
    "consortium_events",
    "consortium_findings",
    "consortium_members",
    "consortium_people",
    "consortium_terms",
    "consortium_topics",
    "consortium_votes",
    "contact_points",
    "corrections",
    "counter_orders",
    "csqs_decisions",
    "csqs_settlements",
    "decisions",
    "declarations",
    "devices",
    "disputes",
    "downloads",
    "editions",
    "enrolment_codes",
    "entrants",
    "entries",
    "entry_tallies",
    "erasure_notices",
    "filed_faqs",
    "form_drafts",
    "form_versions",
    "grades",
    "groupings",
    "hand_in_files",
    "hand_in_verdicts",
    "hand_in_versions",
    "hand_ins",
    "hand_overs",
    "invitations",
    "jobs",
    "letters",
    "media",
    "media_derivatives",
    "media_links",
    "metadata",
    "organisations",
    "panel_marks",
    "panel_ties",
    "password_resets",
    "payments",
    "pending_sign_ins",
    "plans",
    "printed_indexes",
    "projected_days",
    "proposal_drafts",
    "proposal_outside",
    "proposal_reopenings",
    "proposed_rules",
    "provider_links",
    "provider_tries",
    "publications",
    "queries",
    "quotes",
    "releases",
    "reviews",
    "round_rules",
    "rounds",
    "rulesets",
    "scenarios",
    "season_changes",
    "second_factors",
    "second_readings",
    "sessions",
    "settings",
    "shortfalls",
    "sign_in_throttles",
    "signatures",
    "staged_files",
    "staged_rows",
    "standings",
    "submissions",
    "survey_answers",
    "survey_companies",
    "survey_tallies",
    "surveys",
    "suspensions",
    "taken_back_reviews",
    "uploads",
    "users",
    "visit_figures",
    "visit_marks",
    "waveforms",
    "webhook_messages",
    "webhooks",
]
