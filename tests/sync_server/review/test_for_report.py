"""FRP QTE CPN: what a reviewer clears for a report, and what makes it fall. Ids are those in sync_server/review/."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, insert, select, update

from checklists.forms.form import Channel
from checklists.record.assessment import Assessment, Evidence, Measurement
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import blackouts
from sync_server.people.permissions import Role
from sync_server.review import correcting, rulings
from sync_server.review.captioning import caption
from sync_server.review.clearing import clear, photos_of
from sync_server.review.for_report import MOST_PHOTOS, MOST_QUOTES, ForReport, for_report
from sync_server.review.outcome import By, CannotDecideError
from sync_server.review.quoting import quote, said_in
from sync_server.review.verdicts import Verdict, review
from sync_server.season.forms import FormBook
from tests.builders import NOON
from tests.sync_server.closed_season import add_accepted, hold_photos, set_status
from tests.sync_server.desk import add_account
from tests.sync_server.season_kit import ANSWERS, a_call, a_photo, add_season

BOOK = FormBook()
SAID = ("PC5", "note")
COUNTER, LOG = a_photo(b"counter", "OA1", "photo_no_people"), a_photo(b"call log", "OA2", "call_log")
BLACK = "b" * 64


class Desk:
    """An accepted call with a note, an accepted visit to a branch with photos, and somebody who reviews them."""

    def __init__(self, db: Connection) -> None:
        add_season(db)
        self.db, self.hours = db, 0
        self.user = add_account(db, Role.REVIEWER)
        self.call = self.add_call(0)
        self.visit = add_accepted(db, self.a_visit(0, COUNTER, LOG))
        hold_photos(db, self.visit)

    def add_call(self, number: int) -> str:
        notes = {SAID[0]: {SAID[1]: "Warm and quick. Amy found it at 14:32."}}
        held = {**a_call().measurements, "staff_ref": Measurement(code="Amy")}
        record = a_call(id=str(uuid.UUID(int=number + 1)), assignment_id=f"c-{number}", notes=notes)
        return add_accepted(self.db, msgspec.structs.replace(record, measurements=held))

    def a_visit(self, number: int, *files: Evidence) -> Assessment:
        record = a_call(id=str(uuid.UUID(int=number + 100)), assignment_id=f"v-{number}", files=files)
        bare: dict[str, Any] = {"answers": {}, "measurements": {}, "notes": {}}
        return msgspec.structs.replace(record, channel=Channel.ONSITE, form="onsite@1", **bare)

    @property
    def by(self) -> By:
        """The reviewer, an hour later each time."""
        self.hours += 1
        return By(self.user, NOON + timedelta(hours=self.hours))

    def digest(self, name: str) -> str:
        return str(self.db.execute(select(tables.assessments.c.digest).where(tables.assessments.c.id == name)).scalar())

    def quote(self, words: str = "Warm and quick.", name: str = "", place: tuple[str, str] = SAID) -> None:
        name = name or self.call
        quote(self.db, BOOK, name, place, words, language="en", digest=self.digest(name), by=self.by)

    def caption(self, words: str = "The counter", sha256: str = COUNTER.sha256, name: str = "") -> None:
        caption(self.db, name or self.visit, sha256, {"en": words}, self.by)

    def holds(self) -> tuple[list[str], list[str]]:
        """The quotes and captions that hold."""
        found = for_report(self.db, [self.call, self.visit])
        both = [found.get(name, ForReport((), ())) for name in (self.call, self.visit)]
        quotes = [one.words for each in both for one in each.quotes]
        return quotes, [one.caption["en"] for each in both for one in each.photos]

    def why(self) -> str:
        return str(said_in(self.db, BOOK, self.call)[SAID].fallen)


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    with database.transaction() as db:
        yield Desk(db)


def test_a_note_and_an_answer_in_words_are_quoted_and_nothing_else(desk: Desk) -> None:
    """QTE-1 QTE-2"""
    places = said_in(desk.db, BOOK, desk.call)
    assert set(places) == {SAID, ("PG5", "")}
    assert places["PG5", ""].words == ANSWERS["PG5"]
    desk.quote()
    desk.quote(str(ANSWERS["PG5"])[:12], place=("PG5", ""))
    assert desk.holds()[0] == ["Warm and quick.", str(ANSWERS["PG5"])[:12].strip()]
    row = said_in(desk.db, BOOK, desk.call)[SAID].row
    assert row is not None
    assert (row.name, row.words, row.language) == ("The reviewer", "Warm and quick.", "en")
    desk.quote("")
    assert (desk.holds()[0], said_in(desk.db, BOOK, desk.call)[SAID].row) == ([str(ANSWERS["PG5"])[:12].strip()], None)
    assert len(desk.db.execute(select(tables.quotes.c.id)).all()) == 3, "QTE-2: appended"


@pytest.mark.parametrize(
    ("words", "place", "why"),
    [
        pytest.param("Cold.", SAID, "what the assessor wrote", id="EWD-1 never written"),
        pytest.param("Amy found it", SAID, "the code of a person", id="EWD-2 who served"),
        pytest.param("found it at 14:32", SAID, "a time of day", id="EWD-2 a moment"),
        pytest.param("Warm", ("PC1", ""), "Nothing is written there", id="QTE-1 a mark"),
        pytest.param("", SAID, "Nothing is written there", id="QTE-2 nothing to take back"),
    ],
)
def test_what_may_not_be_quoted_says_why(desk: Desk, words: str, place: tuple[str, str], why: str) -> None:
    with pytest.raises(CannotDecideError, match=why):
        desk.quote(words, place=place)


def test_another_revision_and_another_language_are_refused(desk: Desk) -> None:
    """QTE-1"""
    for digest, language, why in (("0" * 64, "en", "Another revision"), (desk.digest(desk.call), "fr", "language")):
        with pytest.raises(CannotDecideError, match=why):
            quote(desk.db, BOOK, desk.call, SAID, "Warm", language=language, digest=digest, by=desk.by)


def _correct(desk: Desk, key: str) -> None:
    correcting.correct(desk.db, BOOK, desk.call, key, "1", digest=desk.digest(desk.call), reason="Heard.", by=desk.by)


def _return(desk: Desk) -> None:
    for name in (desk.call, desk.visit):
        review(desk.db, name, Verdict("returned", desk.digest(name), "Look again.", {}), desk.by)


def _return_and_take_back(desk: Desk) -> None:
    _return(desk)
    for name in (desk.call, desk.visit):
        review(desk.db, name, Verdict("taken-back", desk.digest(name), "A slip.", {}), desk.by)
        review(desk.db, name, Verdict("accepted", desk.digest(name), "", {}), desk.by)


def _void(desk: Desk) -> None:
    for name in (desk.call, desk.visit):
        rulings.void(desk.db, name, "Recognised.", desk.by)


def _void_and_count_again(desk: Desk) -> None:
    _void(desk)
    for name in (desk.call, desk.visit):
        rulings.count_again(desk.db, name, "Not so.", desk.by)
        set_status(desk.db, name, "accepted")


def _another_revision(desk: Desk) -> None:
    desk.db.execute(update(tables.assessments).where(tables.assessments.c.id == desk.call).values(digest="d" * 64))


def _black_out(desk: Desk, replaced: str = "") -> None:
    row = {"sha256": COUNTER.sha256, "assessment_id": desk.visit, "areas": [[0, 0, 9, 9]], "reason": "a face"}
    desk.db.execute(insert(tables.blackouts).values(**row, decided_by=desk.user, decided_at=NOON))
    if replaced:
        file = {"size_bytes": 5, "content_type": "image/jpeg", "stored_at": NOON}
        desk.db.execute(insert(tables.media).values(sha256=replaced, **file))
        for purpose in ("shown", "preview"):
            made = {"derivative_sha256": "c" * 64, "content_type": "image/jpeg", "size_bytes": 5, "made_at": NOON}
            desk.db.execute(insert(tables.media_derivatives).values(sha256=replaced, purpose=purpose, **made))
        blackouts.note_replaced(desk.db, COUNTER.sha256, replaced)


def _erase(desk: Desk) -> None:
    desk.db.execute(update(tables.media).where(tables.media.c.sha256 == COUNTER.sha256).values(erased_at=NOON))


def _keep_back(desk: Desk) -> None:
    clear(desk.db, desk.visit, COUNTER.sha256, reason="A badge.", by=desk.by, may_be_seen=False)


def _clear_again(desk: Desk) -> None:
    clear(desk.db, desk.visit, COUNTER.sha256, reason="", by=desk.by, may_be_seen=True)


BOTH, QUOTE, PHOTO, NONE = (True, True), (True, False), (False, True), (False, False)


@pytest.mark.parametrize(
    ("happens", "left"),
    [
        pytest.param(lambda _desk: None, BOTH, id="nothing"),
        pytest.param(lambda desk: _correct(desk, "PC5"), PHOTO, id="FRP-1 the answer is corrected"),
        pytest.param(lambda desk: _correct(desk, "PC1"), BOTH, id="FRP-1 another answer is corrected"),
        pytest.param(_return, NONE, id="FRP-1 FRP-2 returned"),
        pytest.param(_return_and_take_back, NONE, id="FRP-1 FRP-2 returned, and that is taken back"),
        pytest.param(_void, NONE, id="FRP-1 FRP-2 declared void"),
        pytest.param(_void_and_count_again, NONE, id="FRP-1 FRP-2 declared void, and counted again"),
        pytest.param(lambda desk: set_status(desk.db, desk.call, "finished"), PHOTO, id="FRP-3 not accepted yet"),
        pytest.param(lambda desk: desk.quote(""), PHOTO, id="QTE-2 taken back"),
        pytest.param(_black_out, QUOTE, id="FRP-2 it is being blacked out"),
        pytest.param(lambda desk: _black_out(desk, BLACK), QUOTE, id="FRP-2 it was blacked out"),
        pytest.param(_erase, QUOTE, id="FRP-2 it was erased"),
        pytest.param(_keep_back, QUOTE, id="FRP-2 it is kept back"),
        pytest.param(_clear_again, QUOTE, id="CPN-3 cleared again without a caption"),
    ],
)
def test_what_was_cleared_for_a_report_falls_with_what_it_rests_on(
    desk: Desk, happens: Callable[[Desk], None], left: tuple[bool, bool]
) -> None:
    desk.quote()
    desk.caption()
    happens(desk)
    quotes, captions = desk.holds()
    assert (bool(quotes), bool(captions)) == left


def test_a_revision_that_came_later_has_no_quote_of_the_one_before(desk: Desk) -> None:
    """FRP-1"""
    desk.quote()
    _another_revision(desk)
    assert for_report(desk.db, [desk.call]) == {}


def test_what_fell_is_told_and_can_be_cleared_anew(desk: Desk) -> None:
    """FRP-4 CLR-5"""
    desk.quote()
    desk.caption()
    _correct(desk, "PC5")
    _black_out(desk, BLACK)
    assert desk.why() == "The answer was corrected after it."
    (photo,) = [one for one in photos_of(desk.db, desk.visit) if one.sha256 == BLACK]
    assert (photo.why_not, photo.caption, photo.was_captioned) == (None, {}, True)
    desk.quote("Warm")
    desk.caption("The counter, blacked out", BLACK)
    assert (desk.holds(), desk.why()) == ((["Warm"], ["The counter, blacked out"]), "None")


@pytest.mark.parametrize(
    ("words", "sha256", "why"),
    [
        pytest.param("", COUNTER.sha256, "Write what the photo shows", id="CPN-2 no caption"),
        pytest.param("Taken at 14:32", COUNTER.sha256, "a time of day", id="CPN-2 a moment"),
        pytest.param("The log", LOG.sha256, "no such photo", id="CPN-1 never for an entrant"),
        pytest.param("The counter", "0" * 64, "no such photo", id="CPN-1 not of this visit"),
    ],
)
def test_a_photo_that_may_not_be_in_a_report_says_why(desk: Desk, words: str, sha256: str, why: str) -> None:
    with pytest.raises(CannotDecideError, match=why):
        desk.caption(words, sha256)


def test_only_a_visit_to_a_branch_has_photos_in_the_report(desk: Desk) -> None:
    """CPN-1"""
    hold_photos(desk.db, desk.call)
    name = photos_of(desk.db, desk.call)[0].sha256
    with pytest.raises(CannotDecideError, match="visits to branches"):
        desk.caption(sha256=name, name=desk.call)


def test_a_visit_that_counts_for_nothing_has_nothing_in_a_report(desk: Desk) -> None:
    _void(desk)
    with pytest.raises(CannotDecideError, match="does not count"):
        desk.quote()
    with pytest.raises(CannotDecideError, match="does not count"):
        desk.caption()


def test_a_report_has_a_few_and_one_more_is_refused(desk: Desk) -> None:
    """FRP-3 QTE-3 CPN-3: of one entry's round together; what fell makes room."""
    for number in range(1, MOST_QUOTES):
        desk.quote(name=desk.add_call(number))
    desk.quote()
    last = desk.add_call(MOST_QUOTES)
    with pytest.raises(CannotDecideError, match="take one back first"):
        desk.quote(name=last)
    desk.quote("Warm")  # one that holds already is worded anew
    rulings.void(desk.db, desk.call, "Recognised.", desk.by)
    desk.quote(name=last)
    files = [a_photo(bytes([number]), f"OA{number}", "photo_no_people") for number in range(MOST_PHOTOS + 1)]
    other = add_accepted(desk.db, desk.a_visit(1, *files))
    hold_photos(desk.db, other)
    for file in files[:MOST_PHOTOS]:
        desk.caption(sha256=file.sha256, name=other)
    with pytest.raises(CannotDecideError, match="take one out first"):
        desk.caption()


def test_words_that_were_erased_are_quoted_by_nobody(desk: Desk) -> None:
    """QTE-1: the quote itself stays: it holds nothing personal."""
    desk.quote()
    record = a_call(id=desk.call, notes={SAID[0]: {SAID[1]: "[erased]"}}, answers={})
    body = msgspec.json.encode(record)
    desk.db.execute(
        update(tables.assessment_revisions)
        .where(tables.assessment_revisions.c.assessment_id == desk.call)
        .values(body=body)
    )
    assert said_in(desk.db, BOOK, desk.call) == {}
    assert desk.holds()[0] == ["Warm and quick."]
    assert hashlib.sha256(body).hexdigest() != desk.digest(desk.call)
