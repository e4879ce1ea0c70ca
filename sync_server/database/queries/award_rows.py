"""What of the season's rows is the award's: a visit of another programme is kept beside them, and counts in none.

AWD-1  A site visit is kept under a round that no rules have, and its entry is no entry of the award: neither shows
       where the season is planned, imported, counted, scored, closed or billed.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, true

from checklists.forms.form import AWARD_CHANNELS
from sync_server.database.tables import assignments, contact_points, entries, rounds, scenarios

BESIDE = 9  # the round of what is no round's: rules have three
_BY_CHANNEL = (entries, assignments, scenarios, contact_points)


def of_award(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row of `table` is the award's."""
    if table is rounds:
        return rounds.c.number != BESIDE
    if table in _BY_CHANNEL:
        return table.c.channel.in_([channel.value for channel in AWARD_CHANNELS])
    return true()
