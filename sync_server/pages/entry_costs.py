"""What cost an entry most: its dearest questions, each with the visits that lost there, one press from the answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from checklists import wire
from checklists.forms.form import Form
from checklists.language import Text
from sync_server.database.queries.tallies import MarkedVisit
from sync_server.quality.costs import costs
from sync_server.quality.tally import VisitMarks

SHOWN, LISTED = 6, 12


class LostAt(NamedTuple):
    """A visit that lost at a question, and where to look."""

    address: str
    round: int
    at: datetime
    branch: Text | None
    points: str


class CostLine(NamedTuple):
    """One question. `width`: its cost in per cent of the dearest; `more`: visits that lost there and are not listed."""

    key: str
    text: Text
    cost: str
    width: int
    full: int
    asked: int
    lost: Sequence[LostAt]
    more: int


def cost_lines(
    visits: Sequence[MarkedVisit], forms: Mapping[str, Form], unseen: Collection[str] = ()
) -> Sequence[CostLine]:
    """Return the questions that cost an entry most over all its rounds, the dearest first.

    Those of `unseen` visits, which somebody is still to judge (UNS), are in the means and not listed.
    """
    by_id = {one.id: one for one in visits}
    found = costs(((one.id, wire.decode(one.body, VisitMarks)) for one in visits), forms)[:SHOWN]
    lines = []
    for one in found:
        width = round(100 * one.cost / found[0].cost)
        seen = [each for each in one.lost if each.visit not in unseen][:LISTED]
        lost = [_lost(by_id[each.visit], one.key, each.points) for each in seen]
        more = len(one.lost) - len(lost)
        lines.append(CostLine(one.key, one.text, f"{one.cost:.2f}", width, one.full, one.asked, lost, more))
    return lines


def _lost(visit: MarkedVisit, key: str, points: float) -> LostAt:
    address = f"/assessments/{visit.id}#question-{key}"
    return LostAt(address, visit.round, visit.started_at, visit.branch, f"{points:.2f}")
