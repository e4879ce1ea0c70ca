"""The sheets that lay a year out: the edition with the milestones that no rule holds, and what suspends service.

SES-1  A milestone is one day or several sessions: 2021-01-15 yue; 2021-01-22 cmn. A session may name its language and
       may last: 2021-01-18 to 2021-02-05. An end before its beginning is refused.
"""

# ruff: noqa: E501 - one line a column reads as the table it is

from __future__ import annotations

import re

from checklists.language import N_, sentence
from sync_server.exchange.csv import cells
from sync_server.exchange.csv.cells import CellError
from sync_server.exchange.csv.columns import Sheet, both, may, needed

LANGUAGES = ("yue", "en", "cmn")
_LASTS = re.compile(r"\s+(?:to|until)\s+|\s*(?:至|到|–|—)\s*|\s+-\s+", re.IGNORECASE)
_IN = re.compile(rf"(.*?)(?:\s+({'|'.join(LANGUAGES)}))?", re.IGNORECASE | re.DOTALL)


def sessions(cell: str) -> tuple[dict[str, str | None], ...]:
    """Sessions separated by ";", the earliest first (SES-1)."""
    read = [_session(item.strip()) for item in re.split(r"[;；\n]", cell) if item.strip()]
    return tuple(sorted(read, key=lambda one: (str(one["on"]), str(one["language"]))))


def _session(item: str) -> dict[str, str | None]:
    parts = _IN.fullmatch(item)
    span, language = (parts[1].strip(), parts[2]) if parts else (item, None)
    first, *more = [cells.day(part) for part in _LASTS.split(span)]
    if len(more) > 1 or (more and more[0] < first):
        words = N_('"{cell}" is no span of days; write it as 2021-01-18 to 2021-02-05')
        raise CellError("not-a-span", sentence(words, cell=item[:60]))
    return {
        "on": first.isoformat(),
        "until": more[0].isoformat() if more else None,
        "language": language.lower() if language else None,
    }


SUSPENSIONS = Sheet(
    name="suspensions",
    about=N_("Times in which nobody is expected to serve: a typhoon, an outage. Hours, windows and spans that are due leave them out."),
    key=("suspension",),
    columns=(
        needed("suspension", cells.code, N_("the suspension's code"), "typhoon-1"),
        may("entrant", cells.code, N_("the entrant it is for; empty: all of them"), "harbour-ferry"),
        needed("begins_at", cells.moment, N_("its first moment"), "2021-07-20 09:00"),
        needed("ends_at", cells.end_moment, N_("its last day, or the moment it ends"), "2021-07-20"),
        may("withdrawn", cells.yes_no, N_("yes once it is withdrawn"), "no"),
        *both("reason", N_("what happened"), "Typhoon signal no. 8", "八號烈風或暴風信號"),
    ),
)  # fmt: skip
EDITIONS = Sheet(
    name="editions",
    about=N_("The programme in one year: its name, who holds it, and its days. The latest year is the current edition."),
    key=("year",),
    columns=(
        needed("year", cells.whole(cells.FIRST_YEAR, cells.LAST_YEAR), N_("the year it is held in"), "2021"),
        *both(
            "title", N_("its full name"), "2021 Mystery Caller Assessment Award", "2021神秘客戶評審大獎",
        ),
        *both("organiser", N_("who holds it"), "Harbour Association", "海港協會"),
        may("telephone", cells.words, N_("the secretariat's telephone"), "+852 2000 0000"),
        may("email", cells.words, N_("the secretariat's e-mail"), "a@example.org"),
        may("website", cells.words, N_("the programme's website"), "www.example.org"),
        may("launch", sessions, N_("launch, each session with its language: yue, en or cmn"), "2021-01-15 yue; 2021-01-22 cmn"),
        may("kick_off", sessions, N_("kick-off meetings of new entrants"), "2021-01-18 to 2021-02-05"),
        may("enrolment_closes", sessions, N_("the last day of enrolment"), "2021-02-10"),
        may("opening_seminar", sessions, N_("the opening seminar"), "2021-02-23"),
        may("ceremony", sessions, N_("the award ceremony"), "2021-11-05"),
    ),
)  # fmt: skip
