"""SEE-7 CLD PHO: quotes and photos from the desk into the copy, and from the copy onto pages and paper."""

from __future__ import annotations

import hashlib
import io
import json
import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import Connection, insert, select, update

from checklists.forms.form import Channel
from checklists.record.assessment import Answer
from checklists.season.file import read_season
from checklists.season.score import score_season
from sync_server.commands import publication, report, verify
from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.queries.publications import body_of_publication
from sync_server.evidence.configured_store import open_media
from sync_server.people.permissions import Role
from sync_server.print.document import Document, Heading, Photo, Quote, Words
from sync_server.print.photo import DOTS, WIDEST_MM, framed
from sync_server.print.typeset import pdf_of
from sync_server.publication import frozen
from sync_server.publication.packed import inflated, set_out
from sync_server.reports.cleared import Cleared, cleared_of, with_pictures
from sync_server.reports.kept import copy_of
from sync_server.reports.own import reference
from sync_server.reports.participant import participant_report
from sync_server.reports.round_copy import RoundCopy
from sync_server.review import rulings
from sync_server.review.captioning import caption
from sync_server.review.clearing import clear, photos_of
from sync_server.review.outcome import By
from sync_server.review.quoting import quote
from sync_server.season.observed_time import confirm_clock
from sync_server.season.release import release_due
from sync_server.season.rule_changes import set_release_moments
from tests.builders import NOON, an_attempt
from tests.sheets import SHEETS, all_best
from tests.sync_server.closed_season import (
    BOOK,
    ENDED,
    a_round_that_ended,
    add_accepted,
    closed,
    desk_of,
    hold_photos,
    signed,
)
from tests.sync_server.conftest import run_server
from tests.sync_server.databases import migrated
from tests.sync_server.desk import add_accounts, signed_in
from tests.sync_server.season_kit import ASSESSOR, a_call, a_photo

PHONE, ONSITE = ("harbour-ferry", "phone_in"), ("harbour-ferry", "onsite")
CALL, VISIT, LAST = (str(uuid.UUID(int=number)) for number in (501, 502, 503))
COUNTER = a_photo(b"counter", "OA1", "photo_no_people")
ENGLISH = "Warm from the first sentence … the fee [was written down]."
CHINESE = "語氣親切，解釋清楚。"
CAPTION = {"en": "The counter, with its queue sign", "zh-Hant": "櫃位及輪候指示"}


def a_jpeg(width: int = 1600, height: int = 1200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (10, 90, 80)).save(out, "JPEG")
    return out.getvalue()


def add_visits(db: Connection) -> None:
    """Calls with notes, and a visit to a branch with a photo that is made ready."""
    notes = {"PC5": {"note": "Warm from the first sentence and clear at 14:32 about the fee Amy noted."}}
    connected = (an_attempt(0, "connected"),)
    add_accepted(db, a_call(id=CALL, assignment_id="quoted-1", attempts=connected, notes=notes))
    chinese = {"PC5": {"note": CHINESE}}
    add_accepted(db, a_call(id=LAST, assignment_id="quoted-2", attempts=connected, notes=chinese))
    record = a_call(id=VISIT, assignment_id="onsite-1", attempts=connected, files=(COUNTER,))
    fields: dict[str, Any] = {
        "channel": Channel.ONSITE,
        "form": "onsite@1",
        "answers": {key: Answer(value=value, at=NOON) for key, value in all_best(SHEETS["branch"]).items()},
        "variant": "branch",
        "measurements": {},
        "notes": {},
    }
    add_accepted(db, msgspec.structs.replace(record, **fields))
    hold_photos(db, VISIT)


def clear_all(db: Connection, by: By) -> None:
    for name, words, language in ((CALL, ENGLISH, "en"), (LAST, CHINESE, "zh-Hant")):
        a = tables.assessments.c
        digest = str(db.execute(select(a.digest).where(a.id == name)).scalar())
        quote(db, BOOK, name, ("PC5", "note"), words, language=language, digest=digest, by=by)
    caption(db, VISIT, COUNTER.sha256, CAPTION, by)


