"""Words of the season that printed papers cannot show: told before a copy is taken, for it keeps them (FNT-1)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from sqlalchemy import Connection

from checklists.language import N_, Sentence, Text, sentence
from sync_server.database.queries.editions import newest_edition
from sync_server.database.queries.season import KEYS, rows_of
from sync_server.print.characters import lacking, named

# What reports, letters and certificates print of each table.
PRINTED = {
    "organisations": ("name",),
    "entrants": ("name",),
    "branches": ("name",),
    "scenarios": ("title",),
    "faqs": ("question", "answer"),
}
Named = list[tuple[str, Sentence]]  # an address, what is the matter there


def unprintable_words(db: Connection) -> Named:
    """Return what of the season is called or asked with a character that the font of printed papers lacks."""
    words = N_("{name}: the font has no {characters}")
    return [
        (address, sentence(words, name=text, characters=named(missing)))
        for address, text in _printed(db)
        if (missing := lacking("".join(text.values())))
    ]


def _printed(db: Connection) -> Iterator[tuple[str, Text]]:
    edition = newest_edition(db)
    for text in () if edition is None else (edition.title, edition.organiser):
        if text:
            yield "/edition", text
    for table, columns in PRINTED.items():
        for row in rows_of(db, table):
            for column in columns:
                if row[column]:
                    yield f"/records/{table}?{urlencode({'search': row[KEYS[table][1][0]]})}", row[column]
