"""What the public forms have in common: their files, the code by which somebody comes back, and guesses at one.

PFM-1  A code is never in an address. Asking with one that nobody has counts as a try of its address (PUB-2).
PFM-2  Files of the version before stay, unless others are given for their field.
PFM-3  A form whose token is not known any more - the browser forgot its cookie, somebody signed in or out in another
       window, a session ended - decides nothing: its page is shown again with what was typed, and a token that holds.
       One from another site is refused unread (GATE-3); files are chosen again.
PFM-4  Whoever is not signed in has a bounded number of files made or read in processes of their own (VIS-2), at every
       door for anybody that starts one.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from litestar import Response
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.types import ExceptionHandlersMap
from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from sync_server.database.queries import hand_ins
from sync_server.database.queries.hand_ins import VersionRow
from sync_server.errors import RefusedError
from sync_server.hand_in.public_door import reserve_place, short_name
from sync_server.hand_in.versions import HandedFile
from sync_server.people.secret import secret_hash
from sync_server.routes.dashboard.errors import form_expired
from sync_server.routes.dashboard.page import Asked, Page, now_of, page_of, services_of
from sync_server.routes.gate import FormExpiredError

CODE_BYTES = 18
CODE_LONG = 24  # characters of a code


logger = logging.getLogger(__name__)
EXPIRED = N_(
    "This page had been open for so long that it is not known here any more: nothing was sent. Look over what stands"
    " below, and send it again."
)
_MANY_FILES = N_("Many files were made for your network just now. Please wait {seconds} s and ask again.")


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


def shown_again(draw: Callable[[Page, Mapping[str, str]], Response[str]]) -> ExceptionHandlersMap:
    """Return what has a form's door show its page again: `draw` does, with what was typed (PFM-3)."""

    def again(request: Asked, error: FormExpiredError) -> Response[Any]:
        try:
            if error.typed is not None:
                return draw(page_of(request), error.typed)
        except NotFoundException:
            logger.info("an old form of a page that is not there any more")
        return form_expired(request, error)

    return {FormExpiredError: again}


def check_files(request: Asked) -> None:
    """Count one file that is made or read for whoever asks (PFM-4). On the event loop.

    Raises:
        RefusedError: `too-many-requests`.
    """
    if wait_s := files_wait_s(request):
        raise RefusedError("too-many-requests", many_files(wait_s), wait_s=wait_s)


def files_wait_s(request: Asked) -> int:
    """As `check_files`, but return the seconds that whoever asks has to wait; 0: none."""
    return 0 if request.user else services_of(request).papers.wait_s(address_of(request), now_of(request))


def many_files(wait_s: int) -> Sentence:
    """Say that too many were made for one address."""
    return sentence(_MANY_FILES, seconds=wait_s)


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
