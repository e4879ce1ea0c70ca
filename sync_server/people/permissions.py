"""Who may call which route: one table for the whole server, and one guard that reads it.

PERM-1  Every route of the application has exactly one row in `RULES`; a route without a row answers nobody.
PERM-2  A role that is not in the row is refused: a visitor is sent to sign-in, everybody else reads "not allowed".
PERM-3  An entrant sees its own entries alone, and of them only what was published: no assessment as the office has it.
PERM-4  Of an entrant's people a lead hands in and disputes, a reader only reads.

A row names the roles, never the people. Static files and the built app are for anyone: they hold no data.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """Who calls. The first eight are accounts of the dashboard."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    VIEWER = "viewer"
    ENTRANT = "entrant"  # of an organisation: may hand in and dispute
    ENTRANT_READER = "entrant_reader"  # of an organisation: only reads
    JUDGE = "judge"  # of proposals: sees what it is to mark, and nothing else
    MEMBER = "member"  # of the consortium: challenges, ballots, findings, and nothing else
    DEVICE = "assessor_device"  # a phone with a device token
    PROGRAM = "program"  # another program with an API token
    VISITOR = "visitor"  # nobody signed in


ACCOUNT_ROLES = (
    Role.ADMIN,
    Role.COORDINATOR,
    Role.REVIEWER,
    Role.VIEWER,
    Role.ENTRANT,
    Role.ENTRANT_READER,
    Role.JUDGE,
    Role.MEMBER,
)
ENTRANTS = frozenset({Role.ENTRANT, Role.ENTRANT_READER})
JUDGES = frozenset({Role.JUDGE})
MEMBERS = frozenset({Role.MEMBER})

ANYONE = frozenset(Role)
SIGNED_IN = frozenset(ACCOUNT_ROLES)
READERS = SIGNED_IN - JUDGES - MEMBERS
STAFF = READERS - ENTRANTS
REVIEWERS = frozenset({Role.ADMIN, Role.COORDINATOR, Role.REVIEWER})
COORDINATORS = frozenset({Role.ADMIN, Role.COORDINATOR})
LEADS = frozenset({Role.ENTRANT})
ADMINS = frozenset({Role.ADMIN})
DEVICES = frozenset({Role.DEVICE})
TOKENS = frozenset({Role.PROGRAM})
NOT_DEVICES = ANYONE - DEVICES - TOKENS

