"""Bringing in what a phone exported by hand: sent through the whole app, as the phone would have sent it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from checklists.language import N_, sentence
from checklists.problems import Problem
from sync_server.app import create_app
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.queries import people
from sync_server.database.queries.season import working_assessors
from sync_server.exchange.loopback import NotTakenError, client_of, enrolled
from sync_server.exchange.phone_bundle import Bundle, BundleError
from sync_server.people import enrolment_codes

COMMAND = "import-bundle"


DEVICE_NAME = "Export brought in by hand"


class Brought(NamedTuple):
    """What became of one record: refused with the server's answer, or kept, whole or still missing files."""

    record_id: str
    revision: int
    refused: str | None
    complete: bool


def bring_in(config: Config, database: Database, bundle: Bundle, now: datetime) -> list[Brought]:
    """Send everything in `bundle`, in its order, and return what became of each record.

    Raises:
        BundleError: its assessor is not known here, or has left.
    """
    device_id = str(uuid5(NAMESPACE_URL, f"bundle/{bundle.device_id}"))
    with database.transaction() as db:
        if bundle.assessor_id not in working_assessors(db):
            message = sentence(N_("{assessor} is no assessor of this season"), assessor=bundle.assessor_id)
            raise BundleError([Problem(place="manifest.json", code="assessor-unknown", message=message)])
        lasts = config.enrolment_code_lasts
        issued = enrolment_codes.issue_code(
            db, assessor_id=bundle.assessor_id, created_by=COMMAND, now=now, lasts=lasts
        )
    brought = asyncio.run(_send(config, bundle, issued.code, device_id))
    with database.transaction() as db:
        people.revoke_device(db, device_id, now)
    return brought


async def _send(config: Config, bundle: Bundle, code: str, device_id: str) -> list[Brought]:
    app = create_app(config)
    brought: list[Brought] = []
    async with app.lifespan(), client_of(app) as client:
        device = await enrolled(client, code, device_id, DEVICE_NAME)
        for one in bundle.carried:
            try:
                complete = await device.send(one.record_id, one.body, one.files, bundle.exported_at)
            except NotTakenError as error:
                brought.append(Brought(one.record_id, one.revision, str(error), complete=False))
            else:
                brought.append(Brought(one.record_id, one.revision, None, complete))
    return brought
