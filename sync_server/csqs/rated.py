"""One site visit as it stands: rated by its assessor and by a moderator, settled, decided.

RTD-1  How the assessor rated an item is not shown to whoever rates it a second time, before those ratings are final.
RTD-2  Whoever finishes the second rating first is the moderator; another revision of the record is rated anew.
RTD-3  Until then no table of many visits has its answers, whoever asks: `queries/unseen.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.csqs.level import Level, Ratings, level_of, ratings_of
from checklists.csqs.moderation import Pair, counted, open_items, pairs_of
from checklists.csqs.scorecard import Peers, Scorecard, peers_of, scorecard_of
from checklists.csqs.standard import MODELS, Standard
from checklists.number import exact
from sync_server.database.queries import csqs as queries
from sync_server.database.queries import csqs_decisions, panel
from sync_server.database.queries.csqs import VisitRow
from sync_server.database.queries.csqs_decisions import DecisionRow, SettlementRow
from sync_server.database.queries.panel import MarkRow
from sync_server.database.queries.standings import bodies
from sync_server.fieldwork.corrections import CountedRecords

NOT_APPLICABLE_MARK = -1  # what a panel's points hold for an item that does not apply


class Rated(NamedTuple):
    """A visit. `second`, `pairs` and what follows are there once the second rating is final."""

    visit: VisitRow
    first: Ratings
    words: Mapping[str, Mapping[str, str]]  # what each item rests on, by kind of evidence
    moderator: str
    second: Ratings
    settled: Mapping[str, SettlementRow]
    pairs: tuple[Pair, ...]
    levels: tuple[Level, ...]  # by both readings, that of the programme first; none while an item is open
    card: Scorecard | None
    decision: DecisionRow | None  # the one that was not withdrawn
    peers: Peers | None

    @property
    def digest(self) -> str:
        """Names the revision."""
        return self.visit.digest or ""

    @property
    def open_items(self) -> tuple[str, ...]:
        """What has to be settled before the visit can be closed."""
        return open_items(self.pairs)


def subject_of(visit: VisitRow) -> str:
    """Return what a panel calls the record in its current revision (RTD-2)."""
    return f"{panel.SITE_VISIT}{visit.assessment_id}/{visit.revision}"


def ratings_in(marks: list[MarkRow]) -> dict[str, int | None]:
    """Return the ratings that a panel's marks hold."""
    points = {mark.part: int(exact(mark.points)) for mark in marks}
    return {item: None if value == NOT_APPLICABLE_MARK else value for item, value in points.items()}


def rated_of(db: Connection, standard: Standard, assessment_id: str) -> Rated:
    """Return the visit.

    Raises:
        LookupError: there is no such record of a site visit.
    """
    found = queries.visits(db, assessment_id)
    if not found or found[0].digest is None:
        raise LookupError(assessment_id)
    visit = found[0]
    body = bodies(db, [assessment_id])[assessment_id].body
    record = CountedRecords(db, [assessment_id]).read(body, visit.digest or "")
    first = ratings_of(standard, {key: answer.value for key, answer in record.answers.items()})
    moderator, second = _second(db, visit)
    settled = csqs_decisions.settlements_of(db, assessment_id, visit.digest or "")
    pairs = pairs_of(standard, first, second, {item: row.rating for item, row in settled.items()})
    decided = next((row for row in csqs_decisions.decisions(db, assessment_id) if row.withdrawn_at is None), None)
    is_whole = bool(moderator) and not open_items(pairs)
    kept = {key: counted(pairs)[key] for key in first} if is_whole else {}
    other = next(model for model in MODELS if model != standard.level.model)
    levels = (level_of(standard, kept), level_of(standard, kept, other)) if is_whole else ()
    card = scorecard_of(standard, kept) if is_whole else None
    return Rated(
        visit=visit,
        first=first,
        words=record.notes,
        moderator=moderator,
        second=second,
        settled=settled,
        pairs=pairs,
        levels=levels,
        card=card,
        decision=decided,
        peers=_peers(db, standard, visit, card),
    )


def _second(db: Connection, visit: VisitRow) -> tuple[str, Ratings]:
    final = [mark for mark in panel.marks_of(db, subject_of(visit)) if mark.is_final]
    if not final:
        return "", {}
    moderator = min(final, key=lambda mark: (mark.marked_at, mark.judge)).judge
    return moderator, ratings_in([mark for mark in final if mark.judge == moderator])


def _peers(db: Connection, standard: Standard, visit: VisitRow, card: Scorecard | None) -> Peers | None:
    if card is None or card.whole.percent is None:
        return None
    industries = csqs_decisions.industries_of(db)
    others: dict[str, Fraction] = {}
    for row in csqs_decisions.decisions(db):  # the newest first: it is the company's figure
        is_peer = industries.get(row.entrant_id) == visit.industry and row.entrant_id != visit.company_id
        if row.stands and is_peer and row.body["whole"] is not None:
            others.setdefault(row.entrant_id, exact(row.body["whole"]))
    return peers_of(card.whole.percent, list(others.values()), standard.peers)
