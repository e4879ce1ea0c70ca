"""CLR: which photos of a visit its entrant may see. Ids are those in sync_server/review/clearing.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Connection, insert, update

from checklists.record.assessment import MediaKind
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import blackouts
from sync_server.database.queries.clearances import clearances_of
from sync_server.people.permissions import Role
from sync_server.review.clearing import OwnPhoto, clear, photos_of
from sync_server.review.outcome import By, CannotDecideError
from tests.builders import NOON
from tests.sync_server.closed_season import add_accepted, hold_photos
from tests.sync_server.desk import add_account
from tests.sync_server.season_kit import a_call, a_photo, add_season

COUNTER, TICKET, LOG = a_photo(b"counter", "PA1", "photo_no_people"), a_photo(b"ticket", "PA2"), b"call log"
FILES = (
    COUNTER,
    TICKET,
    a_photo(LOG, "PG4", "call_log"),
    a_photo(b"voice", "PA3", "voice", kind=MediaKind.AUDIO_NOTE, content_type="audio/mpeg"),
)
BLACK = "b" * 64


class Desk:
    """One accepted visit whose files are held, and somebody who decides."""

    def __init__(self, db: Connection) -> None:
        add_season(db)
        self.db = db
        self.by = By(add_account(db, Role.REVIEWER), NOON)
        self.visit = add_accepted(db, a_call(files=FILES))
        hold_photos(db, self.visit)

    def photos(self) -> Sequence[OwnPhoto]:
        return photos_of(self.db, self.visit)

    def why(self, question: str = "PA1") -> str:
        """Why the photo at `question` is not shown; "shown": it is."""
        (one,) = [each for each in self.photos() if each.question == question]
        assert (one.why_not is None) == (one.full is not None)
        return "shown" if one.why_not is None else one.why_not.in_language("en")

    def clear(self, sha256: str = COUNTER.sha256, *, reason: str = "", seen: bool = True) -> Sequence[str]:
        return clear(self.db, self.visit, sha256, reason=reason, by=self.by, may_be_seen=seen)

    def black_out(self, **made: object) -> None:
        row = {"sha256": COUNTER.sha256, "assessment_id": self.visit, "areas": [[0, 0, 9, 9]], "reason": "a face"}
        self.db.execute(insert(tables.blackouts).values(**row, decided_by=self.by.user_id, decided_at=NOON, **made))


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    with database.transaction() as db:
        yield Desk(db)


def test_no_photo_is_shown_before_somebody_looked_at_it_and_sound_is_never_among_them(desk: Desk) -> None:
    """CLR-1 CLR-2 CLR-3"""
    assert [one.question for one in desk.photos()] == ["PA1", "PA2", "PG4"]
    assert [one.is_undecided for one in desk.photos()] == [True, True, False]
    assert "nobody has looked" in desk.why()
    assert "a moment or a number" in desk.why("PG4")
    assert set(desk.clear("")) == {COUNTER.sha256, TICKET.sha256}
    assert (desk.why(), desk.why("PA2")) == ("shown", "shown")
    assert "a moment or a number" in desk.why("PG4")
    (one,) = [each for each in desk.photos() if each.question == "PA1"]
    assert one.full is not None
    assert one.full.sha256 != COUNTER.sha256


def test_what_was_decided_last_counts_and_is_appended(desk: Desk) -> None:
    """CLR-4"""
    desk.clear()
    with pytest.raises(CannotDecideError, match="Say why"):
        desk.clear(seen=False, reason=" ")
    desk.clear(seen=False, reason="A badge can be read.")
    assert desk.why() == "Not shown: A badge can be read."
    assert desk.clear("") == [TICKET.sha256]  # what somebody kept back is not cleared with the others
    desk.clear()
    assert desk.why() == "shown"
    assert clearances_of(desk.db, desk.visit)[COUNTER.sha256].name == "The reviewer"


@pytest.mark.parametrize(
    "sha256", [pytest.param("0" * 64, id="no such photo"), pytest.param(a_photo(LOG).sha256, id="CLR-2 a call log")]
)
def test_what_is_no_photo_for_an_entrant_cannot_be_cleared(desk: Desk, sha256: str) -> None:
    with pytest.raises(CannotDecideError, match="no such photo"):
        desk.clear(sha256)


def test_a_photo_that_was_blacked_out_is_shown_as_it_stands_now(desk: Desk) -> None:
    """CLR-1: what was cleared before is another picture."""
    desk.clear(seen=False, reason="A face.")
    desk.black_out()
    assert "being blacked out" in desk.why()
    desk.db.execute(insert(tables.media).values(sha256=BLACK, size_bytes=5, content_type="image/jpeg", stored_at=NOON))
    for purpose in ("shown", "preview"):
        made = {"derivative_sha256": "c" * 64, "content_type": "image/jpeg", "size_bytes": 5, "made_at": NOON}
        desk.db.execute(insert(tables.media_derivatives).values(sha256=BLACK, purpose=purpose, **made))
    blackouts.note_replaced(desk.db, COUNTER.sha256, BLACK)
    assert desk.why() == "shown"
    desk.clear(BLACK, seen=False, reason="A name is left.")
    assert desk.why() == "Not shown: A name is left."


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        pytest.param({"erased_at": NOON}, "its time was over", id="CLR-3 erased"),
        pytest.param(None, "it has not arrived", id="CLR-3 not arrived"),
        pytest.param({}, "could be made of it", id="CLR-3 not made ready"),
    ],
)
def test_what_cannot_be_shown_says_why_though_it_was_cleared(
    desk: Desk, changed: dict[str, object] | None, why: str
) -> None:
    desk.clear()
    media, made = tables.media, tables.media_derivatives
    desk.db.execute(made.delete().where(made.c.sha256 == COUNTER.sha256))
    if changed is None:
        desk.db.execute(tables.clearances.delete())
        desk.db.execute(media.delete().where(media.c.sha256 == COUNTER.sha256))
    elif changed:
        desk.db.execute(update(media).where(media.c.sha256 == COUNTER.sha256).values(**changed))
    assert why in desk.why()
