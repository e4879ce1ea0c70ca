"""What the demo's reviewer quoted of round 1: a few sentences of each entry, before the round was closed."""

from __future__ import annotations

import re

from sqlalchemy import Connection

from sync_server.database.queries.bench import accepted_digests
from sync_server.database.queries.second_scores import countable
from sync_server.review.entrants_words import language_of
from sync_server.review.outcome import By
from sync_server.review.quoting import ANSWER, quote, said_in
from sync_server.season.forms import FormBook

EACH = 3  # of an entry
BOOK = FormBook()
_SENTENCE = re.compile(r"[^.。；]+[.。；]?")


def quote_some(db: Connection, by: By) -> None:
    """Do it. Inside a write transaction, before the first round is closed."""
    quoted: dict[tuple[str, str], set[str]] = {}
    visits = countable(db, 1)
    accepted = accepted_digests(db, [visit.id for visit in visits])
    for visit in (one for one in visits if one.id in accepted):
        done = quoted.setdefault((visit.entrant_id, visit.channel), set())
        if len(done) >= EACH:
            continue
        for (key, kind), said in said_in(db, BOOK, visit.id).items():
            first = _SENTENCE.match(said.words)
            words = first[0].strip().rstrip("；") if first is not None else ""
            if kind != ANSWER or not words or words in done:
                continue
            language = language_of(words)
            quote(db, BOOK, visit.id, (key, kind), words, language=language, digest=visit.digest, by=by)
            done.add(words)
            break
