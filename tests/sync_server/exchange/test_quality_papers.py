"""OFP-4: the office's papers of quality say what the pages say."""

from __future__ import annotations

from sync_server.database.engine import Database
from sync_server.exchange import quality_papers
from sync_server.exchange.office_papers import Source, office_paper, say_at, table_rows
from sync_server.pages.season_map import AssignedBook
from sync_server.review.queue import Bench, keep_seed
from tests.sync_server.closed_season import desk_of
from tests.sync_server.review.review_kit import LATER, a_visit, failing, measure
from tests.sync_server.season_kit import ANSWERS, add_season


def test_papers_of_quality_list_who_marks_apart_what_is_flagged_and_what_waits(database: Database) -> None:
    with database.transaction() as db:
        add_season(db)
        keep_seed(db, LATER)
        a_visit(db, answers=ANSWERS | {failing(db): False})
        for number in range(2, 8):
            a_visit(db, number, answers=ANSWERS | {"PC1": number % 5})
    measure(database)
    with database.reading() as db:
        desk = desk_of(db)
        source = Source(desk, AssignedBook(), {}, LATER, say_at(desk, "en"), Bench())
        papers = {name: office_paper(source, name) for name in ("queue", "flags", "calibration")}
        tables = {name: list(table_rows(document)) for name, document in papers.items()}
        assert quality_papers.queue(source.looked)
    caption, heads, first, *_ = tables["queue"]
    assert (caption, heads[0], first[0]) == (["7 wait; the first 500 at most are listed."], "Order", "1")
    assert any("critical item failed" in str(row[-1]) for row in tables["queue"][2:-1])
    assert tables["flags"][2][0] in ("Copied words", "Filled in fast")
    assert tables["calibration"][2][1:] == ["7", *tables["calibration"][2][2:6], "in line"]
    assert tables["calibration"][-1] == []
