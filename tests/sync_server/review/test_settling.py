"""STL: settled double scores of a round count once a coordinator lets them, old and new beside each other."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, func, update

from checklists.award.entry_score import EntryScore
from checklists.forms.file import shipped_forms
from checklists.language import SentenceError
from checklists.number import exact
from checklists.score.double_scoring import words_of_note
from checklists.season.file import read_season
from checklists.season.score import score_season
from checklists.season.working import entry_named, working_text
from checklists.season.write import season_json
from sync_server.award.season_file import season_to_export
from sync_server.award.settled import counting
from sync_server.award.standings import standing_of
from sync_server.custody.verification import Verification
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.second_scores import base_of, settled_values
from sync_server.evidence.local import LocalMediaStore, LocalParts
from sync_server.publication.disputes import settled_with
from sync_server.publication.readiness import Weight, readiness
from sync_server.review import settling
from sync_server.review.outcome import By
from tests.sync_server.closed_season import add_person, desk_of
from tests.sync_server.review.review_kit import KEY, LATER, a_visit, correct, score_second
from tests.sync_server.season_kit import add_season


@pytest.fixture
def by(database: Database) -> By:
    with database.transaction() as db:
        add_season(db)
        return By(add_person(db, "wong"), LATER)


def counted(db: Connection) -> Fraction | None:
    score: EntryScore | None = standing_of(desk_of(db), KEY)
    assert score is not None
    return score.rounds[0].assessments[0].base


def a_pair(db: Connection, by: By) -> tuple[str, settling.Waiting]:
    """A visit and what it was settled to."""
    visit = a_visit(db)
    score_second(db, visit, by, PC1="2")
    (pair,) = settling.waiting(db, 1)
    return visit, pair


def is_stopped(db: Connection) -> bool:
    lines = readiness(desk_of(db), 1, LATER).open_of(Weight.STOPS)
    return any(line.address == "/quality/settled?round=1" for line in lines)


def test_a_settled_score_counts_once_it_is_ruled_and_the_first_stays_beside_it(database: Database, by: By) -> None:
    """STL-1, STL-3, STL-4, SEN-4, RDY-1, R-DBL-3"""
    with database.transaction() as db:
        visit, pair = a_pair(db, by)
        assert (counted(db), is_stopped(db)) == (pair.first, True)
        assert settling.effects(desk_of(db), [pair])
        with pytest.raises(SentenceError, match="reason"):
            settling.let_count(db, 1, " ", by)
        assert settling.let_count(db, 1, "As 4.2 says.", by) == [visit]
        assert pair.made.base == (pair.first + pair.scores[0]) / 2
        assert (counted(db), is_stopped(db)) == (pair.made.base, False)
        with pytest.raises(SentenceError, match="already"):
            settling.let_count(db, 1, "Again.", by)
        raw = season_json(season_to_export(desk_of(db)))
        file = msgspec.json.decode(raw)
        entry = next(one for each in file["entrants"] for one in each["entries"] if one["channel"] == "phone_in")
        (written,) = entry["rounds"][0]["assessments"]
    assert Fraction(written["base"]) == pair.made.base
    assert written["x_settled"] == {"first": str(pair.first), "scores": [str(pair.scores[0])], "step": "agreed"}
    told = words_of_note(written["x_settled"], Fraction(written["base"]))
    assert told is not None
    assert "counts, their mean" in told.in_language("en")
    scored = score_season(read_season(raw, shipped_forms()))
    named = entry_named(scored, "/".join(KEY))
    assert named is not None
    assert told.in_language("en") in working_text(scored, named, "en"), "--explain says it, too"


@pytest.mark.parametrize(
    "note",
    [
        pytest.param({"first": "80"}, id="half of it"),
        pytest.param({"first": "a lot", "scores": ["82"], "step": "agreed"}, id="no number"),
        pytest.param({"first": "80", "scores": "82", "step": "agreed"}, id="no list"),
        pytest.param({"first": "80", "scores": ["82"], "step": "score_again"}, id="not settled"),
    ],
)
def test_a_note_that_is_none_of_ours_says_nothing(note: dict[str, object]) -> None:
    assert words_of_note(note, Fraction(81)) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('"again":null', '"again":null', id="as it was ruled"),
        pytest.param('"base":', '"base":"1","x":', id="another base"),
        pytest.param('"scores":', '"x":', id="without its scores"),
    ],
)
def test_ver_8_what_was_settled_comes_to_its_base_or_is_named(
    database: Database, by: By, tmp_path: Path, before: str, after: str
) -> None:
    with database.transaction() as db:
        a_pair(db, by)
        settling.let_count(db, 1, "As 4.2 says.", by)
        kept = tables.decisions.c.value
        db.execute(update(tables.decisions).values(value=func.replace(kept, before, after)))
    found = [one.code for one in Verification(database, LocalMediaStore(tmp_path, LocalParts(tmp_path))).problems()]
    assert ("settled-wrong" in found) is (before != after)


def test_a_correction_goes_into_what_is_settled_and_another_revision_ends_it(database: Database, by: By) -> None:
    """STL-2"""
    with database.transaction() as db:
        visit, pair = a_pair(db, by)
        settling.let_count(db, 1, "As 4.2 says.", by)
        correct(db, visit, "PC1", "3", by)
        first = exact(base_of(db, visit) or "")
        assert first < pair.first
        assert counted(db) == (first + pair.scores[0]) / 2
        assert settled_with(db, visit, pair.first) == pair.made.base
        assert settled_with(db, visit, Fraction(0)) is None  # apart again: its own base counts
        value = settled_values(db, 1)[visit]
    assert counting(value, "of another revision", first) is None
