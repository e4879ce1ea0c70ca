"""The one exception for a request that is turned down: its code, and what its sentence needs.

Nothing here knows HTTP or a screen. The status, the sentence, the remedy and who acts stand once, by code, in
`sync_server.routes.catalogue`. Codes are permanent and never reused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checklists.language import Sentence
from checklists.problems import Problem


class RefusedError(Exception):
    """The request cannot be carried out.

    `message` replaces the catalogue's sentence where one code has several causes; otherwise `values` fill the places of
    that sentence. `details` are the problems, by place, where there may be several, or facts that a program needs.
    `wait_s`: try again only after so many seconds.
    """

    def __init__(
        self,
        code: str,
        message: Sentence | None = None,
        *,
        details: Sequence[Problem | Mapping[str, object]] = (),
        wait_s: int | None = None,
        **values: object,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.details = tuple(details)
        self.wait_s = wait_s
        self.values = values
