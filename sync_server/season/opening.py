"""Whether round 1 may open: the edition's check list is green, or the round has opened already.

OPG-1  Round 1 opens once its first moment has passed and no line of the edition's check list is red. Until then it is
       planned, whatever the day; it opens by itself as the last line turns green.
OPG-2  A season without an edition opens by its dates alone, as earlier releases kept it. What has opened stays open,
       whatever turns red later: a round that follows a version of the rules, or of which there is a record.
"""

from __future__ import annotations

from sqlalchemy import Connection

from sync_server.database.queries import round_rules
from sync_server.database.queries.closing import has_records
from sync_server.season.edition import current_edition
from sync_server.season.edition_checks import checks, reds
from sync_server.season.rules import version_in_force

FIRST = 1


def red_lines(db: Connection) -> int:
    """Return how many lines of the check list keep round 1 from opening; 0: none does, or it has opened."""
    if round_rules.name_of(FIRST) in round_rules.versions_followed(db):
        return 0
    edition = current_edition(db)
    if edition is None:
        return 0
    red = reds(checks(edition, version_in_force(db).zone))
    return 0 if red and has_records(db, FIRST) else red


def is_kept_from_opening(db: Connection, number: int) -> bool:
    """Whether a round whose first moment has passed is planned still (OPG-1)."""
    return number == FIRST and red_lines(db) > 0
