"""A form made on a page: one version looked at, copied and pinned; its next version edited, checked and published.

FED-1  The draft is the form's file. Fields of a question, a file sent up and the text itself all change that, and what
       has not its shape is named and changes nothing.
FED-2  A form has one draft, whoever edits it; every change carries the state it was made from.
FED-3  Only what has no problem is published, as the next version of its form; the draft is gone then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.forms import drafting
from checklists.forms.differences import Difference, differences
from checklists.forms.evidence_kinds import LABELS
from checklists.forms.file import FormError
from checklists.forms.form import Form, Kind
from checklists.forms.toml_out import toml_of
from checklists.language import LANGUAGES
from checklists.problems import Problem
from sync_server.database.queries import form_versions as queries
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.form_versions import DraftRow
from sync_server.review.basis import DecidedMeanwhileError, refusal
from sync_server.routes.bounds import FILE_DOORS
from sync_server.routes.dashboard.deciding import done_or_shown
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, services_of
from sync_server.season.form_versions import (
    kept_forms,
    newest,
    numbered,
    pin,
    pinned,
    problems_of,
    publish,
    publishable,
)

EDIT = "/forms/drafts/{form_name:str}"
NEW = "new"
NEW_QUESTION = {"kind": "yes_no", "points": "1"}


class _Held(NamedTuple):
    """What a page of one draft needs of the database."""

    forms: Mapping[str, Form]
    draft: DraftRow
    basis: int


@get("/forms/{form_id:str}", include_in_schema=False)
async def form_page(page: NamedDependency[Page], form_id: FromPath[str]) -> Response[str]:
    """Show one version: its questions as the phone shows them, and what it has that the version before had not."""
    return await _version(page, form_id)


@post("/forms/{form_id:str}/copy", include_in_schema=False)
async def form_copy(request: Asked, page: NamedDependency[Page], form_id: FromPath[str]) -> Response[str] | Redirect:
    """Begin the draft of a form's next version from a version; where there is one already, go on with that."""
    by, now, name = account_of(request).id, now_of(request), form_id.partition("@")[0]

    def write(db: Connection) -> None:
        form = _form(kept_forms(db), form_id)
        if all(held.name != name for held in queries.drafts(db)):
            queries.keep_draft(db, DraftRow(name, form.id, toml_of(form), now, by))

    shown = partial(_version, page, form_id)
    subject = ("form-draft", name)
    return await done_or_shown(request, "form-draft-begun", subject, write, shown=shown, then=f"/forms/drafts/{name}")


@post("/forms/{form_id:str}/pin", include_in_schema=False)
async def form_pin(request: Asked, page: NamedDependency[Page], form_id: FromPath[str]) -> Response[str] | Redirect:
    """Have new assignments made on this version, or on the newest again."""
    now, holds = now_of(request), (await fields_of(request)).get("pin") == "yes"

    def write(db: Connection) -> None:
        _form(kept_forms(db), form_id)
        pin(db, form_id, now, holds=holds)

    action = "form-pinned" if holds else "form-unpinned"
    shown, then = partial(_version, page, form_id), f"/forms/{form_id}"
    return await done_or_shown(request, action, ("form", form_id.partition("@")[0]), write, shown=shown, then=then)


