"""An award that moves: records that arrive, decisions, and standings as they are kept and as the file gives them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from checklists.forms.file import shipped_forms
from checklists.record.assessment import Attempt, Outcome
from checklists.season.file import read_season
from checklists.season.score import score_season
from sync_server.award.desk import SeasonDesk
from sync_server.award.standings import kept_standings, standing_of
from sync_server.commands.export_season import exported
from sync_server.database import tables
from sync_server.people.permissions import Role
from tests.builders import an_assignment, at
from tests.sync_server.conftest import Running
from tests.sync_server.desk import push, send, signed_in
from tests.sync_server.season_kit import a_call, add_assignment
from tests.sync_server.waiting import until

PHONE = ("harbour-ferry", "phone_in")


def standing_row(server: Running) -> Any:
    with server.services.database.reading() as db:
        s = tables.standings
        return db.execute(select(s).where(s.c.entrant_id == PHONE[0], s.c.channel == PHONE[1])).first()


def assessments_of(server: Running) -> list[Any]:
    with server.services.database.reading() as db:
        entry = standing_of(SeasonDesk.of(db, server.services.forms), PHONE)
    assert entry is not None
    return [one for each_round in entry.rounds for one in each_round.assessments]


def kept(server: Running) -> Any:
    with server.services.database.reading() as db:
        return {score.key: score for score in kept_standings(SeasonDesk.of(db, server.services.forms))}


def arrive(server: Running, *, round_number: int = 1, **changes: Any) -> str:
    """Hand out an assignment and push a call on it; wait for the standing to follow."""
    name = f"assignment-{changes.get('id', '')}-{round_number}"
    with server.services.database.transaction() as db:
        add_assignment(db, an_assignment(id=name, round=round_number))
        before = db.execute(select(func.count()).select_from(tables.changes).where(tables.changes.c.kind == "standing"))
        count = before.scalar() or 0
    record = a_call(assignment_id=name, **changes)
    push(server, record)
    wait_for_standing(server, count)
    return record.id


def standing_changes(server: Running) -> int:
    with server.services.database.reading() as db:
        counted = db.execute(
            select(func.count()).select_from(tables.changes).where(tables.changes.c.kind == "standing")
        )
        return counted.scalar() or 0


def wait_for_standing(server: Running, before: int) -> None:
    until(lambda: standing_changes(server) > before or None, "the standing follows")


def same_as_exported(server: Running) -> None:
    """The exported file, read and scored by itself, gives what the pages are drawn from."""
    body = exported(server.services.database)
    told = score_season(read_season(body, shipped_forms()))
    shown = kept(server)
    for entry in told.entries:
        on_page = shown[entry.key]
        assert [r.score for r in entry.rounds] == [r.score for r in on_page.rounds]
        assert [r.unreached for r in entry.rounds] == [r.unreached for r in on_page.rounds]
        assert (entry.final, entry.grade, entry.badge) == (on_page.final, on_page.grade, on_page.badge)
    assert {entry.key for entry in told.entries} == set(shown)


def decide(server: Running, assessment_id: str, *kinds: str, reason: str = "heard the recording") -> None:
    before = standing_changes(server)
    with signed_in(server, Role.COORDINATOR) as client:
        for kind in kinds:
            answer = send(client, f"/assessments/{assessment_id}/decisions", {"decision": kind, "reason": reason})
            assert answer.status_code == 303, answer.text
            wait_for_standing(server, before)
            before = standing_changes(server)


def unanswered(count: int) -> tuple[Attempt, ...]:
    return tuple(Attempt(at=at(20 * place), outcome=Outcome.NO_ANSWER) for place in range(count))
