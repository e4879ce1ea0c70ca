"""The demo's first round closed and signed by two of its accounts, so that its entrant has something to open.

Its quotas are full but for visits that were broken off: the check list is not asked, and the reason says so.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from sync_server.award.desk import SeasonDesk
from sync_server.database.queries import users
from sync_server.database.queries.closing import Declaration, add_declaration
from sync_server.demo.accounts import COORDINATOR
from sync_server.publication import closing
from sync_server.publication.life import RoundState
from sync_server.publication.readiness import OpenLines
from sync_server.publication.rounds import standing_of_what
from sync_server.review.outcome import By
from sync_server.season.forms import FormBook

SIGNERS = (COORDINATOR, "administrator")
FIRST = "round-1"
WHY = "All visits were made; some were broken off."


def sign_first_round(db: Connection, now: datetime) -> None:
    """Do it, where the round is over and nobody has. Inside a write transaction, `now` being believed."""
    standing = standing_of_what(db, FIRST, now)
    people = [account for account in (users.user_named(db, name) for name in SIGNERS) if account is not None]
    if standing is None or standing.state is not RoundState.CLOSING or len(people) < len(SIGNERS):
        return
    desk = SeasonDesk.of(db, FormBook())
    by = [By(account.id, now) for account in people]
    copy = closing.close(db, FIRST, closing.take(desk, 1), OpenLines(), reason=WHY, by=by[0])
    for one in by:
        add_declaration(db, one.user_id, Declaration((), None, now))
        closing.sign(desk, FIRST, copy.digest, one)