@get(EDIT, include_in_schema=False)
async def draft_page(
    page: NamedDependency[Page],
    form_name: FromPath[str],
    *,
    question: FromQuery[str] = "",
    section: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[str]:
    """Show a draft: its problems, what it changes, and the fields of one question or section."""
    if (typed := page.reader.typed) is not None:  # the session had ended: back to where it was typed (KEPT-4)
        question, section = typed.get("question", ""), typed.get("section", "")
    return await _draft(page, form_name, question=question, section=section, typed=typed, done=done)


@post(EDIT, include_in_schema=False, status_code=200, request_max_body_size=FILE_DOORS[EDIT])
async def draft_change(request: Asked, page: NamedDependency[Page], form_name: FromPath[str]) -> Response[Any]:
    """Change a draft as `act` says, publish it, or give it up."""
    fields, now, by = await fields_of(request), now_of(request), account_of(request).id
    act, upload = fields.get("act", ""), (await request.form()).get("file")
    sent = await upload.read() if isinstance(upload, UploadFile) else b""
    held = await asyncio.to_thread(_held, page, form_name)
    name, then = held.draft.name, f"/forms/drafts/{held.draft.name}"
    shown = partial(_draft, page, name, question=fields.get("question", ""), section=fields.get("section", ""))

    def write(db: Connection) -> None:
        if act == "discard":
            queries.forget_draft(db, name)
            return
        forms = kept_forms(db)
        row = _draft_row(db, name)
        if act == "publish":
            publish(db, _publishable(row.body, name, forms), now)
            queries.forget_draft(db, name)
            return
        body = _edited(row.body, fields, sent)
        queries.keep_draft(db, row._replace(body=body, updated_at=now, updated_by=by))

    actions = {"publish": "form-published", "discard": "form-draft-discarded"}
    try:
        await decided(request, actions.get(act, "form-draft-changed"), ("form-draft", name), write, fields)
    except DecidedMeanwhileError as error:
        return await shown(typed=fields, status=409, **refusal(error))
    except FormError as error:
        return await shown(typed=fields, wrong=error.problems, status=422)
    except LookupError as error:
        raise NotFoundException(name) from error
    services_of(request).wake()
    if act == "publish":
        return Redirect(f"/forms?done={_publishable_id(held)}", status_code=303)
    return Redirect("/forms" if act == "discard" else f"{then}?done=yes", status_code=303)


@get(f"{EDIT}/toml", include_in_schema=False)
async def draft_file(page: NamedDependency[Page], form_name: FromPath[str]) -> Response[bytes]:
    """Download a draft as its own file, letter for letter: sent up again it changes nothing."""
    held = await asyncio.to_thread(_held, page, form_name)
    headers = {"Content-Disposition": f'attachment; filename="{held.draft.name}.toml"'}
    return Response(held.draft.body.encode(), media_type="application/toml", headers=headers)


def _edited(body: str, fields: Mapping[str, str], sent: bytes) -> str:
    question, section = fields.get("question", ""), fields.get("section", "")
    match fields.get("act", ""):
        case "upload":
            return drafting.text_of_file(sent)
        case "text":
            return fields.get("toml", "")
        case "question":
            return drafting.with_question(body, section, question, fields)
        case "up" | "down" as way:
            return drafting.moved(body, question, -1 if way == "up" else 1)
        case "remove":
            return drafting.without_question(body, question)
        case "section":
            return drafting.with_section(body, "" if section == NEW else section, fields)
        case other:
            raise LookupError(other)


def _publishable(body: str, name: str, forms: Mapping[str, Form]) -> Form:
    draft = drafting.read_draft(body, forms)
    if draft.form is None or draft.problems:
        raise FormError(draft.problems)
    return publishable(numbered(draft.form, name, forms), forms)


def _publishable_id(held: _Held) -> str:
    before = newest(held.forms, held.draft.name)
    return f"{held.draft.name}@{before.version + 1 if before else 1}"


def _problems(draft: drafting.Draft, name: str, forms: Mapping[str, Form]) -> tuple[Problem, ...]:
    more = problems_of(numbered(draft.form, name, forms), forms) if draft.form else ()
    return (*draft.problems, *more)


def _form(forms: Mapping[str, Form], form_id: str) -> Form:
    if form_id not in forms:
        raise NotFoundException(form_id)
    return forms[form_id]


def _draft_row(db: Connection, name: str) -> DraftRow:
    found = next((row for row in queries.drafts(db) if row.name == name), None)
    if found is None:
        raise NotFoundException(name)
    return found


def _held(page: Page, name: str) -> _Held:
    with services_of(page.request).database.reading() as db:
        return _Held(kept_forms(db), _draft_row(db, name), last_entry(db))


async def _version(page: Page, form_id: str, *, status: int = 200, **more: Any) -> Response[str]:
    def read() -> dict[str, Any]:
        with services_of(page.request).database.reading() as db:
            forms, basis, pins = kept_forms(db), last_entry(db), pinned(db)
            drafts = {row.name for row in queries.drafts(db)}
        form = _form(forms, form_id)
        before = forms.get(f"{form.name}@{form.version - 1}")
        latest = newest(forms, form.name)
        return {
            "form": form,
            "before": before,
            "changes": differences(before, form) if before else (),
            "is_pinned": pins.get(form.name) == form.id,
            "in_use": pins.get(form.name) or (latest.id if latest else ""),
            "has_draft": form.name in drafts,
            "basis": basis,
        }

    values = await asyncio.to_thread(read)
    return await asyncio.to_thread(page.html, "forms/version.html", status=status, evidence=LABELS, **values, **more)


async def _draft(
    page: Page,
    name: str,
    *,
    question: str = "",
    section: str = "",
    typed: Mapping[str, str] | None = None,
    wrong: tuple[Problem, ...] = (),
    status: int = 200,
    done: str = "",
    **more: Any,
) -> Response[str]:
    def read() -> dict[str, Any]:
        held = _held(page, name)
        draft = drafting.read_draft(held.draft.body, held.forms)
        before = newest(held.forms, name)
        changes: tuple[Difference, ...] = differences(before, draft.form) if before and draft.form else ()
        chosen = _chosen(draft.form, question)
        fields = dict(typed or {}) or (drafting.fields_of_question(chosen) if chosen else dict(NEW_QUESTION))
        return {
            "name": name,
            "row": held.draft,
            "form": draft.form,
            "problems": wrong or _problems(draft, name, held.forms),
            "refused": bool(wrong),
            "changes": changes,
            "before": before,
            "next_id": _publishable_id(held),
            "question": question,
            "chosen": chosen,
            "section": section,
            "is_section": section == NEW or fields.get("act") == "section",
            "fields": fields,
            "toml": (typed or {}).get("toml") or held.draft.body,
            "basis": held.basis,
        }

    values = await asyncio.to_thread(read)
    return await asyncio.to_thread(
        page.html,
        "forms/draft.html",
        status=status,
        kinds=list(Kind),
        evidence=LABELS,
        flags=drafting.FLAGS,
        form_languages=LANGUAGES,
        done=bool(done),
        **values,
        **more,
    )


def _chosen(form: Form | None, question_id: str) -> Any:
    questions = (question for section in form.sections for question in section.questions) if form else ()
    return next((question for question in questions if question.id == question_id), None)


ROUTES = [form_page, form_copy, form_pin, draft_page, draft_change, draft_file]
