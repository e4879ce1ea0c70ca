"""The public survey: which company, then the questions. Nobody signs in, and nothing of an answer says whose it is."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Mapping
from urllib.parse import quote

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from checklists.index.survey import CONTACTS, ORIGINS, pulse_survey
from checklists.language import N_, Sentence, sentence
from sync_server.database.queries import survey as queries
from sync_server.routes.dashboard.page import Asked, Page, fields_of, now_of, services_of
from sync_server.routes.dashboard.public_form import EXPIRED, shown_again
from sync_server.season.edition import current_edition
from sync_server.survey.taking import NotTakenError, NotWholeError, Taking, given_in, keep_answers, open_survey

_ID = re.compile(r"[A-Za-z0-9_-]{24}")
_WAIT = N_("Many answers came from your network just now. Please wait {seconds} s and send it again.")


@get("/survey", include_in_schema=False)
async def survey_companies(page: NamedDependency[Page]) -> Response[str]:
    """Show the companies that customers are asked about, by industry."""

    def read() -> Response[str]:
        with services_of(page.request).database.reading() as db:
            companies = queries.company_rows(db)
            closed = _closed(page)
        by_industry = [
            (industry, [company for company in companies if company.industry == industry.code])
            for industry in pulse_survey().industries
        ]
        listed = [(industry, few) for industry, few in by_industry if few]
        return page.html("survey/companies.html", industries=listed, closed=closed)

    return await asyncio.to_thread(read)


@get("/survey/{company:str}", include_in_schema=False)
async def survey_form(page: NamedDependency[Page], company: FromPath[str]) -> Response[str]:
    """Show the statement, then the questions, or why nothing is taken.

    The browser's Back shows the page that was answered, with its id: it is kept by the browser for that alone, and
    asked for again where anybody comes by a link. Answers go to an address of their own, since what is sent to the
    page's own would take it out of the browser's hands.
    """
    shown = await asyncio.to_thread(_form, page, company, {})
    shown.headers["Cache-Control"] = "private, no-cache"
    return shown


@get("/survey/{company:str}/answer", include_in_schema=False)
async def survey_anew(company: FromPath[str]) -> Redirect:
    """Lead whoever changes the language after sending, or typed the address, to the questions."""
    return Redirect(f"/survey/{quote(company, safe='')}", status_code=303)


def _again(page: Page, typed: Mapping[str, str]) -> Response[str]:
    company = str(page.request.path_params["company"])
    return _form(page, company, typed, refused=sentence(EXPIRED), status=403)


@post(
    "/survey/{company:str}/answer",
    include_in_schema=False,
    status_code=200,
    exception_handlers=shown_again(_again),
)
async def survey_send(request: Asked, page: NamedDependency[Page], company: FromPath[str]) -> Response[str]:
    """Keep the answers and say thank you; or say at each question what is missing. Sent twice is kept once."""
    typed = await fields_of(request)
    try:
        given = given_in(typed, _id_of(typed), company)
    except NotWholeError as error:
        return await asyncio.to_thread(_form, page, company, typed, problems=error.problems, status=422)
    now = now_of(request)
    wait_s = services_of(request).visitors.wait_s(request.client.host if request.client else "unknown", now)
    if wait_s:
        refused = sentence(_WAIT, seconds=wait_s)
        answer = await asyncio.to_thread(_form, page, company, typed, refused=refused, status=429)
        answer.headers["Retry-After"] = str(wait_s)
        return answer
    kept = await services_of(request).writer.submit(keep_answers, Taking(given, now))
    if isinstance(kept, NotTakenError):
        return await asyncio.to_thread(_form, page, company, typed, refused=kept.message, status=409)
    return page.html("survey/thanks.html", company=company, is_new=kept)


def _id_of(typed: Mapping[str, str]) -> str:
    """Return the id that came with the page; a new one where it is none of ours."""
    given = typed.get("answer", "")
    return given if _ID.fullmatch(given) else secrets.token_urlsafe(18)


def _form(
    page: Page,
    company: str,
    typed: Mapping[str, str],
    *,
    problems: Mapping[str, Sentence] | None = None,
    refused: Sentence | None = None,
    status: int = 200,
) -> Response[str]:
    with services_of(page.request).database.reading() as db:
        row, edition = queries.company_of(db, company), current_edition(db)
    if row is None:
        raise NotFoundException(company)
    return page.html(
        "survey/form.html",
        status=status,
        company=row,
        edition=edition,
        survey=pulse_survey(),
        contacts=CONTACTS,
        origins=ORIGINS,
        answer=_id_of(typed),
        given=typed,
        problems=problems or {},
        refused=refused,
        closed=None if refused else _closed(page),
    )


def _closed(page: Page) -> Sentence | None:
    with services_of(page.request).database.reading() as db:
        try:
            open_survey(db, now_of(page.request))
        except NotTakenError as error:
            return error.message
    return None


ROUTES = [survey_companies, survey_form, survey_anew, survey_send]
