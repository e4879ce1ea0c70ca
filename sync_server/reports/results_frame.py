"""What every document of the results has in common: its head, its foot, and whether it may be shown yet.

RSF-1  A draft is marked across every page. Until its moment a document says at the top until when it is under embargo.
RSF-2  Its foot names the copy, its digest and the version of the rules; of a correction its number and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from checklists.language import N_
from sync_server.print.document import Block, Document
from sync_server.reports.results_copy import ResultsCopy
from sync_server.reports.words import Say


def say_of(copy: ResultsCopy, language: Literal["en", "zh-Hant"]) -> Say:
    """Return what puts words of a copy into a language."""
    return Say(language, copy.scored.rules.zone("tz"))


def framed(
    copy: ResultsCopy,
    say: Say,
    title: str,
    subject: Sequence[str],
    blocks: Sequence[Block],
    *,
    own: bool = False,
    layout: Literal["pages", "certificate", "artwork"] = "pages",
) -> Document:
    """Return a document of the results. `own`: it is of one entrant, and confidential."""
    edition = copy.file.get("x_edition")
    state = embargo(copy, say) or (say(N_("Confidential: for the entrant only")) if own else "")
    corrected = ""
    if copy.correction:
        corrected = say(N_("Correction {number}: {reason}"), number=copy.correction, reason=copy.reason)
    return Document(
        language=say.language,
        title=title,
        head=say.text(edition["title"]) if edition else say(N_("Mystery caller assessment")),
        confidential=state,
        subject=[*subject, *filter(None, [corrected])],
        foot=say(
            N_("Results · rules version {version} · {digest}"),
            version=copy.rules_version,
            digest=f"{copy.id} {copy.digest[:16]}",
        ),
        page_of=say(N_("Page {{page}} of {{pages}}")),
        mark="" if copy.is_signed else say(N_("Draft")),
        blocks=blocks,
        layout=layout,
    )


def embargo(copy: ResultsCopy, say: Say) -> str:
    """Return until when a copy may not be passed on; "" once it is out."""
    if copy.released_at is not None:
        return ""
    if copy.release_at is None:
        return say(N_("Under embargo: no moment is set"))
    return say(N_("Under embargo until {at}"), at=say.moment(copy.release_at))
