"""IVP: judges mark voice menus blind, and a coordinator fixes what the panel came to."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from checklists.language import SentenceError
from checklists.season.write import season_json
from sync_server.award.season_file import season_to_export
from sync_server.award.standings import standing_of
from sync_server.database.engine import Database
from sync_server.panel.marking import CannotMarkError, TieNotDeclaredError, declare
from sync_server.people.permissions import Role
from sync_server.review import ivrs_panel
from sync_server.review.ivrs_panel import Menu, subject_of
from sync_server.review.outcome import By
from tests.sync_server.closed_season import add_person, desk_of
from tests.sync_server.desk import rule_anew
from tests.sync_server.review.review_kit import KEY, LATER
from tests.sync_server.season_kit import add_season


def menu_of(db: Connection) -> Menu:
    return next(one for one in ivrs_panel.menus(desk_of(db)) if one.entrant_id == KEY[0])


def marked(db: Connection, judge: By, *points: str, is_final: bool = True) -> None:
    """Let a judge mark the parts of the annex, without a tie."""
    parts = ivrs_panel.parts_of(desk_of(db))
    typed = {part.id: given for part, given in zip(parts, points, strict=False)}
    declare(db, subject_of(KEY[0]), judge.user_id, is_tied=False, now=LATER)
    marks = ivrs_panel.read_marks(parts, typed, is_final=is_final)
    ivrs_panel.mark(db, KEY[0], marks, is_final=is_final, by=judge)


def test_a_panel_marks_blind_and_its_figure_is_fixed_by_name(database: Database) -> None:
    """IVP-1, IVP-2"""
    with database.transaction() as db:
        add_season(db)
        assert not ivrs_panel.is_by_panel(desk_of(db))
        rule_anew(db, {"award.ivrs.source": "panel"})
        assert ivrs_panel.is_by_panel(desk_of(db))
        one, other = (By(add_person(db, name, Role.JUDGE), LATER) for name in ("fung", "ho"))
        with pytest.raises(TieNotDeclaredError):
            ivrs_panel.mark(db, KEY[0], {}, is_final=False, by=one)
        for wrong in ("41", "-1", "3.25", "x"):
            with pytest.raises(CannotMarkError, match="0 to 40, in steps of a half"):
                marked(db, one, wrong, is_final=False)
        with pytest.raises(CannotMarkError, match="0 to 30"):
            marked(db, one, "40", "30")
        marked(db, one, "40", is_final=False)
        assert menu_of(db).totals == {}
        marked(db, one, "40", "30", "20")
        assert (menu_of(db).figure, menu_of(db).spread) == (None, 0)
        office = By(add_person(db, "wong"), LATER)
        with pytest.raises(SentenceError, match="1 judges have marked"):
            ivrs_panel.fix(db, menu_of(db), "Both listened.", office)
        marked(db, other, "30", "20.5", "20")
        assert (menu_of(db).figure, menu_of(db).spread) == (80.25, 19.5)
        with pytest.raises(SentenceError, match="reason"):
            ivrs_panel.fix(db, menu_of(db), " ", office)
        ivrs_panel.fix(db, menu_of(db), "Both listened.", office)
        assert (menu_of(db).fixed, menu_of(db).why, menu_of(db).by) == (80.25, "Both listened.", "Name of wong")
        with pytest.raises(SentenceError, match="already"):
            ivrs_panel.fix(db, menu_of(db), "Again.", office)
        score = standing_of(desk_of(db), KEY)
        assert score is not None
        assert score.facts.ivrs_panel == 80.25
        assert b'"ivrs_panel": "321/4"' in season_json(season_to_export(desk_of(db)))
