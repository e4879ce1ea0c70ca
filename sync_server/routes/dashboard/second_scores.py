"""A visit's second score: a tie is said first, then what there is to see, with nobody's answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import Sentence, SentenceError, Text, sentence
from checklists.record.sheet import Item, SheetError
from checklists.score.double_scoring import DoubleScore
from sync_server.database.queries.assessment_pages import head_of
from sync_server.database.queries.panel import BLIND, marks_of, tie_of
from sync_server.database.queries.reviewing import CurrentAssessment
from sync_server.database.queries.second_scores import is_closed
from sync_server.database.queries.second_scores import partners as partners_of
from sync_server.pages.answers import Words, choices_of
from sync_server.pages.assessment import ShownFile
from sync_server.pages.quality_agreement import STEPS
from sync_server.review import second_scores
from sync_server.review.basis import refusal
from sync_server.review.outcome import By, current_assessment
from sync_server.review.second_scores import Pair
from sync_server.routes.dashboard.assessment_pages import page_values
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, services_of, viewed


class Asking(NamedTuple):
    """A question to be judged, what may be answered; `said` by the two, where they have talked."""

    key: str
    text: Text
    choices: Sequence[tuple[str, Words]]
    said: tuple[Words, Words] | None


@get("/quality/second-scores/{assessment_id:str}", include_in_schema=False)
async def second_score_page(
    request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str], *, done: FromQuery[str] = ""
) -> Response[str]:
    """Show what there is to score a visit by, and no answer; or what its scores come to."""
    await viewed(request, "second-score-viewed", ("second-score", assessment_id))
    return await asyncio.to_thread(_drawn, page, assessment_id, done=done)


@post("/quality/second-scores/{assessment_id:str}/tie", include_in_schema=False)
async def second_score_tie(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Keep whether there is a tie."""
    form, by = await fields_of(request), By(account_of(request).id, now_of(request))
    is_tied = form.get("tie") != "no"
    return await _done(
        page, assessment_id, "tie-declared", form,
        lambda db: second_scores.say_tie(db, assessment_id, is_tied=is_tied, by=by), tied=is_tied,
    )  # fmt: skip


@post("/quality/second-scores/{assessment_id:str}/marks", include_in_schema=False)
async def second_score_marks(
    request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]
) -> Response[Any]:
    """Keep what the second person answers, as a draft or for good."""
    form, by = await fields_of(request), By(account_of(request).id, now_of(request))
    book, is_final = services_of(request).forms, form.get("act") == "final"

    def write(db: Connection) -> None:
        second_scores.score(db, book, assessment_id, form, is_final=is_final, by=by)

    return await _done(page, assessment_id, "second-score-kept", form, write, final=is_final)


@post("/quality/second-scores/{assessment_id:str}/pair", include_in_schema=False)
async def second_score_pair(request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str]) -> Response[Any]:
    """Let another assessor's visit stand as the second score."""
    form, by = await fields_of(request), By(account_of(request).id, now_of(request))
    book = services_of(request).forms

    def write(db: Connection) -> None:
        second_scores.pair_visits(db, book, assessment_id, form.get("other", ""), by)

    return await _done(page, assessment_id, "second-score-paired", form, write, other=form.get("other", "")[:36])


async def _done(
    page: Page,
    assessment_id: str,
    action: str,
    form: dict[str, str],
    write: Callable[[Connection], None],
    **details: object,
) -> Response[Any]:
    try:
        await decided(page.request, action, ("second-score", assessment_id), write, form, **details)
    except SentenceError as error:
        return await asyncio.to_thread(_drawn, page, assessment_id, problem=error, filled=form)
    return Redirect(f"/quality/second-scores/{assessment_id}?done={action}", status_code=303)


def _drawn(
    page: Page,
    assessment_id: str,
    *,
    done: str = "",
    problem: SentenceError | None = None,
    filled: Mapping[str, str] | None = None,
) -> Response[str]:
    request, user_id = page.request, account_of(page.request).id
    with services_of(request).database.reading() as db:
        head = head_of(db, assessment_id)
        if head is None:
            raise NotFoundException("no such assessment")
        assessment = current_assessment(db, assessment_id)
        pair = second_scores.pair_of(db, assessment)
        is_own = pair is not None and user_id in [one.judge for one in pair.scores]
        is_again = is_own and pair is not None and pair.settled.step is DoubleScore.SCORE_AGAIN and pair.again is None
        wants = pair is None or is_again or (pair.settled.step is DoubleScore.THIRD_ASSESSOR and not is_own)
        refused = None if is_own or not wants else second_scores.refusal_to_score(db, assessment, user_id)
        if pair is None and is_closed(db, assessment.round):
            refused = sentence(second_scores.CLOSED)
        tie = tie_of(db, BLIND + assessment_id, user_id)
        items: Sequence[Asking] = ()
        if wants and refused is None and tie is False:
            items, refused = _items(db, request, assessment, pair if is_again else None)
        kept = {row.part: _code(row.note) for row in marks_of(db, BLIND + assessment_id, user_id)}
        partners = partners_of(db, assessment_id) if items and pair is None else ()
    files = _files(request, assessment_id) if items else ()
    # Until it is settled somebody may still have to score it blind: only who scored it, or may not, sees the figures.
    is_open = pair is not None and pair.settled.base is None
    shown = pair if pair is not None and (is_own or not is_open or refused is not None) else None
    return page.html(
        "quality/second.html",
        status=409 if problem else 200,
        head=head,
        pair=shown,
        step=STEPS[shown.settled.step] if shown else "",
        done=done,
        refused=refused,
        wants=wants,
        tie=tie,
        is_again=is_again,
        items=items,
        partners=partners,
        files=files,
        filled=filled or page.reader.typed or kept,
        **(refusal(problem) if problem else {"problem": None, "meanwhile": ()}),
    )


def _items(
    db: Connection, request: Asked, assessment: CurrentAssessment, pair: Pair | None
) -> tuple[Sequence[Asking], Sentence | None]:
    record = second_scores.record_of(db, assessment)
    try:
        scorer = second_scores.scorer_of(db, services_of(request).forms, assessment, record)
    except SheetError as error:
        return (), error.message
    said = pair.scores[0].answers if pair else {}

    def asking(item: Item) -> Asking:
        choices = choices_of(item.question)
        words = dict(choices)
        both = said.get(item.key)
        told = None if both is None else (words.get(_text(both[1]), "–"), words.get(_text(both[0]), "–"))
        return Asking(item.key, item.question.text, choices, told)

    return [asking(item) for item in second_scores.asked_of(scorer, record)], None


def _files(request: Asked, assessment_id: str) -> Sequence[ShownFile]:
    view = page_values(request, assessment_id)["view"]
    if view is None:
        return ()
    return [*view.files, *(file for section in view.sections for one in section.answers for file in one.files)]


def _code(note: str) -> str:
    return _text(msgspec.json.decode(note)[0]) if note else ""


def _text(value: object) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


ROUTES = [second_score_page, second_score_tie, second_score_marks, second_score_pair]