# (method, path as the application declares it) -> who may call it.
RULES: Mapping[tuple[str, str], frozenset[Role]] = {
    # ---- phones: each route checks the device's own token (GATE-2)
    ("POST", "/api/v1/enrol"): ANYONE,
    ("GET", "/api/v1/changes"): DEVICES,
    ("PUT", "/api/v1/assessments/{assessment_id}"): DEVICES,
    ("GET", "/api/v1/assessments/{assessment_id}/receipt"): DEVICES,
    ("PUT", "/api/v1/counter-answers/{answer_id}"): DEVICES,
    ("OPTIONS", "/api/v1/media"): ANYONE,
    ("OPTIONS", "/api/v1/media/{upload_id}"): ANYONE,
    ("POST", "/api/v1/media"): DEVICES,
    ("HEAD", "/api/v1/media/{upload_id}"): DEVICES,
    ("POST", "/api/v1/media/{upload_id}"): DEVICES,
    ("PATCH", "/api/v1/media/{upload_id}"): DEVICES,
    ("DELETE", "/api/v1/media/{upload_id}"): DEVICES,
    # ---- other programs: each route checks the API token (GATE-2)
    ("GET", "/odata/v4"): TOKENS,
    ("HEAD", "/odata/v4"): TOKENS,
    ("GET", "/odata/v4/{resource}"): TOKENS,
    ("HEAD", "/odata/v4/{resource}"): TOKENS,
    ("GET", "/calendar/visits.ics"): TOKENS,
    ("HEAD", "/calendar/visits.ics"): TOKENS,
    ("GET", "/openrosa/formList"): TOKENS,
    ("GET", "/openrosa/forms/{assignment_id}/form.xml"): TOKENS,
    ("GET", "/openrosa/forms/{assignment_id}/manifest.xml"): TOKENS,
    ("HEAD", "/openrosa/submission"): TOKENS,
    ("POST", "/openrosa/submission"): TOKENS,
    # ---- machines
    ("GET", "/healthz"): ANYONE,
    ("GET", "/readyz"): ANYONE,
    ("GET", "/metrics"): ANYONE,  # asks for its own token, or answers this machine only
    ("GET", "/api/v1/schema"): ANYONE,
    ("GET", "/api/v1/schema/openapi.json"): ANYONE,
    ("GET", "/api/v1/schema/{path}"): ANYONE,  # says "not found"
    ("GET", "/app"): ANYONE,
    ("GET", "/ca"): ANYONE,
    ("GET", "/ca/authority.crt"): ANYONE,
    # ---- anybody
    ("GET", "/"): ANYONE,
    ("GET", "/static/{file_path}"): ANYONE,
    ("GET", "/sign-in"): ANYONE,
    ("POST", "/sign-in"): NOT_DEVICES,
    ("POST", "/sign-in/code"): NOT_DEVICES,
    ("POST", "/sign-in/provider"): NOT_DEVICES,
    ("GET", "/sign-in/provider/back"): ANYONE,
    ("POST", "/preferences"): NOT_DEVICES,
    ("GET", "/invitation/{code}"): ANYONE,
    ("POST", "/invitation/{code}"): NOT_DEVICES,
    ("GET", "/reset"): ANYONE,
    ("POST", "/reset"): NOT_DEVICES,
    ("GET", "/calendar.ics"): ANYONE,  # the edition's dates, and nobody's data
    ("GET", "/enrol"): ANYONE,
    ("POST", "/enrol"): NOT_DEVICES,
    ("POST", "/enrol/again"): NOT_DEVICES,
    ("GET", "/proposal"): ANYONE,
    ("POST", "/proposal"): NOT_DEVICES,
    ("POST", "/proposal/draft"): NOT_DEVICES,
    ("POST", "/proposal/again"): NOT_DEVICES,
    ("GET", "/register"): ANYONE,
    ("GET", "/survey"): ANYONE,
    ("GET", "/survey/{company}"): ANYONE,
    ("GET", "/survey/{company}/answer"): ANYONE,
    ("POST", "/survey/{company}/answer"): NOT_DEVICES,
    ("GET", "/customer-index"): ANYONE,  # what was published, and nothing else
    ("GET", "/customer-index/{edition}"): ANYONE,
    ("GET", "/customer-index/{edition}/csv"): ANYONE,
    ("GET", "/customer-index/{edition}/pdf"): ANYONE,
    ("GET", "/digests"): ANYONE,  # those that whoever asks may read
    ("GET", "/digests/{quarter_name}"): ANYONE,  # says "not yet" for a year
    ("GET", "/digests/{quarter_name}/pdf"): ANYONE,
    ("GET", "/digests/{quarter_name}/table"): ANYONE,
    ("GET", "/findings"): ANYONE,  # those that whoever asks may read
    ("GET", "/findings/{finding_id}"): ANYONE,  # says "not yet" where it is its members' alone
    ("GET", "/findings/{finding_id}/pdf"): ANYONE,
    # ---- every account
    ("POST", "/sign-out"): SIGNED_IN,
    ("GET", "/account"): SIGNED_IN,
    ("POST", "/account/password"): SIGNED_IN,
    ("GET", "/account/second-factor"): SIGNED_IN,
    ("POST", "/account/second-factor"): SIGNED_IN,
    # ---- an entrant, about itself
    ("GET", "/faq"): ENTRANTS,
    ("POST", "/faq"): LEADS,
    ("GET", "/faq/template.xlsx"): ENTRANTS,
    ("GET", "/invoices"): ENTRANTS,  # those of its organisation
    ("GET", "/invoices/{number}"): ENTRANTS,
    ("GET", "/invoices/{number}/pdf"): ENTRANTS,
    ("POST", "/proposal/fill"): LEADS,  # its own released results, into its draft
    ("GET", "/reports/attachment"): ENTRANTS,
    ("POST", "/reports/attachment"): ENTRANTS,
    ("GET", "/reports"): READERS,  # an entrant: its own, published
    ("GET", "/reports/{entrant_id}/{channel}/{round_number}"): READERS,
    ("GET", "/reports/{entrant_id}/{channel}/{round_number}/pdf"): READERS,
    ("GET", "/reports/{entrant_id}/{channel}/{round_number}/visits"): READERS,
    ("GET", "/reports/{entrant_id}/{channel}/{round_number}/visits.csv"): READERS,
    ("GET", "/reports/{entrant_id}/{channel}/{round_number}/visits/{ref}"): READERS,
    ("GET", "/reports/{entrant_id}/{channel}/{round_number}/visits/{ref}/photos/{photo_ref}"): READERS,
    ("GET", "/results"): READERS,  # an entrant: its own, once they are out
    ("GET", "/results/of/{entrant_id}/{channel}/{paper_name}"): READERS,
    ("GET", "/results/of/{entrant_id}/{channel}/{paper_name}/pdf"): READERS,
    ("GET", "/results/of/{entrant_id}/{channel}/{paper_name}/svg"): READERS,
    ("POST", "/reports/{entrant_id}/{channel}/{round_number}/visits/{ref}/disputes"): LEADS,
    # ---- the office
    ("POST", "/account/ties"): STAFF,
    ("GET", "/events"): STAFF,
    ("GET", "/assessments"): STAFF,
    ("GET", "/assessments/{assessment_id}"): STAFF,
    ("GET", "/assessments/{assessment_id}/photos/{sha256}"): STAFF,
    ("GET", "/assessments/{assessment_id}/previews/{sha256}"): STAFF,
    ("GET", "/assessments/rows"): STAFF,
    ("GET", "/assessments/export"): COORDINATORS,
    ("GET", "/assessments/places.geojson"): COORDINATORS,
    ("GET", "/assessments/media.zip"): COORDINATORS,
    ("GET", "/assessments/downloads"): COORDINATORS,
    ("POST", "/assessments/downloads"): COORDINATORS,
    ("GET", "/assessments/downloads/{download_id}"): COORDINATORS,
    ("GET", "/assessments/audit.csv"): COORDINATORS,
    ("GET", "/assessments/{assessment_id}/sound/{sha256}"): STAFF,  # a voice: never the entrant's (privacy E8)
    ("GET", "/assessments/{assessment_id}/originals/{sha256}"): COORDINATORS,
    ("POST", "/assessments/{assessment_id}/review"): REVIEWERS,
    ("POST", "/assessments/{assessment_id}/decisions"): COORDINATORS,
    ("GET", "/bench"): REVIEWERS,
    ("GET", "/bench/{assessment_id}"): REVIEWERS,
    ("POST", "/bench/{assessment_id}/correction"): REVIEWERS,
    ("POST", "/bench/{assessment_id}/query"): REVIEWERS,
    ("POST", "/bench/{assessment_id}/answer"): REVIEWERS,
    ("POST", "/bench/{assessment_id}/second"): REVIEWERS,
    ("POST", "/bench/{assessment_id}/undo"): REVIEWERS,
    ("POST", "/bench/{assessment_id}/photos"): REVIEWERS,
    ("POST", "/bench/{assessment_id}/quotes"): REVIEWERS,
    ("GET", "/bench/{assessment_id}/black-out/{sha256}"): COORDINATORS,
    ("POST", "/bench/{assessment_id}/black-out/{sha256}"): COORDINATORS,
    ("GET", "/disputes"): STAFF,
    ("GET", "/disputes/{dispute_id}"): STAFF,
    ("POST", "/disputes/{dispute_id}/decide"): COORDINATORS,
    ("GET", "/standings"): STAFF,
    ("GET", "/standings/{entrant_id}/{channel}"): STAFF,
    ("GET", "/awards"): STAFF,
    ("GET", "/awards/ivrs"): STAFF,
    ("POST", "/awards/ivrs"): COORDINATORS,
    ("GET", "/borderline"): STAFF,
    ("GET", "/what-if"): COORDINATORS,
    ("GET", "/season.json"): COORDINATORS,
    ("POST", "/rules"): COORDINATORS,  # for what has opened it only proposes; for what has not, administrators alone
    ("GET", "/what-if/proposed/{proposed_id}"): COORDINATORS,
    ("POST", "/what-if/proposed/{proposed_id}/confirm"): COORDINATORS,  # never whoever proposed
    ("POST", "/what-if/proposed/{proposed_id}/withdraw"): COORDINATORS,
    ("POST", "/standings/{entrant_id}/{channel}/consistency"): COORDINATORS,
    ("GET", "/assignments"): STAFF,
    ("GET", "/assignments/week"): STAFF,
    ("POST", "/assignments/week"): COORDINATORS,
    ("GET", "/assessors"): STAFF,
    ("GET", "/devices"): COORDINATORS,
    ("POST", "/devices/{device_id}/revoke"): COORDINATORS,
    ("GET", "/enrolment-codes"): COORDINATORS,
    ("POST", "/enrolment-codes"): COORDINATORS,
    ("POST", "/enrolment-codes/{code_hash}/revoke"): COORDINATORS,
    ("GET", "/imports"): COORDINATORS,
    ("POST", "/imports"): COORDINATORS,
    ("GET", "/imports/templates/{file}"): COORDINATORS,
    ("GET", "/imports/{set_id}"): COORDINATORS,
    ("GET", "/imports/{set_id}/problems"): COORDINATORS,
    ("POST", "/imports/{set_id}/encodings"): COORDINATORS,
    ("POST", "/imports/{set_id}/confirm"): COORDINATORS,
    ("POST", "/imports/{set_id}/undo"): COORDINATORS,
    ("GET", "/forms"): COORDINATORS,
    ("POST", "/forms"): COORDINATORS,
    ("POST", "/forms/publish"): COORDINATORS,
    ("GET", "/forms/files/{form_file}"): COORDINATORS,
    ("GET", "/forms/{form_id}"): COORDINATORS,
    ("POST", "/forms/{form_id}/copy"): COORDINATORS,
    ("POST", "/forms/{form_id}/pin"): COORDINATORS,
    ("GET", "/forms/drafts/{form_name}"): COORDINATORS,
    ("POST", "/forms/drafts/{form_name}"): COORDINATORS,
    ("GET", "/forms/drafts/{form_name}/toml"): COORDINATORS,
    ("GET", "/plan"): COORDINATORS,
    ("POST", "/plan"): COORDINATORS,
    ("POST", "/plan/many"): COORDINATORS,
    ("GET", "/plan/{plan_id}"): COORDINATORS,
    ("POST", "/plan/{plan_id}/make"): COORDINATORS,
    ("POST", "/plan/{plan_id}/confirm"): COORDINATORS,
    ("GET", "/plan/{plan_id}/assignments.csv"): COORDINATORS,
    ("GET", "/quality"): STAFF,
    ("GET", "/quality/{part}"): STAFF,
    ("GET", "/quality/settled"): STAFF,
    ("POST", "/quality/settled"): COORDINATORS,
    ("GET", "/quality/second-scores/{assessment_id}"): REVIEWERS,
    ("POST", "/quality/second-scores/{assessment_id}/tie"): REVIEWERS,
    ("POST", "/quality/second-scores/{assessment_id}/marks"): REVIEWERS,
    ("POST", "/quality/second-scores/{assessment_id}/pair"): REVIEWERS,
    ("GET", "/index"): STAFF,
    ("GET", "/index/table.csv"): STAFF,
    ("GET", "/index/table.pdf"): STAFF,
    ("GET", "/index/industries/{industry}"): STAFF,
    ("POST", "/index/survey"): COORDINATORS,
    ("POST", "/index/companies"): COORDINATORS,
    ("POST", "/index/counters"): COORDINATORS,
    ("POST", "/index/printed"): COORDINATORS,
    ("GET", "/papers/{paper_name}"): COORDINATORS,
    ("GET", "/papers/{paper_name}/pdf"): COORDINATORS,
    ("GET", "/papers/{paper_name}/table"): COORDINATORS,
    ("POST", "/index/copy"): COORDINATORS,
    ("POST", "/index/sign"): COORDINATORS,
    ("POST", "/index/withdraw"): COORDINATORS,
    ("POST", "/index/issue"): COORDINATORS,
    ("GET", "/results/{paper_name}"): STAFF,
    ("GET", "/results/{paper_name}/pdf"): STAFF,
    ("GET", "/release"): STAFF,
    ("GET", "/release/{what}"): STAFF,
    ("POST", "/release/{what}/close"): COORDINATORS,
    ("POST", "/release/{what}/sign"): COORDINATORS,
    ("POST", "/release/{what}/withdraw"): COORDINATORS,
    ("POST", "/release/{what}/shortfall"): COORDINATORS,
    ("GET", "/release/copies/{publication_id}"): COORDINATORS,
    ("GET", "/today"): STAFF,
    ("GET", "/season"): STAFF,
    ("GET", "/edition"): STAFF,
    ("GET", "/edition/next.zip"): COORDINATORS,
    ("POST", "/edition/next"): ADMINS,
    ("GET", "/enrolments"): COORDINATORS,
    ("GET", "/enrolments/{hand_in_id}"): COORDINATORS,
    ("GET", "/enrolments/{hand_in_id}/letter"): COORDINATORS,
    ("GET", "/enrolments/{hand_in_id}/letter/pdf"): COORDINATORS,
    ("GET", "/enrolments/{hand_in_id}/files/{sha256}"): COORDINATORS,
    ("POST", "/enrolments/{hand_in_id}/accept"): COORDINATORS,
    ("POST", "/enrolments/{hand_in_id}/return"): COORDINATORS,
    ("GET", "/csqs"): STAFF,
    ("GET", "/csqs/items"): STAFF,
    ("POST", "/csqs/visits"): COORDINATORS,
    ("GET", "/csqs/visits/{assessment_id}"): STAFF,
    ("POST", "/csqs/visits/{assessment_id}/tie"): REVIEWERS,
    ("POST", "/csqs/visits/{assessment_id}/ratings"): REVIEWERS,
    ("POST", "/csqs/visits/{assessment_id}/settle"): COORDINATORS,
    ("POST", "/csqs/visits/{assessment_id}/decide"): COORDINATORS,
    ("POST", "/csqs/visits/{assessment_id}/confirm"): COORDINATORS,
    ("POST", "/csqs/visits/{assessment_id}/withdraw"): COORDINATORS,
    ("GET", "/csqs/certificates/{decision_id}"): READERS,  # an entrant its own alone
    ("GET", "/csqs/levels/{decision_id}"): READERS,
    ("GET", "/csqs/holders"): COORDINATORS,
    ("POST", "/csqs/holders"): COORDINATORS,
    ("GET", "/proposals"): COORDINATORS,
    ("GET", "/proposals/{proposal_id}"): COORDINATORS,
    ("GET", "/proposals/{proposal_id}/pack.pdf"): COORDINATORS,
    ("GET", "/proposals/{proposal_id}/pack.docx"): COORDINATORS,
    ("GET", "/proposals/{proposal_id}/attachment.pdf"): COORDINATORS,
    ("POST", "/proposals/{proposal_id}/reopen"): COORDINATORS,
    ("POST", "/proposals/{proposal_id}/outside"): COORDINATORS,
    ("GET", "/judging"): JUDGES,
    ("GET", "/judging/ivrs/{entrant_id}"): JUDGES,
    ("POST", "/judging/ivrs/{entrant_id}/tie"): JUDGES,
    ("POST", "/judging/ivrs/{entrant_id}/marks"): JUDGES,
    ("GET", "/judging/{proposal_id}"): JUDGES,
    ("GET", "/judging/{proposal_id}/attachment.pdf"): JUDGES,
    ("POST", "/judging/{proposal_id}/tie"): JUDGES,
    ("POST", "/judging/{proposal_id}/marks"): JUDGES,
    ("GET", "/consortium"): STAFF | MEMBERS,
    ("POST", "/consortium/challenges"): MEMBERS,
    ("POST", "/consortium/ballots/{ballot_id}"): MEMBERS,
    ("POST", "/consortium/events/{event_id}"): MEMBERS,
    ("POST", "/consortium/term"): COORDINATORS,
    ("POST", "/consortium/members"): COORDINATORS,
    ("POST", "/consortium/people"): COORDINATORS,
    ("POST", "/consortium/ballots"): COORDINATORS,
    ("POST", "/consortium/topics"): COORDINATORS,
    ("POST", "/consortium/gatherings"): COORDINATORS,
    ("POST", "/consortium/came"): COORDINATORS,
    ("GET", "/consortium/findings/{finding_id}"): STAFF,
    ("POST", "/consortium/findings"): COORDINATORS,
    ("POST", "/consortium/findings/{finding_id}/draft"): COORDINATORS,
    ("POST", "/consortium/findings/{finding_id}/copy"): COORDINATORS,
    ("POST", "/consortium/findings/{finding_id}/sign"): COORDINATORS,
    ("POST", "/consortium/findings/{finding_id}/withdraw"): COORDINATORS,
    ("POST", "/consortium/findings/{finding_id}/issue"): COORDINATORS,
    ("POST", "/consortium/findings/{finding_id}/open"): COORDINATORS,
    ("GET", "/faqs"): COORDINATORS,
    ("GET", "/faqs/{faq_id}"): COORDINATORS,
    ("POST", "/faqs/{faq_id}/accept"): COORDINATORS,
    ("POST", "/faqs/{faq_id}/return"): COORDINATORS,
    ("GET", "/grouping"): COORDINATORS,
    ("POST", "/grouping"): COORDINATORS,
    ("GET", "/hand-overs"): COORDINATORS,
    ("POST", "/hand-overs"): COORDINATORS,
    ("GET", "/submissions"): COORDINATORS,
    ("POST", "/submissions"): COORDINATORS,
    ("GET", "/assessors/{assessor_id}/visits.ics"): COORDINATORS,
    ("GET", "/reminders"): COORDINATORS,
    ("GET", "/reminders/{kind}"): COORDINATORS,
    ("POST", "/reminders/{kind}/post"): COORDINATORS,
    ("GET", "/letters"): COORDINATORS,
    ("POST", "/letters/again"): COORDINATORS,
    ("GET", "/money"): COORDINATORS,
    ("GET", "/money/export.csv"): COORDINATORS,
    ("GET", "/money/{organisation}"): COORDINATORS,
    ("GET", "/money/{organisation}/bills/{number}"): COORDINATORS,
    ("GET", "/money/{organisation}/bills/{number}/pdf"): COORDINATORS,
    ("POST", "/money/{organisation}/bills"): COORDINATORS,
    ("POST", "/money/{organisation}/payments"): COORDINATORS,
    ("GET", "/records"): COORDINATORS,
    ("GET", "/records/{table}"): COORDINATORS,
    ("GET", "/records/{table}/row"): COORDINATORS,
    ("POST", "/records/{table}/row"): COORDINATORS,
    ("POST", "/records/{table}/withdraw"): COORDINATORS,
    ("POST", "/records/scenarios/approve"): COORDINATORS,
    ("POST", "/notices/erasure"): COORDINATORS,
    ("POST", "/notices/clock"): COORDINATORS,
    # ---- administration
    ("GET", "/accounts"): ADMINS,
    ("POST", "/accounts/invitations"): ADMINS,
    ("POST", "/accounts/{user_id}/disable"): ADMINS,
    ("POST", "/accounts/{user_id}/enable"): ADMINS,
    ("POST", "/accounts/{user_id}/reset"): ADMINS,
    ("POST", "/accounts/{user_id}/second-factor"): ADMINS,
    ("POST", "/accounts/provider-links"): ADMINS,
    ("POST", "/accounts/{user_id}/provider-link"): ADMINS,
    ("GET", "/tokens"): ADMINS,
    ("GET", "/tokens/programs"): ADMINS,
    ("POST", "/tokens"): ADMINS,
    ("POST", "/tokens/{token_id}/revoke"): ADMINS,
    ("GET", "/webhooks"): ADMINS,
    ("POST", "/webhooks"): ADMINS,
    ("POST", "/webhooks/{webhook_id}/secret"): ADMINS,
    ("POST", "/webhooks/{webhook_id}/end"): ADMINS,
    ("POST", "/webhooks/messages/{message_id}/again"): ADMINS,
    ("GET", "/audit"): ADMINS,
    ("GET", "/audit/export"): ADMINS,
}

