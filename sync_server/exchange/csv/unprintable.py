"""What files bring in that no printed paper can show (FNT-1): told while it is typed, and told again when closing."""

from __future__ import annotations

from collections.abc import Iterator

from checklists.language import N_, Sentence, sentence
from sync_server.exchange.csv.overlay import Overlay
from sync_server.print.characters import lacking, named
from sync_server.publication.unprintable import PRINTED

EXAMPLES = 3


def remarks(season: Overlay) -> Iterator[Sentence]:
    """Say in which rows the files have characters that the font lacks."""
    found: dict[str, tuple[str, ...]] = {}
    for table, columns in PRINTED.items():
        for key in season.changed(table):
            row = season.laid(table)[key]
            if missing := lacking("".join("".join(row[column].values()) for column in columns if row[column])):
                found["/".join(map(str, key))] = missing
    if not found:
        return
    every = tuple(dict.fromkeys(one for missing in found.values() for one in missing))
    words = N_(
        "Rows with characters that printed papers cannot show: {count}, such as {examples}. "
        "The font has no {characters}."
    )
    yield sentence(words, count=len(found), examples=", ".join(list(found)[:EXAMPLES]), characters=named(every))
