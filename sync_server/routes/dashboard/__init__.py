"""The dashboard's pages, for people: plugs its routes, the gate, the headers and the error pages into the app."""

from __future__ import annotations

from typing import Any

from litestar.config.app import AppConfig
from litestar.di import Provide
from litestar.static_files import create_static_files_router
from litestar.types import Message, Scope

from sync_server.pages.drawing import STATIC
from sync_server.pages.season_map import AssignedBook
from sync_server.review.queue import Bench
from sync_server.routes import headers
from sync_server.routes.dashboard import (
    account,
    accounts,
    api_tokens,
    assessment_export,
    assessment_pages,
    assessments,
    assignment_week,
    assignments,
    audit,
    audit_csv,
    authority,
    award,
    bench,
    blackouts,
    consortium,
    consortium_desk,
    csqs,
    csqs_level,
    csqs_register,
    csqs_visit,
    desk_notices,
    devices,
    digests,
    disputes,
    downloads,
    edition,
    enrol,
    enrolment_codes,
    enrolments,
    errors,
    evidence,
    faq,
    faqs,
    findings,
    findings_desk,
    form_drafts,
    forms,
    grouping,
    hand_overs,
    imports,
    index_desk,
    index_published,
    ivrs_panel,
    judging,
    live,
    money,
    office_papers,
    own_invoices,
    own_visits,
    password_reset,
    plans,
    proposal,
    proposal_results,
    proposals,
    proposed_rules,
    provider,
    quality,
    records,
    release,
    reminders,
    reports,
    results,
    review,
    rules,
    second_factor,
    second_scores,
    settling,
    sign_in,
    submissions,
    survey,
    taken_along,
    today,
    webhooks,
)
from sync_server.routes.dashboard.bench_pages import BENCH
from sync_server.routes.dashboard.page import page_of
from sync_server.routes.gate import gate
from sync_server.services import Services

ROUTES: list[Any] = [
    *sign_in.ROUTES,
    *second_factor.ROUTES,
    *provider.ROUTES,
    *password_reset.ROUTES,
    *account.ROUTES,
    *accounts.ROUTES,
    *api_tokens.ROUTES,
    *webhooks.ROUTES,
    *assessments.ROUTES,
    *assessment_export.ROUTES,
    *downloads.ROUTES,
    *taken_along.ROUTES,
    *audit_csv.ROUTES,
    *assessment_pages.ROUTES,
    *evidence.ROUTES,
    *review.ROUTES,
    *bench.ROUTES,
    *blackouts.ROUTES,
    *assignments.ROUTES,
    *assignment_week.ROUTES,
    *devices.ROUTES,
    *enrolment_codes.ROUTES,
    *audit.ROUTES,
    *imports.ROUTES,
    *forms.ROUTES,
    *form_drafts.ROUTES,
    *plans.ROUTES,
    *authority.ROUTES,
    *award.ROUTES,
    *rules.ROUTES,
    *proposed_rules.ROUTES,
    *live.ROUTES,
    *desk_notices.ROUTES,
    *edition.ROUTES,
    *records.ROUTES,
    *enrol.ROUTES,
    *survey.ROUTES,
    *proposal.ROUTES,
    *proposal_results.ROUTES,
    *proposals.ROUTES,
    *judging.ROUTES,
    *ivrs_panel.ROUTES,
    *consortium.ROUTES,
    *consortium_desk.ROUTES,
    *findings.ROUTES,
    *digests.ROUTES,
    *findings_desk.ROUTES,
    *index_desk.ROUTES,
    *index_published.ROUTES,
    *csqs.ROUTES,
    *csqs_visit.ROUTES,
    *csqs_level.ROUTES,
    *csqs_register.ROUTES,
    *enrolments.ROUTES,
    *grouping.ROUTES,
    *hand_overs.ROUTES,
    *submissions.ROUTES,
    *faq.ROUTES,
    *faqs.ROUTES,
    *money.ROUTES,
    *today.ROUTES,
    *quality.ROUTES,
    *second_scores.ROUTES,
    *settling.ROUTES,
    *release.ROUTES,
    *reports.ROUTES,
    *results.ROUTES,
    *office_papers.ROUTES,
    *own_invoices.ROUTES,
    *own_visits.ROUTES,
    *disputes.ROUTES,
    *reminders.ROUTES,
]


def plug(app: AppConfig, services: Services) -> None:
    """Add the dashboard to the app, and the gate in front of everything."""
    static = create_static_files_router("/static", directories=[STATIC], cache_control=None, include_in_schema=False)
    app.route_handlers.extend([*ROUTES, static])
    app.guards.append(gate)
    app.dependencies["page"] = Provide(page_of, sync_to_thread=False)
    app.state["status_counts"] = assessments.StatusCounts()
    app.state[today.ASSIGNED] = AssignedBook()
    app.state[BENCH] = Bench()
    app.before_send.append(_with_headers(secure=services.config.is_https))
    errors.plug(app)


def _with_headers(*, secure: bool) -> Any:
    async def add_headers(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        present = message["headers"]
        already = {name.lower() for name, _ in present}
        wanted = headers.for_answer(str(scope["path"]), secure=secure)
        message["headers"] = [*present, *(header for header in wanted if header[0] not in already)]

    return add_headers
