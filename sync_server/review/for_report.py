"""What a reviewer cleared of visits for the report of their entrant, and how long that holds.

FRP-1  A quote holds for the revision and the answer that it was taken from: it falls when another revision is current,
       when the answer is corrected after it, and with every return and void after it, also one that is lifted.
FRP-2  A photo is in the report while its caption is of exactly the picture that its entrant may see (CLR-1): it falls
       when areas are blacked out anew, when the picture is kept back or erased, and with every return and void.
FRP-3  Of an accepted visit alone, and MOST_QUOTES and MOST_PHOTOS of a report, of one entry's round.
FRP-4  What fell is told on the bench beside what it was, and is cleared anew or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.language import N_, Sentence, Text, sentence
from checklists.record.assessment import RecordStatus
from sync_server.database.queries import quotes as queries
from sync_server.database.queries.bench import CorrectionRow, corrections_of
from sync_server.database.queries.quotes import QuoteRow, Reviewed
from sync_server.review.clearing import OwnPhoto, photos_of

MOST_QUOTES, MOST_PHOTOS = 6, 4
HOLDS = (RecordStatus.FINISHED, RecordStatus.ACCEPTED)  # the rest of FRP-1 is about what came after


class Quote(NamedTuple):
    """Words of an assessor as the report has them, at the question they were written at."""

    question: str
    words: str
    language: str


class Captioned(NamedTuple):
    """A photo that is in the report, by the picture that was looked at, with what it shows."""

    photo: OwnPhoto
    caption: Text

    @property
    def sha256(self) -> str:
        """The picture."""
        return self.photo.sha256


class ForReport(NamedTuple):
    """What of one visit holds."""

    quotes: Sequence[Quote]
    photos: Sequence[Captioned]


def for_report(
    db: Connection, ids: Collection[str], statuses: Collection[str] = (RecordStatus.ACCEPTED,)
) -> Mapping[str, ForReport]:
    """Return what holds of each of `ids`, where anything does (FRP-3)."""
    quoted, with_caption = queries.quotes_of(db, ids), set(queries.captioned(db, ids))
    near = [name for name in ids if name in quoted or name in with_caption]
    if not near:
        return {}
    states, corrected = queries.reviewed(db, near), corrections_of(db, near)
    found = {}
    for name in near:
        if states[name].status not in statuses:
            continue
        quotes = [
            Quote(one.question, one.words, one.language)
            for one in quoted.get(name, ())
            if one.words and why_fallen(one, states[name], corrected.get(name, ())) is None
        ]
        photos = [Captioned(one, one.caption) for one in _photos(db, name, with_caption) if one.caption]
        if quotes or photos:
            found[name] = ForReport(quotes, photos)
    return found


def _photos(db: Connection, assessment_id: str, with_caption: Collection[str]) -> Sequence[OwnPhoto]:
    return photos_of(db, assessment_id) if assessment_id in with_caption else ()


def held_beside(db: Connection, assessment_id: str) -> tuple[int, int]:
    """Return how many quotes and photos hold in the report that a visit is in: FRP-3 counts them."""
    found = for_report(db, queries.near_in_report(db, assessment_id), HOLDS).values()
    return sum(len(one.quotes) for one in found), sum(len(one.photos) for one in found)


def why_fallen(row: QuoteRow, state: Reviewed, corrected: Sequence[CorrectionRow]) -> Sentence | None:
    """Return why a quote holds no more (FRP-1); None: it does."""
    if row.digest != state.digest:
        return sentence(N_("Another revision came after it."))
    if any(one.question == row.question and one.corrected_at >= row.decided_at for one in corrected):
        return sentence(N_("The answer was corrected after it."))
    if state.set_aside_at is not None and state.set_aside_at >= row.decided_at:
        return sentence(N_("The visit was returned or declared void after it."))
    return None
