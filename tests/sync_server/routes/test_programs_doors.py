"""Requests made for the doors of other programs: whatever is asked, sent or shown as a token, no 5xx.

OData and OpenRosa describe themselves in their own ways, so what may be sent there is described here.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from sqlalchemy import select

from sync_server.database import tables
from sync_server.database.queries.open_tables import open_sets
from sync_server.people.api_tokens import READING, issue
from sync_server.people.permissions import Role
from tests.sync_server.made_requests import check_no_5xx
from tests.sync_server.openrosa_kit import VALUES, collect_token, instance
from tests.sync_server.season_kit import a_call

ANYTHING: dict[str, Any] = {"type": "string"}
NUMBER = {"enum": ["0", "1", "2", "-1", "1e3", "99999999999999999999", "\u0661", ""]}
ELSE = {"type": "string", "pattern": "^[^A-Za-z0-9*]"}  # anything at all would take in the words beside it
# Words of the language in any order, and words in its order.
TERM = (
    r"^(Round|Score|Id|StartedAt|HasConflict|length\(Id\)|year\(StartedAt\)|Nothing) (eq|ne|gt|ge|lt|le|in|has|and) "
    r"(null|true|-?[0-9]{1,30}|[0-9]\.[0-9]e[0-9]{1,4}|'[^']{0,8}'?|2021-0[0-9]-[0-9]{2}T04:00:00Z|\([0-9,']{0,9}\)?)"
    r"( (and|or) (not )?\(?(contains|startswith|month|tolower)\([A-Za-z',0-9]{0,20}\)?)?$"
)
OPTIONS: dict[str, Any] = {
    "$select": {"enum": ["Id,Score", "*", "Id,Id", "Nothing", ",", "Id/Score", "\u0000"]},
    "$orderby": {"enum": ["Score desc,Id", "Id up", "Score asc,", "", "EntrantName desc", "'"]},
    "$expand": {"enum": ["Answers", "Answers($select=Value)", "Answers($filter=", "Entrants", "Answers,Answers"]},
    "$top": NUMBER,
    "$skip": NUMBER,
    "$count": {"enum": ["true", "false", "yes", ""]},
    "$skiptoken": {"enum": ["WyJhIl0", "W10", "W251bGxd", "WzFd", "e30", "WyJhIiwiYiJd", "=", "\u00e9"]},
}


def parameter(name: str, place: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place != "query", "schema": schema}


def described(tokens: dict[str, str]) -> dict[str, Any]:
    """The doors, each with the ways in which a caller may show who it is."""
    nobody = ["Bearer fieldtool_", "Basic !", "Basic Og==", "Digest x"]

    def door(first: str, *parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
        # Mostly the token that opens the door: as the password of any user, or as a bearer.
        users = [f"Basic {b64encode(f'{user}:{tokens[first]}'.encode()).decode()}" for user in range(16)]
        shown = [*users, *(f"Bearer {token}" for token in tokens.values()), *nobody]
        own = [parameter("Authorization", "header", {"enum": shown}), *parameters]
        return {"parameters": own, "responses": {"default": {"description": "Any"}}} | more

    names = [*open_sets("sqlite"), "$metadata", "Nothing"]
    call = a_call().id
    rows = [f"Assessments('{call}')", f"Assessments('{call}')/Answers", "Rounds(1)", "Rounds(Number='1')", "Answers(')"]
    resources = {"enum": [*names, *rows, "Assessments/$count", "$batch", "'", "A(\u0000)", "Entrants(Id=)"]}
    asked = [parameter(name, "query", schema) for name, schema in OPTIONS.items()]
    term = parameter("$filter", "query", {"type": "string", "pattern": TERM}) | {"required": True}
    form = parameter(
        "form", "path", {"anyOf": [{"enum": ["assignment-1", "assignment-2", "assignment-recorded"]}, ELSE]}
    )
    file = parameter("file", "path", {"enum": ["form.xml", "manifest.xml"]})
    whole = [instance("assignment-1", VALUES).decode(), instance("assignment-1", {"PA2": "9" * 400}).decode()]
    whole += [
        instance("nobody", {}).decode(),
        whole[0][:-20],
        "<data/>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><data>&b;</data>",
    ]
    document = {"enum": [*whole, "", "\u0000", "<data"]}
    parts = {
        "xml_submission_file": document,
        "screen.jpg": {"type": "string", "format": "binary"},
        "*isIncomplete*": ANYTHING,
    }
    body = {"content": {"multipart/form-data": {"schema": {"type": "object", "properties": parts}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Doors of other programs", "version": "1"},
        "paths": {
            "/odata/v4/": {"get": door("reading")},
            "/odata/v4/{resource}": {"get": door("reading", parameter("resource", "path", resources))},
            "/odata/v4/Assessments": {"get": door("reading", term)},
            "/odata/v4/Answers": {"get": door("reading", *asked)},
            "/calendar/visits.ics": {"get": door("subscribe", parameter("language", "query", ANYTHING))},
            "/openrosa/formList": {"get": door("collect", parameter("formID", "query", ANYTHING))},
            "/openrosa/forms/{form}/{file}": {"get": door("collect", form, file)},
            "/openrosa/submission": {"head": door("collect"), "post": door("collect", requestBody=body)},
        },
    }


@pytest.mark.parametrize("database_place", ["sqlite"], indirect=True)
def test_requests_made_for_the_doors_of_programs_find_no_5xx(desk, arrived, tmp_path):
    with desk.services.database.transaction() as db:
        user = db.execute(select(tables.users.c.id).where(tables.users.c.username == Role.VIEWER.value)).scalar_one()
        asked = {"name": "R", "speaks_for": ("user", user), "scopes": [*READING], "lasts_days": 30}
        reading = issue(db, created_by=user, now=desk.services.clock(), **asked)[1]
    description = tmp_path / "doors.json"
    subscribe = collect_token(desk, scopes=("calendar",))
    tokens = {"reading": reading, "collect": collect_token(desk), "subscribe": subscribe}
    description.write_text(json.dumps(described(tokens)))
    options = ("--url", desk.url, "--mode", "positive")
    # OData answers 501 to what is not offered.
    check_no_5xx(str(description), tmp_path, {}, examples=8, options=options, is_501_an_answer=True)