class Season:
    """The small season with round 1 out, what was cleared in its copy, and where its files are."""

    def __init__(self, path: Path, *, is_cleared: bool = True) -> None:
        self.data = path
        path.mkdir(exist_ok=True)
        self.database = migrated(f"sqlite:///{path}/sync.sqlite3")
        self.media = open_media(Config(data_dir=path))[0]
        with self.database.transaction() as db:
            people = a_round_that_ended(db)
            add_visits(db)
            self.by = By(people[0].user_id, ENDED - timedelta(hours=1))
            if is_cleared:
                clear_all(db, self.by)
            (photo,) = photos_of(db, VISIT)
            made = tables.media_derivatives
            shown = a_jpeg()
            name = hashlib.sha256(shown).hexdigest()
            self.media.put(name, shown)
            of = made.update().where(made.c.sha256 == photo.sha256, made.c.purpose == "shown")
            db.execute(of.values(derivative_sha256=name, size_bytes=len(shown)))
            self.shown = name
            set_release_moments(db, {1: ENDED}, created_by="admin", now=NOON)
            signed(db, closed(db, people[0], reason="Forms."), *people)
            confirm_clock(db, ENDED)
            assert release_due(db, ENDED, ENDED) == [1]

    def read(self, key: tuple[str, str]) -> tuple[RoundCopy, Cleared]:
        with self.database.reading() as db:
            copy = copy_of(desk_of(db), 1)
            return copy, cleared_of(db, copy, key)

    def report(self, key: tuple[str, str], language: Any = "en", *, on_paper: bool = False) -> Document:
        copy, cleared = self.read(key)
        return participant_report(copy, key, language, with_pictures(cleared, self.media) if on_paper else cleared)


@pytest.fixture
def season(tmp_path: Path) -> Iterator[Season]:
    one = Season(tmp_path / "data")
    yield one
    one.database.close()


def blocks_of(document: Document, kind: Any) -> list[Any]:
    return [block for block in document.blocks if isinstance(block, kind)]


def words_of(document: Document) -> Sequence[str]:
    return [block.text for block in blocks_of(document, Words)]


def test_quotes_stand_as_they_were_written_in_a_report_of_either_language(season: Season) -> None:
    """SEE-7 CLD-3"""
    for language in ("en", "zh-Hant"):
        quotes = blocks_of(season.report(PHONE, language), Quote)
        assert {(one.text, one.language) for one in quotes} == {(ENGLISH, "en"), (CHINESE, "zh-Hant")}
    assert all("marks" in one.about for one in blocks_of(season.report(PHONE), Quote))


def test_a_photo_stands_with_its_branch_and_its_caption(season: Season) -> None:
    """CLD-2 CLD-3"""
    for language, words in (("en", f"Central Pier: {CAPTION['en']}"), ("zh-Hant", f"中環碼頭：{CAPTION['zh-Hant']}")):
        (photo,) = blocks_of(season.report(ONSITE, language), Photo)
        assert (photo.words, photo.language, photo.jpeg) == (words, language, b"")
        assert re.fullmatch(r"/reports/harbour-ferry/onsite/1/visits/\w{10}/photos/\w{10}\?small=true", photo.small)
    (photo,) = blocks_of(season.report(ONSITE, on_paper=True), Photo)
    assert hashlib.sha256(photo.jpeg).hexdigest() == season.shown


def test_nothing_of_who_and_when_is_in_the_copy_or_in_the_report(season: Season) -> None:
    """PRT-3 SEE-1 SEE-7"""
    texts = [msgspec.json.encode(season.report(key)).decode() for key in (PHONE, ONSITE)]
    with season.database.reading() as db:
        texts.append(b"".join(set_out(inflated(body_of_publication(db, "round-1-1")))).decode())
    for secret in ("14:32", "Amy", ASSESSOR, "12:00:00", "T12:00", season.by.user_id):
        assert [text for text in texts if secret in text] == [], secret
    assert "Warm from the first sentence" in texts[2]


