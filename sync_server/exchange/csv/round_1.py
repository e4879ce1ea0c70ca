"""Round 1 opens only on a green check list: files hand out nothing new of it before (EDC-6).

What is handed out already goes on, may be changed and be taken back. Dates that the files bring count. A folder that
begins the edition is taken with its assignments, as earlier releases took it, and says what is red: some dates of the
list are set on a page, and there is no page before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from checklists.language import Sentence
from checklists.rules.programme import Programme
from sync_server.database.queries.editions import EditionRow
from sync_server.exchange.csv.overlay import Overlay
from sync_server.exchange.csv.problems import Place, SheetProblem, problem
from sync_server.season.edition import Edition, RuleDates, edition_of
from sync_server.season.edition_checks import why_round_waits
from sync_server.season.rules import FAQ_DEADLINE, RESULTS_AT

FIRST = 1


class TooEarly(NamedTuple):
    """The assignments of round 1 that the files hand out, and why it cannot open."""

    names: Sequence[str]
    why: Sentence


def too_early(season: Overlay, programme: Programme, today: date) -> TooEarly | None:
    """Return what the files would hand out too early; None: nothing."""
    around = season.row("rounds", FIRST)
    has_opened = around is None or around["opens_at"].astimezone(season.zone).date() <= today
    new = [] if has_opened else [row["id"] for row in season.laid("assignments").values() if _is_new(row, season)]
    if not new:
        return None
    why = why_round_waits(_edition(season, programme, today), season.zone, FIRST, has_opened=has_opened)
    return None if why is None else TooEarly(new, why)


def problems(found: TooEarly, season: Overlay, places: Mapping[str, Place]) -> Iterator[SheetProblem]:
    """Yield each at its place, where the edition is kept already."""
    for name in found.names if season.kept["editions"] else ():
        yield problem(places.get(name, Place("assignments.csv")).at_column("round"), "edition-not-ready", found.why)


def _is_new(row: Mapping[str, object], season: Overlay) -> bool:
    kept = season.kept["assignments"].get((row["id"],), {})
    was_there = kept.get("round") == FIRST and not kept.get("withdrawn")
    return row["round"] == FIRST and not row["withdrawn"] and not was_there


def _edition(season: Overlay, programme: Programme, today: date) -> Edition | None:
    editions = {**season.kept["editions"], **season.laid("editions")}
    if not editions:
        return None
    begun_at = datetime.combine(today, time(), season.zone)
    newest = {"created_at": begun_at, **editions[max(editions)]}
    rounds = list({**season.kept["rounds"], **season.laid("rounds")}.values())
    dates = RuleDates(
        rounds=[(row["number"], row["opens_at"], row["closes_at"]) for row in rounds],
        released_at={row["number"]: row["released_at"] for row in rounds},
        faq_deadline=_moment(programme, FAQ_DEADLINE),
        results_at=_moment(programme, RESULTS_AT),
    )
    row = EditionRow(**{column: newest[column] for column in EditionRow._fields})
    return edition_of(row, programme.rounds, dates, season.zone)


def _moment(programme: Programme, name: str) -> datetime | None:
    value = programme.rules.plain_value(name)
    return datetime.fromisoformat(value) if isinstance(value, str) else None
