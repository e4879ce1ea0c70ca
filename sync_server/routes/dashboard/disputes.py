"""The dispute desk: the ledger of what entrants dispute, and the decision of one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.forms.form import Kind
from checklists.language import SentenceError, Text
from checklists.record.sheet import SheetError
from checklists.record.transitions import NotAllowedError
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.disputes import Dispute, all_disputes, dispute_of
from sync_server.database.queries.publications import published, what_of
from sync_server.database.queries.standings import bodies
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.pages.answers import Words, answer_words, choices_of, spans_of
from sync_server.publication import disputes
from sync_server.publication.dispute_effects import RoundIf
from sync_server.review.basis import refusal
from sync_server.review.clearing import photos_of
from sync_server.review.outcome import By, CannotDecideError
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, services_of, viewed


@get("/disputes", include_in_schema=False)
async def dispute_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show every dispute with its clock: the open ones first."""
    await viewed(request, "disputes-listed", ("disputes", "list"))
    now = now_of(request)

    def read(desk: SeasonDesk) -> list[dict[str, Any]]:
        return [_line(desk.db, one, now) for one in all_disputes(desk.db)]

    return page.html("disputes/list.html", lines=await read_season(request, read))


@get("/disputes/{dispute_id:str}", include_in_schema=False)
async def dispute_page(page: NamedDependency[Page], dispute_id: FromPath[str]) -> Response[str]:
    """Show one dispute, what it would change, and the decision."""
    return await _drawn(page, dispute_id)


@post("/disputes/{dispute_id:str}/decide", include_in_schema=False)
async def decide_dispute(request: Asked, page: NamedDependency[Page], dispute_id: FromPath[str]) -> Response[Any]:
    """Decide a dispute: it stands, the answer is corrected, or the visit is void."""
    form, by = await fields_of(request), By(account_of(request).id, now_of(request))
    book, outcome, number = services_of(request).forms, form.get("outcome", ""), _number(dispute_id)

    def write(db: Connection) -> None:
        words, answer = form.get("reason", ""), form.get("answer", "")
        disputes.decide(db, book, number, outcome, reason=words, answer=answer, by=by)

    try:
        await decided(request, "dispute-decided", ("dispute", dispute_id), write, form, outcome=outcome[:20])
    except (CannotDecideError, NotAllowedError) as error:
        return await _drawn(page, dispute_id, problem=error, filled=form)
    return Redirect(f"/disputes/{number}", status_code=303)


async def _drawn(
    page: Page, dispute_id: str, *, problem: SentenceError | None = None, filled: dict[str, str] | None = None
) -> Response[str]:
    request = page.request
    now, user_id = now_of(request), account_of(request).id

    def read(desk: SeasonDesk) -> dict[str, Any]:
        dispute = dispute_of(desk.db, _number(dispute_id))
        if dispute is None:
            raise NotFoundException("no such dispute")
        would = None if dispute.outcome else RoundIf(desk, dispute)
        effects = _effects(desk, dispute, would)
        refused = None if dispute.outcome else disputes.refusal_to_decide(desk.db, dispute, user_id)
        line = _line(desk.db, dispute, now)
        return {
            "line": line,
            **effects._asdict(),
            "round_now": would and would.now(),
            "round_voided": would and would.voided(),
            "photos": [
                one
                for one in photos_of(desk.db, dispute.assessment_id)
                if not dispute.question or (one.question or "").partition("#")[0] == dispute.question
            ],
            "refused": refused,
            "basis": last_entry(desk.db),
        }

    values = await read_season(request, read)
    await viewed(request, "dispute-viewed", ("dispute", dispute_id[:20]))
    return page.html(
        "disputes/page.html",
        status=409 if problem else 200,
        filled=filled or page.reader.typed or {},
        **(refusal(problem) if problem else {"problem": None, "meanwhile": ()}),
        **values,
    )


def _line(db: Connection, dispute: Dispute, now: Any) -> dict[str, Any]:
    out = published(db, what_of(dispute.round))
    return {
        "of": dispute,
        "days": disputes.waited_days(db, dispute, now),
        "ends_at": disputes.may_open(db, dispute.round, now),
        "waits": disputes.waits_for_correction(dispute, out),
    }


class _Made(NamedTuple):
    """What an answer makes: the base of its visit, and the score of its round."""

    base: Fraction | None
    round: Fraction | None


class _Effects(NamedTuple):
    """The question, its answer as it counts now, each other answer and each span of numbers with what it makes."""

    asked: Text | None = None
    answered: Words | None = None
    effects: Sequence[tuple[str, Words, _Made]] = ()
    spans: Sequence[tuple[Words, _Made]] = ()  # of a question that a number answers


def _effects(desk: SeasonDesk, dispute: Dispute, would: RoundIf | None) -> _Effects:
    kept = bodies(desk.db, [dispute.assessment_id])[dispute.assessment_id]
    record = CountedRecords(desk.db, [dispute.assessment_id]).read(kept.body, kept.digest)
    rules = desk.rules_of(dispute.round)
    effect = "section_zero" if rules.text("critical.effect") == "section_zero" else "flag_only"
    try:
        scorer = desk.book.scorer_of(record, effect, desk.db)  # type: ignore[arg-type]
    except SheetError:
        return _Effects()
    item = scorer.sheet.all_items.get(dispute.question)
    if item is None:
        return _Effects()
    answers: dict[str, Any] = {key: answer.value for key, answer in record.answers.items()}
    answered = answer_words(item.question, record.answers.get(dispute.question), scorer.sheet)

    def made(code: str) -> _Made:
        value: Any = (
            code == "true" if code in ("true", "false") else int(code) if code.isascii() and code.isdigit() else code
        )
        own = scorer.base({**answers, dispute.question: value})
        settled = None if own is None else disputes.settled_with(desk.db, dispute.assessment_id, own)
        base = own if settled is None else settled
        return _Made(base, None if would is None else would.with_base(base))

    offered = [(code, words, made(code)) for code, words in choices_of(item.question)]
    is_number = item.question.kind is Kind.BANDS and dispute.question in record.answers
    spans = [(words, made(typed)) for words, typed in spans_of(item)] if is_number else ()
    return _Effects(item.question.text, answered, offered, spans)


def _number(dispute_id: str) -> int:
    return int(dispute_id) if dispute_id.isascii() and dispute_id.isdigit() and len(dispute_id) < 10 else 0


ROUTES = [dispute_list, dispute_page, decide_dispute]
