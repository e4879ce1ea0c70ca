"""Requests made for the pages on which the office opens the server to others: whatever is typed or sent up, no 5xx.

Forms, tokens, webhooks, the tray of other apps, the second step, audit.csv. Pages describe themselves to nobody,
so what may be sent to them is described here.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from checklists.forms.drafting import FLAGS, fields_of_question
from checklists.forms.file import shipped_forms
from checklists.forms.form import AWARD_CHANNELS, Kind
from checklists.forms.toml_out import toml_of
from sync_server.database import tables
from sync_server.people.api_tokens import LASTS_DAYS, Scope
from sync_server.people.permissions import Role
from sync_server.post.hooks import TYPES
from sync_server.routes.gate import CSRF_HEADER, SESSION_COOKIE
from tests.sync_server.desk import form_token, send, signed_in
from tests.sync_server.made_requests import check_no_5xx
from tests.sync_server.season_kit import ASSESSOR

CALL = shipped_forms()["phone_in@1"]
WORDS: dict[str, Any] = {"type": "string", "maxLength": 120}
# Conditions and values that are none, refer to nothing, to themselves, or nest.
CONDITIONS = [
    '{ answer = "PA1" }', '{ answer = "Nothing" }', "{ answer = 1 }", "{}", "[]", "{", "1", '"PA1"', "{ not = {} }",
    '{ and = [] }', '{ sum = [ { answer = "PA2" }, 1 ] }', '{ equal = [ { answer = "PA1" } ] }', "\u0000", "nan",
    '{ if = [ { answer = "PA1" }, { value = "nothing" }, 1e999 ] }', "{ not = " * 60 + "1" + " }" * 60, "2021-02-30",
]  # fmt: skip
NUMBERS = ["0", "1", "-1", "1e3", "\u0661", "9" * 40, "", "1/0", "many"]
TOML = toml_of(CALL)
FILES = [
    TOML,
    TOML.replace("phone_in", "phone_out", 1),
    TOML.replace('id = "PA1"', 'id = "PA2"', 1),
    TOML.replace("points = 1", "points = 1e999"),
    TOML.replace("[[section]]", "[section]", 1),
    TOML[: len(TOML) // 2],
    "",
    "\u0000",
    "name = 1",
    "section = [[]]",
    "section = 5",
    "[[section]]\nquestion = 1",
    "[[section]]\nid = 3\nquestion = [{}]",
    "a = " + "[" * 900,
    "name = 'phone_in'\nversion = 99999999999999999999",
]
ADDRESSES = ["https://a.example/", "https://[::1]/", "https://[", "http://a.example", "https://2130706433/", "\u4f8b"]


def parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def asking(*parameters: dict[str, Any]) -> dict[str, Any]:
    return {"parameters": list(parameters), "responses": {"default": {"description": "Any"}}}


def form_of(fields: dict[str, Any]) -> dict[str, Any]:
    """A form with all of its fields, as a browser sends it."""
    # The number of the page it is of: mostly none or one that is still to come, so that nothing came between.
    known = {"basis": {"enum": ["", "999999999", "999999998", "1", "x"]}, **fields}
    return {"type": "object", "properties": known, "required": [*known], "additionalProperties": False}


def sending(
    schema: dict[str, Any], *parameters: dict[str, Any], kind: str = "application/x-www-form-urlencoded"
) -> dict[str, Any]:
    return asking(*parameters) | {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}


def described(user: str, hook: str, token: str) -> dict[str, Any]:
    """The doors of an administrator and a coordinator, for whom an administrator stands in."""
    files = {"enum": FILES}
    question: dict[str, Any] = dict.fromkeys(fields_of_question(CALL.sections[0].questions[0]), WORDS)
    question |= {key: {"enum": NUMBERS} for key in ("points", "faq", "min_chars")}
    question |= {key: {"enum": ["", "yes"]} for key in FLAGS} | {"show_if": {"enum": CONDITIONS}}
    question |= {"options": {"enum": ["", "a | 1 | A | \u7532", "a|1/0", "|||", "a\nb | x\n" * 30]}}
    question |= {"bands": {"enum": ["", "20=1; 40=3/4; any=0", "any=1; 3=1", "=", "x=1e999"]}}
    question |= {"kind": {"enum": [*Kind, "x"]}, "id": {"enum": ["PA1", "PX1", "a b", "", "\u984c"]}}
    question |= {"question": {"enum": ["PA1", "", "Nothing"]}, "section": {"enum": ["PA", "Nothing"]}}
    section = {"section": {"enum": ["PA", "new", ""]}, "id": question["id"], "weight": {"enum": NUMBERS}}
    section |= {"title_en": WORDS, "title_zh-Hant": WORDS}
    place = {"question": {"enum": ["PA2", "PB1", "Nothing"]}}
    acts = {"question": question, "section": section, "up": place, "down": place, "remove": place, "nothing": {}}
    by_fields = {"anyOf": [form_of({"act": {"const": act}, **fields}) for act, fields in acts.items()]}
    whole = {"act": {"enum": ["text", "publish"]}, "toml": files}
    form = parameter("form", {"enum": ["phone_in@1", "phone_in@9", "phone_in", "@", "drafts", "\u8868"]})
    file = parameter("file", {"enum": ["phone_in@1.toml", "phone_in@1.xlsx", "phone_in@9.toml", ".", "phone_in@1.exe"]})
    name = parameter("name", {"enum": ["online", "nothing", "\u8868"]})
    upload = {"channel": {"enum": [*AWARD_CHANNELS, "x"]}, "file": {"type": "string", "format": "binary"}}
    owners = {"enum": [f"assessor:{ASSESSOR}", f"user:{user}", "user:", ":", "\u5b98:1"]}
    a_token = {"name": WORDS, "speaks_for": owners, "scope": {"enum": [*Scope, "x"]}}
    a_token |= {"lasts_days": {"enum": [*map(str, LASTS_DAYS), *NUMBERS]}}
    a_hook = {"name": WORDS, "address": {"enum": ADDRESSES}, "event": {"enum": [*TYPES, "x"]}}
    number = parameter("number", {"enum": ["0", "1", "-1", "9" * 15, "9" * 40, "\u0661", "x"]})
    code = {"act": {"enum": ["begin", "confirm", "remove", ""]}, "code": WORDS}
    decisions = {"enum": ["take", "aside", "x"]}
    a_submission = {"submission": {"enum": NUMBERS}, "digest": WORDS, "decision": decisions, "reason": WORDS}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Doors of the office", "version": "1"},
        "paths": {
            "/forms": {"get": asking(), "post": sending(form_of(upload), kind="multipart/form-data")},
            "/forms/publish": {"post": sending(form_of({"toml": files, "file": WORDS}))},
            "/forms/files/{file}": {"get": asking(file)},
            "/forms/{form}": {"get": asking(form)},
            "/forms/{form}/copy": {"post": sending(form_of({}), form)},
            "/forms/{form}/pin": {"post": sending(form_of({"pin": {"enum": ["yes", ""]}}), form)},
            "/forms/drafts/phone_in": {"get": asking(), "post": sending(by_fields)},
            "/forms/drafts/{name}": {"get": asking(name), "post": sending(form_of(whole), name)},
            "/forms/drafts/{name}/toml": {"get": asking(name)},
            "/tokens": {"get": asking(), "post": sending(form_of(a_token))},
            "/tokens/{id}/revoke": {"post": sending(form_of({}), parameter("id", {"enum": [token, "nobody"]}))},
            "/webhooks": {"get": asking(), "post": sending(form_of(a_hook))},
            "/webhooks/{id}/secret": {"post": sending(form_of({}), parameter("id", {"enum": [hook, "nobody"]}))},
            "/webhooks/{id}/end": {"post": sending(form_of({}), parameter("id", {"enum": ["nobody", "\u8868"]}))},
            "/webhooks/messages/{number}/again": {"post": sending(form_of({}), number)},
            "/submissions": {"get": asking(), "post": sending(form_of(a_submission))},
            "/account/second-factor": {"get": asking(), "post": sending(form_of(code))},
            "/sign-in/code": {"post": sending(form_of({"pending": WORDS, "code": WORDS, "next": WORDS}))},
            "/assessments/audit.csv": {"get": asking()},
        },
    }


@pytest.mark.parametrize("database_place", ["sqlite"], indirect=True)
def test_requests_made_for_the_pages_that_open_the_server_find_no_5xx(desk, arrived, tmp_path):
    with signed_in(desk, Role.ADMIN) as client:
        headers = {CSRF_HEADER: form_token(client), "Cookie": f"{SESSION_COOKIE}={client.cookies[SESSION_COOKIE]}"}
        for form in ("phone_in@1", "online@1"):
            send(client, f"/forms/{form}/copy")
        send(client, "/webhooks", {"name": "R", "address": ADDRESSES[0], "event": TYPES[0]})
        with desk.services.database.reading() as db:
            hook = db.execute(select(tables.webhooks.c.id)).scalar_one()
            user = db.execute(select(tables.users.c.id).where(tables.users.c.role == Role.ADMIN)).scalar_one()
        typed = {"name": "R", "speaks_for": f"user:{user}", "scope": "season", "lasts_days": "30"}
        send(client, "/tokens", typed)
    with desk.services.database.reading() as db:
        token = db.execute(select(tables.api_tokens.c.id)).scalar_one()
    description = tmp_path / "doors.json"
    description.write_text(json.dumps(described(user, hook, token)))
    check_no_5xx(str(description), tmp_path, headers, examples=8, options=("--url", desk.url, "--mode", "positive"))