def _take_back(season: Season, db: Connection) -> None:
    a = tables.assessments.c
    digest = str(db.execute(select(a.digest).where(a.id == CALL)).scalar())
    quote(db, BOOK, CALL, ("PC5", "note"), "", language="en", digest=digest, by=season.by)
    clear(db, VISIT, COUNTER.sha256, reason="A badge.", by=season.by, may_be_seen=False)


def _void(season: Season, db: Connection) -> None:
    for name in (CALL, VISIT):
        rulings.void(db, name, "Recognised.", season.by)


def _destroy(season: Season, db: Connection) -> None:
    """Black the photo out after the close, and take the quote back."""
    row = {"sha256": COUNTER.sha256, "assessment_id": VISIT, "areas": [[0, 0, 9, 9]], "reason": "a face"}
    db.execute(insert(tables.blackouts).values(**row, decided_by=season.by.user_id, decided_at=NOON))
    _take_back(season, db)


def _lose(season: Season, db: Connection) -> None:
    season.media.remove(season.shown)
    a = tables.assessments.c
    db.execute(update(tables.assessments).where(a.id == CALL).values(status="returned"))


@pytest.mark.parametrize("what", [_take_back, _void, _destroy, _lose])
def test_what_fell_after_the_close_is_printed_no_more_and_counted(season: Season, what: Any) -> None:
    """CLD-1: the copy is as it was signed."""
    before, _ = season.read(PHONE)
    with season.database.transaction() as db:
        what(season, db)
    calls, visits = (season.report(key, on_paper=True) for key in (PHONE, ONSITE))
    assert [one.text for one in blocks_of(calls, Quote)] == [CHINESE]
    assert blocks_of(visits, Photo) == []
    assert "Quotes that are shown no more, withdrawn since: 1." in words_of(calls)
    assert "Photos that are shown no more, withdrawn since: 1." in words_of(visits)
    after, _ = season.read(PHONE)
    assert frozen.digest_of(after.file) == before.digest


def test_what_is_cleared_after_the_close_waits_for_another_copy(tmp_path: Path) -> None:
    """CLD-1 CLD-4: and a report without any has nothing of it."""
    season = Season(tmp_path / "data", is_cleared=False)
    with season.database.transaction() as db:
        clear_all(db, season.by)
    for key in (PHONE, ONSITE):
        _copy, cleared = season.read(key)
        assert (list(cleared.quotes), list(cleared.photos), cleared.fallen) == ([], [], (0, 0))
        headings = [one.text for one in blocks_of(season.report(key), Heading)]
        assert {"What assessors wrote", "Photos of visits"}.isdisjoint(headings)
        assert all(words[0].isdigit() for words in headings)
    season.database.close()


def test_a_copy_of_before_without_them_verifies_scores_and_prints(tmp_path: Path, capsys: Any) -> None:
    """And a copy with them: its figures do not hang on them."""
    scores, bodies = [], []
    for name, is_cleared in (("with", True), ("without", False)):
        season = Season(tmp_path / name, is_cleared=is_cleared)
        copy, cleared = season.read(PHONE)
        with season.database.reading() as db:
            forms = desk_of(db).book.forms(db)
        season.database.close()
        assert verify.main(["--data", str(season.data)]) in (0, 1)  # its files of tests are not whole
        assert "round-1-1" not in capsys.readouterr().out
        assert publication.main(["export", "round-1-1", "--data", str(season.data)]) == 0
        body = capsys.readouterr().out.encode()
        file = json.loads(body)
        assert file["x_publication"]["digest"] == f"sha256:{frozen.digest_of(file)}"
        scores.append([one.rounds[0].score for one in score_season(read_season(body, forms)).entries])
        bodies.append(body)
        assert pdf_of(participant_report(copy, PHONE, "en", cleared))[:5] == b"%PDF-"
    assert scores[0] == scores[1]
    assert [b"quotes" in body for body in bodies] == [True, False]


