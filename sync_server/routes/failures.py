"""The answer to any failure of a call: the API and the dashboard read an exception in the same way."""

from __future__ import annotations

import errno
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from litestar.exceptions import HTTPException, ValidationException

from checklists.language import Sentence
from checklists.problems import Problem
from sync_server.database.engine import is_away
from sync_server.database.writer import DatabaseAwayError, StorageFullError, TooBusyError
from sync_server.errors import RefusedError
from sync_server.routes.catalogue import CATALOGUE
from sync_server.routes.catalogue_entry import Entry
from sync_server.routes.gate import FormExpiredError

logger = logging.getLogger(__name__)

# What the framework refuses by itself has a status only.
BY_STATUS: Mapping[int, str] = {
    400: "request-not-valid",
    401: "sign-in-needed",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "content-type-not-accepted",
    429: "too-many-requests",
}
SAY_MORE = frozenset({"not-found", "method-not-allowed"})  # whose row says more than the framework
DETAILS = 100  # an answer names as many problems at most: a body of 2 MB may have a hundred thousand
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One answer of failure. Nothing of the inside is in it."""

    status: int
    code: str
    message: Sentence
    details: tuple[Mapping[str, object], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)  # what fills the places of a page's words

    @property
    def entry(self) -> Entry:
        """The catalogue's row of its code."""
        return CATALOGUE[self.code]


def failure_of(error: Exception, route: str) -> Failure:
    """Return what is answered for any `error`. One nobody foresaw is logged, with the route's template."""
    match error:
        case RefusedError():
            return _refused(error)
        case HTTPException():
            return _of_framework(error)
        case TooBusyError():
            return _of_code("too-busy")
        case StorageFullError():
            return _of_code("storage-full")
        case DatabaseAwayError():
            return _of_code("database-away")
    if isinstance(error, OSError) and error.errno in _FULL:
        return _of_code("storage-full")
    if is_away(error):
        return _of_code("database-away")
    logger.error("unexpected failure of %s", route, exc_info=error)
    return _of_code("internal-error")


def _of_code(code: str) -> Failure:
    entry = CATALOGUE[code]
    return Failure(status=entry.status, code=code, message=entry.message(), headers=dict(entry.headers))


def _refused(error: RefusedError) -> Failure:
    entry = CATALOGUE[error.code]
    wait = {} if error.wait_s is None else {"Retry-After": str(error.wait_s)}
    if entry.status >= 500:
        logger.error("%s", error)
    return Failure(
        status=entry.status,
        code=error.code,
        message=entry.message(error.message, error.values),
        details=tuple(map(_detail, error.details[:DETAILS])),
        headers={**entry.headers, **wait},
        values=error.values,
    )


def _of_framework(error: HTTPException) -> Failure:
    status = error.status_code
    code = BY_STATUS.get(status, "request-not-valid" if status < 500 else "internal-error")
    phrase = HTTPStatus(status).phrase
    words = error.detail if 400 <= status < 500 and error.detail else phrase
    told = Sentence(template="{words}", values={"words": words})
    return Failure(
        status=status,
        code="form-expired" if isinstance(error, FormExpiredError) else code,
        message=CATALOGUE[code].message() if words == phrase and code in SAY_MORE else told,
        details=_places(error),
        headers=error.headers or {},
    )


def _places(error: HTTPException) -> tuple[dict[str, str], ...]:
    """Return what the framework found wrong in a body or an address, by place."""
    problems = error.extra[:DETAILS] if isinstance(error, ValidationException) and isinstance(error.extra, list) else []
    return tuple(
        {"place": str(problem.get("key", "")), "code": "field-not-valid", "message": str(problem.get("message", ""))}
        for problem in problems
        if isinstance(problem, dict)
    )


def _detail(detail: Problem | Mapping[str, object]) -> Mapping[str, object]:
    """Return it as it travels; a problem's sentence in English."""
    if isinstance(detail, Problem):
        return {"place": detail.place, "code": detail.code, "message": str(detail.message)}
    return detail
