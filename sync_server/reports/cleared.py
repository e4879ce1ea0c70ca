"""What an entrant reads and sees of visits themselves: quotes of assessors and photos, from the copy.

CLD-1  In a report is what its copy names (SEE-7) and what holds when it is made (FRP): nothing that was cleared later,
       and nothing that fell since - a picture that was blacked out or erased is nowhere to be had. How many fell is
       told in one line.
CLD-2  A picture is read from where files are kept, and only for paper: a page asks for it by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.language import Language, Text
from sync_server.evidence.store import MediaGoneError, MediaStore
from sync_server.reports.round_copy import Key, RoundCopy, Visit
from sync_server.review.clearing import OwnPhoto
from sync_server.review.for_report import MOST_PHOTOS, MOST_QUOTES, for_report


class Quoted(NamedTuple):
    """Words of an assessor, where they were written."""

    visit: Visit
    question: str
    words: str
    language: Language


class Pictured(NamedTuple):
    """A photo of a visit. `jpeg`: the picture, once it was read."""

    visit: Visit
    photo: OwnPhoto
    caption: Text
    jpeg: bytes = b""


class Cleared(NamedTuple):
    """What holds of the quotes and photos that a copy names of one entry, and how many of each fell since."""

    quotes: Sequence[Quoted] = ()
    photos: Sequence[Pictured] = ()
    fallen: tuple[int, int] = (0, 0)


NOTHING = Cleared()


def cleared_of(db: Connection, copy: RoundCopy, key: Key, of: str | None = None) -> Cleared:
    """Return what holds of the quotes and photos of an entry, or of its visit `of` alone (CLD-1)."""
    visits = {
        one.score.id: one
        for one in copy.visits(key)
        if of in (None, one.score.id) and one.is_reached and ("quotes" in one.seen or "photos" in one.seen)
    }
    holding = for_report(db, list(visits)) if visits else {}
    quotes, photos, named = list[Quoted](), list[Pictured](), [0, 0]
    for name, visit in visits.items():
        now = holding.get(name)
        said = {(one.question, one.words) for one in now.quotes} if now is not None else ()
        shown = {one.sha256: one.photo for one in now.photos} if now is not None else {}
        for question, words, language in visit.seen.get("quotes", ()):
            named[0] += 1
            if (question, words) in said:
                quotes.append(Quoted(visit, question, words, _language(language)))
        for sha256, caption in visit.seen.get("photos", ()):
            named[1] += 1
            if sha256 in shown:
                photos.append(Pictured(visit, shown[sha256], caption))
    fallen = (named[0] - len(quotes), named[1] - len(photos))
    return Cleared(quotes[:MOST_QUOTES], photos[:MOST_PHOTOS], fallen)


def _language(code: str) -> Language:
    return "zh-Hant" if code == "zh-Hant" else "en"


def with_pictures(cleared: Cleared, media: MediaStore) -> Cleared:
    """Return `cleared` with the bytes of its photos (CLD-2); one whose bytes are gone has fallen, too. Blocks."""
    read = []
    for one in cleared.photos:
        if one.photo.full is not None:
            try:
                read.append(one._replace(jpeg=b"".join(media.read(one.photo.full.sha256))))
            except MediaGoneError:
                continue
    quotes, photos = cleared.fallen
    return cleared._replace(photos=read, fallen=(quotes, photos + len(cleared.photos) - len(read)))
