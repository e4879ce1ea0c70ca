"""Notes jotted down while a visit goes on, and sorted into its questions afterwards.

JOT-1  What was jotted down stays in the draft, a line a thought, until each line is sorted into a question or struck
       out.
JOT-2  A line sorted into a question comes after what is written there; nothing of that goes.
JOT-3  A record is not finished while a line is left, so that no server ever has one.
JOT-4  A file taken meanwhile belongs to the whole visit until it is given to a question.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from checklists.forms.evidence_kinds import KEEPERS, NOTE, Keeper
from checklists.forms.form import Question
from checklists.language import N_, sentence
from checklists.record.assessment import Assessment, RecordStatus
from checklists.record.transitions import NotAllowedError
from checklists.record.verbs import with_evidence, with_note


def lines(assessment: Assessment) -> tuple[str, ...]:
    """Return the lines that are not sorted yet, in the order they were written."""
    return tuple(line.strip() for line in assessment.jotted.splitlines() if line.strip())


def jotted(assessment: Assessment, words: str, *, at: datetime) -> Assessment:
    """Keep the whole page of notes as it stands now, in place of what it was.

    Raises:
        NotAllowedError: the record is not a draft.
    """
    if assessment.status is not RecordStatus.DRAFT:
        raise NotAllowedError(sentence(N_("Notes are written while a visit is open; open it again first.")))
    return replace(assessment, jotted=words, updated_at=at)


def struck_out(assessment: Assessment, place: int, *, at: datetime) -> Assessment:
    """Take the line at `place` of `lines` away."""
    left = lines(assessment)
    return jotted(assessment, "\n".join((*left[:place], *left[place + 1 :])), at=at)


def sorted_into(assessment: Assessment, place: int, key: str, kind: str, *, at: datetime) -> Assessment:
    """Put the line at `place` of `lines` to the words of `kind` of the question `key` (JOT-2)."""
    line = lines(assessment)[place]
    written = assessment.notes.get(key, {}).get(kind, "").rstrip()
    noted = with_note(assessment, key, kind, f"{written}\n{line}" if written else line, at=at)
    return struck_out(noted, place, at=at)


def given_to(assessment: Assessment, evidence_id: str, key: str, kind: str | None, *, at: datetime) -> Assessment:
    """Give a file of the whole visit to the question `key` (JOT-4). An unknown id changes nothing."""
    for file in assessment.evidence:
        if file.id == evidence_id:
            return with_evidence(assessment, replace(file, question=key, evidence_kind=kind), at=at)
    return assessment


def words_kind(question: Question) -> str:
    """Return which words of a question a line goes to: those it wants, else its note."""
    return next((kind for kind in question.evidence if KEEPERS.get(kind) is Keeper.WORDS), NOTE)


def file_kind(question: Question) -> str | None:
    """Return as what a file goes to a question: as what it wants, else as nothing in particular."""
    return next((kind for kind in question.evidence if KEEPERS.get(kind) is Keeper.FILE), None)
