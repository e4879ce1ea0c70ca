"""What an entry of the CRE Awards needs of CSQS, and how long a certificate holds.

CRE-1  No CRE entry is complete without a person who holds a CCSM qualification and a CSQS visit that was decided.
CRT-1  A certificate holds from its day for `valid_months` months, up to and without the day it ends on; where a month
       has no such day, it ends on the first of the month after.
"""

from __future__ import annotations

from datetime import date

from checklists.language import N_, Sentence, sentence


def cre_missing(holders: int, visits: int) -> tuple[Sentence, ...]:
    """Return what a CRE entry still lacks; nothing: it may be complete (CRE-1)."""
    lacks: list[Sentence] = []
    if not holders:
        lacks.append(sentence(N_("Nobody of the organisation holds a CCSM qualification.")))
    if not visits:
        lacks.append(sentence(N_("No CSQS visit of the organisation was decided.")))
    return tuple(lacks)


def ends_on(begins_on: date, months: int) -> date:
    """Return the first day on which a certificate no longer holds (CRT-1)."""
    years, month = divmod(begins_on.month - 1 + months, 12)
    year = begins_on.year + years
    try:
        return date(year, month + 1, begins_on.day)
    except ValueError:
        return date(year + (month == 11), (month + 1) % 12 + 1, 1)


def holds(begins_on: date, ends: date, day: date) -> bool:
    """Whether a certificate holds on `day`."""
    return begins_on <= day < ends
