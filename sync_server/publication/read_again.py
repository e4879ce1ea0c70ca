"""What of a round ought to be read a second time before it is closed, and was not.

RAG-1  An accepted visit with a flag that weighs 2: who accepted it wrote a word about it, an answer of it was corrected
       since, or somebody else read or scored it too. Flags that weigh less sort the bench and ask for nothing more.
RAG-2  A borderline round of an entry (QIV-5): somebody read or scored one of its visits again. The award follows the
       score whatever was read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from sqlalchemy import Connection

from checklists.language import N_, Sentence, Text, sentence
from sync_server.database.queries import bench as queries
from sync_server.database.queries.second_scores import countable, final_marks
from sync_server.database.queries.tallies import spreads
from sync_server.quality.flags import NAMES
from sync_server.quality.intervals import EDGES, is_borderline, of_kept
from sync_server.review.queue import Bench

Named = Sequence[tuple[str, Sentence]]  # an address, what is the matter there


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


def borderlines_not_read_again(db: Connection, number: int, names: Mapping[tuple[str, str], Text]) -> Named:
    """Return the borderline rounds of entries of which nobody read a visit again (RAG-2)."""
    by_entry: dict[tuple[str, str], list[str]] = {}
    for visit in countable(db, number):
        by_entry.setdefault((visit.entrant_id, visit.channel), []).append(visit.id)
    done, found = read_again(db, number, list(chain.from_iterable(by_entry.values()))), []
    for row in spreads(db):
        if row.round != number or row.mean is None or row.error is None or row.groups < 2:
            continue
        sure = of_kept(row.mean, row.error, row.groups)
        if is_borderline(sure, EDGES) and done.isdisjoint(by_entry.get((row.entrant_id, row.channel), ())):
            low, high = f"{sure.low:.1f}", f"{sure.high:.1f}"
            words = N_("{entrant}: an edge of a band lies between {low} and {high}")
            entrant = names.get((row.entrant_id, row.channel), {"en": row.entrant_id})
            address = f"/standings/{row.entrant_id}/{row.channel}"
            found.append((address, sentence(words, entrant=entrant, low=low, high=high)))
    return found


def read_again(db: Connection, number: int, ids: Collection[str]) -> set[str]:
    """Return which of `ids`, visits of a round, somebody read second and agrees with, or scored second."""
    first, readings = queries.accepted_by(db, ids), queries.readings(db, ids) if ids else {}
    read = {name for name, found in readings.items() if found[-1].agrees and found[-1].read_by != first.get(name)}
    return read | {one.assessment_id for one in final_marks(db, number)}
