"""What the API answers when it cannot do what was asked: {"code", "message", "details"}.

A 4xx is for the caller to change; a 5xx (503 and 507) is repeated later as it is. Codes are permanent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class ApiError(Exception):
    """One answer of failure. `details` names each problem by place where there may be several."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Sequence[Mapping[str, object]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = tuple(details)
        self.headers = dict(headers or {})
