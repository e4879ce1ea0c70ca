"""How much of a body each door reads, in one place, and a form read within it.

BND-1  A door reads FORM_BYTES at most. One that takes files has a row in FILE_DOORS; records and uploads have their
       settings (`max_body_bytes`, `max_chunk_bytes`), an enrolment ENROLMENT_BYTES,
       and the answers of a customer at a counter COUNTER_ANSWER_BYTES.
BND-2  A body announced as longer is refused before anybody is looked up; one that does not say its length, as soon as
       it is longer.
BND-3  A form has FORM_FIELDS fields at most. It is kept with its request alone: the framework would hold the last
       thousand forms, passwords among them.
BND-4  JSON that is nested more deeply than the reader goes is a bad request, not a fault of the server; so is a part of
       a form that is no text of the charset it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.datastructures.state import State
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException, ValidationException

from sync_server.people.sessions import Session

FORM_BYTES = 256_000
FORM_FIELDS = 1_000
ENROLMENT_BYTES = 10_000
COUNTER_ANSWER_BYTES = 10_000
RECORD_BYTES_A_DAY = 1_000_000_000  # of one device: a hundred thousand visits
FILE_DOORS: Mapping[str, int] = {
    "/imports": 45_000_000,
    "/enrol": 24_000_000,
    "/faq": 4_000_000,
    "/forms": 5_000_000,
    "/index/printed": 5_000_000,
    "/proposal": 24_000_000,
    "/proposal/fill": 24_000_000,
    "/reports/attachment": 45_000_000,
    "/forms/publish": 2_000_000,
    "/forms/drafts/{form_name:str}": 2_000_000,
    "/openrosa/submission": 45_000_000,
}


class BoundedRequest(Request[Session | None, Any, State]):
    """A request whose form is read within BND."""

    __slots__ = ("_fields",)

    async def json(self) -> Any:
        """Return what the body says as JSON. Raises ClientException (and what the framework raises) where it cannot."""
        try:
            return await super().json()
        except RecursionError as error:
            raise ClientException("the body is nested too deeply") from error

    async def form(self) -> FormMultiDict:
        """Return the form that was sent; a repeat reads nothing anew.

        Raises:
            ValidationException: it has too many fields.
            litestar.exceptions.http_exceptions.RequestEntityTooLarge: it is longer than its door reads.
        """
        if self.content_type[0] != RequestEncodingType.URL_ENCODED:
            try:
                return await super().form()
            except (UnicodeDecodeError, LookupError) as error:
                raise ClientException("a part of the form is no text of its charset") from error
        if not hasattr(self, "_fields"):
            self._fields = _fields_of(await self.body())
        return self._fields


def _fields_of(body: bytes) -> FormMultiDict:
    try:
        return FormMultiDict(parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=FORM_FIELDS))
    except ValueError as error:
        raise ValidationException(f"a form has at most {FORM_FIELDS} fields") from error
