"""What of a round ought to be read a second time before it is closed, and was not.

RAG-1  An accepted visit with a flag that weighs 2: who accepted it wrote a word about it, an answer of it was corrected
       since, or somebody else read or scored it too. Flags that weigh less sort the bench and ask for nothing more.
RAG-2  A borderline round of an entry (QIV-5): somebody read or scored one of its visits again. The award follows the
       score whatever was read.
RAG-3  Of the results: a final with an edge of a band inside its interval (QIV-5), or the next one of its group (QIV-6),
       of which no visit of any round was read or scored again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from sqlalchemy import Connection

from checklists.award.entry_score import EntryScore
from checklists.award.grades import threshold
from checklists.award.projection import BANDS
from checklists.language import N_, Sentence, Text, sentence
from checklists.rules.score_rules import ScoreRules
from sync_server.award.desk import SeasonDesk
from sync_server.award.standings import kept_standings
from sync_server.database.queries import bench as queries
from sync_server.database.queries.second_scores import countable, final_marks
from sync_server.database.queries.tallies import spreads
from sync_server.quality.flags import NAMES
from sync_server.quality.intervals import EDGES, Interval, caught_up, is_borderline, of_kept, of_rounds
from sync_server.review.queue import Bench

Key = tuple[str, str]
Named = Sequence[tuple[str, Sentence]]  # an address, what is the matter there
_EDGE = N_("{entrant}: an edge of a band lies between {low} and {high}")


def flags_not_cleared(db: Connection, number: int, bench: Bench) -> Named:
    """Return the accepted visits of a round with a heavy flag that nobody cleared (RAG-1)."""
    heavy = bench.heavy(db, queries.accepted_digests(db, [one.id for one in countable(db, number)]))
    cleared = {
        *read_again(db, number, heavy),
        *queries.accepted_in_words(db, heavy),
        *queries.corrections_of(db, heavy),
    }
    return [
        (f"/bench/{name}", sentence(N_("{flag}: {figure}"), flag=sentence(NAMES[flag.kind]), figure=flag.figure))
        for name, flag in sorted(heavy.items())
        if name not in cleared
    ]


def borderlines_not_read_again(db: Connection, number: int, names: Mapping[Key, Text]) -> Named:
    """Return the borderline rounds of entries of which nobody read a visit again (RAG-2)."""
    by_entry: dict[Key, list[str]] = {}
    for visit in countable(db, number):
        by_entry.setdefault((visit.entrant_id, visit.channel), []).append(visit.id)
    done, found = read_again(db, number, list(chain.from_iterable(by_entry.values()))), []
    for row in spreads(db):
        if row.round != number or row.mean is None or row.error is None or row.groups < 2:
            continue
        sure = of_kept(row.mean, row.error, row.groups)
        if is_borderline(sure, EDGES) and done.isdisjoint(by_entry.get((row.entrant_id, row.channel), ())):
            low, high = f"{sure.low:.1f}", f"{sure.high:.1f}"
            entrant = names.get((row.entrant_id, row.channel), {"en": row.entrant_id})
            address = f"/standings/{row.entrant_id}/{row.channel}"
            found.append((address, sentence(_EDGE, entrant=entrant, low=low, high=high)))
    return found


def borderline_finals_not_read_again(desk: SeasonDesk) -> Named:
    """Return the borderline finals of entries of which nobody read a visit again (RAG-3)."""
    grades, finals = ScoreRules.of(desk.rules).grades, _finals(desk)
    edges = [float(threshold(grade, grades).final) for grade in BANDS]
    groups = [(one.facts.channel, one.facts.industry) for one, _, _ in finals]
    after = caught_up([(group, final, sure) for group, (_, final, sure) in zip(groups, finals, strict=True)])
    found: dict[Key, list[Sentence]] = {}
    for (score, _, sure), place in zip(finals, after, strict=True):
        if sure is None:
            continue
        said = {"entrant": score.facts.name, "low": f"{sure.low:.1f}", "high": f"{sure.high:.1f}"}
        if is_borderline(sure, edges):
            found.setdefault(score.key, []).append(sentence(_EDGE, **said))
        if place is not None:
            words = N_("{entrant}: {next}, the next of its group, lies between {low} and {high}")
            found.setdefault(score.key, []).append(sentence(words, **said, next=finals[place][0].facts.name))
    again = _read_in_any_round(desk, found)
    return [(f"/standings/{key[0]}/{key[1]}", one) for key, said in found.items() if key not in again for one in said]


def _finals(desk: SeasonDesk) -> Sequence[tuple[EntryScore, float, Interval | None]]:
    """Return every final with its interval, the best first."""
    weights = ScoreRules.of(desk.rules).weights
    errors = {(one.entrant_id, one.channel, one.round): one.error for one in spreads(desk.db)}
    found = []
    for score in kept_standings(desk):
        if score.final is not None and not score.facts.is_withdrawn:
            own = [errors.get((*score.key, each.number)) for each in score.rounds]
            final = float(score.final)
            found.append((score, final, of_rounds(final, list(zip(map(float, weights), own, strict=True)))))
    return sorted(found, key=lambda each: -each[1])


def _read_in_any_round(desk: SeasonDesk, keys: Collection[Key]) -> set[Key]:
    """Return the entries of which a visit was read again."""
    found = set[Key]()
    for number in desk.in_force.programme.rounds if keys else ():
        entry_of = {each.id: (each.entrant_id, each.channel) for each in countable(desk.db, number)}
        near = [name for name, key in entry_of.items() if key in keys]
        found |= {entry_of[name] for name in read_again(desk.db, number, near) if name in entry_of}
    return found


def read_again(db: Connection, number: int, ids: Collection[str]) -> set[str]:
    """Return which of `ids`, visits of a round, somebody read second and agrees with, or scored second."""
    first, readings = queries.accepted_by(db, ids), queries.readings(db, ids) if ids else {}
    read = {name for name, found in readings.items() if found[-1].agrees and found[-1].read_by != first.get(name)}
    return read | {one.assessment_id for one in final_marks(db, number)}
