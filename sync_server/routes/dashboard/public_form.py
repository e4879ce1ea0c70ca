"""What the public forms have in common: their files, the code by which somebody comes back, and guesses at one.

PFM-1  A code is never in an address. Asking with one that nobody has counts as a try of its address (PUB-2).
PFM-2  Files of the version before stay, unless others are given for their field.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from litestar.datastructures import UploadFile
from sqlalchemy import Connection

from sync_server.database.queries import hand_ins
from sync_server.database.queries.hand_ins import VersionRow
from sync_server.hand_in.public_door import reserve_place, short_name
from sync_server.hand_in.versions import HandedFile
from sync_server.people.secret import secret_hash
from sync_server.routes.dashboard.page import Asked, now_of, services_of

CODE_BYTES = 18
CODE_LONG = 24  # characters of a code


class Sent(NamedTuple):
    """What a form brought: its words by field, and its files."""

    fields: dict[str, str]
    files: Sequence[HandedFile]


def new_code() -> str:
    """Return a code that nobody has."""
    return secrets.token_urlsafe(CODE_BYTES)


def code_of(text: str) -> str:
    """Return the code that a form carries, or a new one."""
    return text if len(text) == CODE_LONG else new_code()


async def sent_by(request: Asked) -> Sent:
    """Return what a form with files brought."""
    form = await request.form()
    files = [
        HandedFile(name, short_name(upload.filename), await upload.read())
        for name, upload in form.multi_items()
        if isinstance(upload, UploadFile) and upload.filename
    ]
    return Sent({name: value for name, value in form.multi_items() if isinstance(value, str)}, files)


async def count_guess(request: Asked, code: str) -> None:
    """Count a try where nobody has the code (PFM-1).

    Raises:
        sync_server.hand_in.public_door.WaitError, FullError: too many came from this address.
    """
    address, now = address_of(request), now_of(request)

    def count(db: Connection) -> None:
        if hand_ins.hand_in_of_code(db, secret_hash(code)) is None:
            reserve_place(db, address, now)

    await services_of(request).writer.run(count)


def carried(newest: VersionRow | None, files: Sequence[HandedFile]) -> list[Mapping[str, Any]]:
    """Return the files that stay from the version before (PFM-2)."""
    given = {file.field for file in files}
    return [file for file in (newest.files if newest else ()) if file["field"] not in given]


def address_of(request: Asked) -> str:
    """Return where a request comes from."""
    return request.client.host if request.client else "unknown"
