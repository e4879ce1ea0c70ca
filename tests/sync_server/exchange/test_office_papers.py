"""OFP: a coordinator's papers say what stands now, why not, and that nothing of it is published."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Connection

from checklists.language import LANGUAGES, Language
from sync_server.award.standings import keep, made_standing
from sync_server.database.engine import Database
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.disputes import NewDispute, add_dispute
from sync_server.exchange.office_papers import OFFICE_PAPERS, Source, office_paper, say_at
from sync_server.pages.season_map import AssignedBook
from sync_server.print.document import Document, Rows
from sync_server.print.typeset import pdf_of
from sync_server.review.queue import Bench
from tests.builders import an_assignment
from tests.sync_server.closed_season import ENDED, a_round_that_ended, closed, desk_of
from tests.sync_server.finished_season import a_database, taken_back
from tests.sync_server.season_kit import add_assignment

NOW = ENDED + timedelta(days=3)


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The small season after its first round: a dispute is open, a file was erased."""
    database = a_database(tmp_path_factory.mktemp("season"))
    with database.transaction() as db:
        people = a_round_that_ended(db, calls=6)
        desk = desk_of(db)
        keep(db, desk, [made_standing(desk, row) for row in desk.entry_rows()], NOW)
        copy = closed(db, people[0])
        about = (
            copy.id,
            1,
            "harbour-ferry",
            "phone_in",
            str(uuid.UUID(int=1000)),
            "PC1",
            "It was restated.",
            people[0].user_id,
            ENDED,
        )
        add_dispute(db, NewDispute(*about))
        details = {"rule": "audio"}
        append_audit(db, [AuditRow(NOW, "system", "retention", "media-erased", "media", "ab" * 32, details)])
    yield database
    database.close()


def paper_of(db: Connection, name: str, language: Language = "en") -> Document:
    desk = desk_of(db)
    return office_paper(Source(desk, AssignedBook(), {}, NOW, say_at(desk, language), Bench()), name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("progress", ["Harbour Ferry Hotline · Phone-in", "Round 1"], id="how far it is"),
        pytest.param(
            "award-draft", ["Grand Award", "not eligible", "Harbour Ferry"], id="OFP-2 who would not win, and why"
        ),
        pytest.param("borderline", ["There is nothing to report."], id="nothing is close"),
        pytest.param("disputes", ["PC1", "to be decided"], id="what is disputed"),
        pytest.param("queue", ["There is nothing to report."], id="nothing waits"),
        pytest.param("flags", ["There is nothing to report."], id="nothing is flagged"),
        pytest.param("calibration", ["There is nothing to report."], id="nothing is scored"),
        pytest.param("coverage", ["Harbour Ferry", "Done / quota"], id="OFP-4 how it is spread"),
        pytest.param("erasures", ["Erased a file", "abababababababab", "audio"], id="OFP-3 what was erased"),
    ],
)
def test_a_paper_of_the_office_says_what_stands_now(season: Database, name: str, words: list[str]) -> None:
    """OFP-1"""
    with season.reading() as db:
        document = paper_of(db, name)
    text = msgspec.json.encode(document).decode()
    assert [one for one in words if one not in text] == []
    assert "Nothing of it is published." in document.subject[0]
    assert (document.confidential, "ab" * 32 in text) == ("For the office alone", False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_of_the_office_is_printed_in_both_languages(season: Database, language: Language) -> None:
    with season.reading() as db:
        documents = [paper_of(db, name, language) for name in OFFICE_PAPERS]
    assert all(pdf_of(document)[:5] == b"%PDF-" for document in documents)
    chinese = re.search(r"[\u4e00-\u9fff]", documents[1].title) is not None
    assert chinese is (language == "zh-Hant")


def test_the_progress_paper_names_what_is_overdue_and_whose_window_closes(season: Database) -> None:
    """OFP-1: as the page of today does."""
    with taken_back(season) as db:
        add_assignment(db, an_assignment(id="late-1", round=1))
        captions = [block.caption for block in paper_of(db, "progress").blocks if isinstance(block, Rows)]
    assert "Overdue, by assessor" in captions
