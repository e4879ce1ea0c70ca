"""The process that takes or compares copies: `python -m sync_server.publication.child`, an order in, an answer out.

It reads the database and writes nothing.
"""

from __future__ import annotations

import sys

import msgspec

from sync_server.award.desk import SeasonDesk
from sync_server.database.engine import Database
from sync_server.database.queries import publications as queries
from sync_server.machine.child_bounds import goes_first
from sync_server.publication import closing
from sync_server.publication.packed import Json, inflated
from sync_server.publication.process import ToCompare, ToTake
from sync_server.publication.rounds import standing_of_what
from sync_server.publication.since import changes_since
from sync_server.review.outcome import By
from sync_server.season.forms import FormBook


def main() -> None:
    """Do what is ordered."""
    goes_first()
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=ToTake | ToCompare)
    database = Database(order.url)
    try:
        with database.reading() as db:
            desk = SeasonDesk.of(db, FormBook())
            sys.stdout.buffer.write(_taken(desk, order) if isinstance(order, ToTake) else _compared(desk, order))
    finally:
        database.close()


def _taken(desk: SeasonDesk, order: ToTake) -> bytes:
    standing = standing_of_what(desk.db, queries.what_of(order.round), order.now)
    if standing is None:
        raise LookupError(f"no round {order.round}")
    deciding = closing.ready(desk, standing, By("", order.now)).deciding
    taken = closing.take(desk, order.round, places=order.places)
    return msgspec.json.encode((taken.digest, deciding)) + b"\n" + taken.body


def _compared(desk: SeasonDesk, order: ToCompare) -> bytes:
    def body_of(publication_id: str) -> Json:
        return inflated(queries.body_of_publication(desk.db, publication_id))

    after = body_of(order.after) if order.after else closing.take(desk, order.round).file
    return msgspec.json.encode(changes_since(body_of(order.before), after))


if __name__ == "__main__":
    main()