def test_paper_has_each_photo_small_with_its_words_and_each_quote_in_its_language(
    season: Season, tmp_path: Path
) -> None:
    """PHO-1: by the command, too."""
    for language, words in (("en", CAPTION["en"]), ("zh-Hant", CAPTION["zh-Hant"])):
        out = tmp_path / f"{language}.pdf"
        asked = ["harbour-ferry/onsite", "--round", "1", "--language", language, "--out", str(out)]
        assert report.main([*asked, "--data", str(season.data)]) == 0
        pages = PdfReader(out).pages
        (picture,) = [each for page in pages for each in page.images]
        assert picture.image is not None
        assert max(picture.image.size) == round(WIDEST_MM / 25.4 * DOTS)
        assert words in "".join(page.extract_text() for page in pages)
        assert [one for one in elements_of(out.read_bytes()) if words in str(one.get("/Alt"))]
    body = pdf_of(season.report(PHONE, "zh-Hant", on_paper=True))
    languages = [str(one["/Lang"]) for one in elements_of(body) if "/Lang" in one]
    assert any(one.startswith("en") for one in languages), languages


def elements_of(pdf: bytes) -> list[Any]:
    """The elements of a document's structure."""
    found, waiting = [], [PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            found.append(one)
            waiting.extend([one["/K"]] if "/K" in one else [])
    return found


def test_a_photo_that_is_small_already_is_printed_as_it_is() -> None:
    """PHO-1"""
    small = framed(a_jpeg(80, 60), "A <sign>")
    assert 'width="80" height="60"' in small.svg
    assert "<title>A &lt;sign&gt;</title>" in small.svg
    assert framed(a_jpeg(1200, 1600), "Tall").width_mm < WIDEST_MM


def test_its_entrant_reads_the_same_on_its_pages(season: Season) -> None:
    """CLD-2: the picture is one press away, and gone with what was cleared."""
    season.media.put(*preview_of(season))
    phone, branch = ("/reports/harbour-ferry/" + name for name in ("phone_in/1", "onsite/1"))
    for server in run_server(Config(data_dir=season.data), clock=lambda: ENDED):
        add_accounts(server)
        with signed_in(server, Role.ENTRANT_READER) as entrant:
            assert f'<p lang="zh-Hant">{CHINESE}</p>' in entrant.get(phone).text
            page = entrant.get(branch).text
            assert f'<figcaption lang="en">Central Pier: {CAPTION["en"]}</figcaption>' in page
            (address,) = re.findall(r'src="([^"]+)\?small=true"', page)
            assert entrant.get(address).content == a_jpeg()
            visit = entrant.get(f"{phone}/visits/{reference(CALL)}").text
            assert f'<blockquote lang="en">{ENGLISH}</blockquote>' in visit
            with season.database.transaction() as db:
                _take_back(season, db)
            assert entrant.get(address).status_code == 404
            for place in (f"{phone}/visits/{reference(CALL)}", phone):
                assert ENGLISH not in entrant.get(place).text
            assert "<figcaption" not in entrant.get(branch).text
        with signed_in(server, Role.ENTRANT_READER, language="zh-Hant") as entrant:
            assert f'<p lang="zh-Hant">{CHINESE}</p>' in entrant.get(phone).text
            assert "其後撤回、不再顯示的照片：1 張。" in entrant.get(branch).text


def preview_of(season: Season) -> tuple[str, bytes]:
    """The small picture of the photo, as it is kept."""
    made = f"preview of {COUNTER.sha256}".encode()
    return hashlib.sha256(made).hexdigest(), made
