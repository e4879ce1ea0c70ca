"""A reviewer's desk without a server: a season, somebody who decides, and one call to decide about."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert

from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.people.permissions import Role
from sync_server.review.outcome import By
from tests.builders import NOON, an_assignment
from tests.sync_server.desk import add_account
from tests.sync_server.season_kit import ASSESSOR, CALL, TOKEN, add_season, device_id


@pytest.fixture
def by(database: Database) -> By:
    """A coordinator, and one accepted call to rule about."""
    with database.transaction() as db:
        add_season(db)
        user_id = add_account(db, Role.COORDINATOR)
        db.execute(
            insert(tables.assessments).values(
                id=CALL,
                assignment_id="assignment-1",
                entrant_id="harbour-ferry",
                channel="phone_in",
                round=1,
                assessor_id=ASSESSOR,
                device_id=device_id(TOKEN),
                revision=1,
                digest="digest-1",
                form=an_assignment().form,
                status="accepted",
                contact="connected",
                base_shown="88.25",
                files_named=0,
                files_held=0,
                clock_wrong=False,
                started_at=NOON,
                first_received_at=NOON,
                received_at=NOON,
            )
        )
        db.execute(delete(tables.changes))
        db.execute(delete(tables.jobs))
    return By(user_id, NOON)
