"""A photo of a visit put into the report of its entrant: with a caption, which is what a screen reader says of it.

CPN-1  Of a visit to a branch, in the channels that have a part of the report for it; of a photo that may be decided
       about (CLR-2, CLR-3), as it stands now: where a person or a name is on it, it is blacked out first.
CPN-2  The caption is in one of the languages at least, in words that an entrant may read (EWD-2). Who gives it says
       with that, that its entrant may see the photo: no person, no name, no exact moment is on it.
CPN-3  One more than fit into a report is refused (FRP-3). Clearing the photo again without a caption takes it out.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from checklists import wire
from checklists.forms.form import Channel
from checklists.language import LANGUAGES, N_, sentence
from checklists.record.assessment import Assessment
from sync_server.database.queries.assessment_pages import body_of
from sync_server.database.queries.clearances import add_clearances
from sync_server.review.clearing import photos_of
from sync_server.review.entrants_words import refused_words
from sync_server.review.for_report import HOLDS, MOST_PHOTOS, held_beside
from sync_server.review.outcome import By, CannotDecideError, current_assessment
from sync_server.review.quoting import unnamed_of

AT_BRANCHES = (Channel.ONSITE, Channel.FACE_TO_FACE)


def caption(db: Connection, assessment_id: str, sha256: str, words: Mapping[str, str], by: By) -> None:
    """Let the entrant see the photo whose picture is `sha256`, and put it into its report with `words` by language.

    Raises:
        CannotDecideError: there is no such photo to decide about, it has no caption or one that may not stand, or
            enough are there.
    """
    assessment = current_assessment(db, assessment_id)
    photo = next((one for one in photos_of(db, assessment_id) if one.sha256 == sha256 and one.may_be_decided), None)
    if photo is None:
        raise CannotDecideError(
            sentence(N_("There is no such photo to decide about: it is not here, or never for an entrant."))
        )
    if assessment.channel not in AT_BRANCHES:
        raise CannotDecideError(sentence(N_("Only photos of visits to branches stand in a report.")))
    if assessment.status not in HOLDS:
        raise CannotDecideError(sentence(N_("This assessment does not count: nothing of it is in a report.")))
    read = [(language, " ".join(words.get(language, "").split())) for language in LANGUAGES]
    given: dict[str, str] = {language: said for language, said in read if said}
    if not given:
        raise CannotDecideError(sentence(N_("Write what the photo shows: it stands below it, and is read out.")))
    body = body_of(db, assessment_id, assessment.digest)
    if body is None:
        raise LookupError(assessment_id)
    unnamed = unnamed_of(db, wire.decode(body.body, Assessment))
    for said in given.values():
        refused = refused_words(said, unnamed)
        if refused is not None:
            raise CannotDecideError(refused)
    if not photo.caption and held_beside(db, assessment_id)[1] >= MOST_PHOTOS:
        told = N_("{most} photos stand in this report already: take one out first.")
        raise CannotDecideError(sentence(told, most=MOST_PHOTOS))
    add_clearances(db, assessment_id, [sha256], reason="", by=by.user_id, now=by.now, may_be_seen=True, caption=given)
