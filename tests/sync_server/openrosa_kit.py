"""What another app does: it fetches the form of an assignment, fills in its instance, and sends it."""

from __future__ import annotations

import re
import uuid
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

import httpx
from sqlalchemy import select

from sync_server.database import tables
from sync_server.people.api_tokens import issue
from tests.sync_server.season_kit import ANSWERS, ASSESSOR

# How a form of ours writes the answers of a whole call.
VALUES: Mapping[str, str] = {
    **{key: {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
       for key, value in ANSWERS.items()},
    "fieldtool_start": "2021-03-01T12:00:00.000+08:00",
    "fieldtool_end": "2021-03-01T12:20:00.000+08:00",
    "PA1_screenshot": "screen.jpg",
    "PD1_verbatim": "It is kept for me.",
}  # fmt: skip


def collect_token(server: Any, assessor: str = ASSESSOR, scopes: tuple[str, ...] = ("collect",)) -> str:
    """A token of an assessor."""
    with server.services.database.transaction() as db:
        by = db.execute(select(tables.users.c.id).where(tables.users.c.role == "admin")).scalar_one()
        asked = {"name": "Collect", "speaks_for": ("assessor", assessor), "scopes": scopes, "lasts_days": 30}
        return issue(db, created_by=by, now=server.services.clock(), **asked)[1]


def phone(server: Any, token: str) -> httpx.Client:
    """An app that signs in with the token as its password."""
    client = server.client(None)
    client.headers["Authorization"] = "Basic " + b64encode(f"collect:{token}".encode()).decode()
    client.headers["X-OpenRosa-Version"] = "1.0"
    return client


def instance(
    form_id: str, values: Mapping[str, str], *, version: str = "phone_in@1", instance_id: str = "", replaces: str = ""
) -> bytes:
    """A filled-in form."""
    rows = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
    corrects = f"<deprecatedID>{replaces}</deprecatedID>" if replaces else ""
    meta = f"<meta><instanceID>{instance_id or f'uuid:{uuid.uuid4()}'}</instanceID>{corrects}</meta>"
    return f'<data id="{form_id}" version="{version}"><PA>{rows}</PA>{meta}</data>'.encode()


def sent(
    client: httpx.Client, document: bytes, files: Mapping[str, bytes] | None = None, **fields: str
) -> httpx.Response:
    """Send a form as an app does."""
    parts = [("xml_submission_file", ("submission.xml", document, "text/xml"))]
    parts += [(name, (name, data, "image/jpeg")) for name, data in (files or {}).items()]
    return client.post("/openrosa/submission", files=parts, data=fields)


def message(answer: httpx.Response) -> str:
    found = re.search(r"<message[^>]*>([^<]*)<", answer.text)
    assert found is not None, answer.text
    return found[1]