BENCH_FIELD = "bench"  # of a form that the review bench shows
# Where a form's page does not stand above it.
PAGES_OF_FORMS: Mapping[str, str] = {"/rules": "/what-if"}


def permits(method: str, path_template: str, role: Role) -> bool:
    """Return whether `role` may call the route. HEAD follows GET; a route without a row answers nobody."""
    return role in rule_of(method, path_template)


def rule_of(method: str, path_template: str) -> frozenset[Role]:
    """Return who may call the route: nobody where the table has no row."""
    is_like_get = method == "HEAD" and ("HEAD", path_template) not in RULES
    return RULES.get(("GET" if is_like_get else method, path_template), frozenset())


def page_of_form(path: str, *, is_from_bench: bool = False) -> str:
    """Return the page that has the form sent to `path`: the nearest address above it that can be opened.

    `is_from_bench`: the review bench showed it, which has the forms of a visit's own page too.
    """
    if path in PAGES_OF_FORMS:
        return PAGES_OF_FORMS[path]
    parts = path.strip("/").split("/")
    if is_from_bench and parts[0] == "assessments" and len(parts) > 1:
        return f"/bench/{parts[1]}"
    for length in range(len(parts), 0, -1):
        if any(_fits(template, parts[:length]) for method, template in RULES if method == "GET"):
            return "/" + "/".join(parts[:length])
    return "/"


def _fits(template: str, parts: list[str]) -> bool:
    wanted = template.strip("/").split("/")
    return len(wanted) == len(parts) and all(
        one == other or one.startswith("{") for one, other in zip(wanted, parts, strict=True)
    )
