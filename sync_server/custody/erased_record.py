"""A record without what somebody wrote in it: what is kept once the time of raw notes is over (privacy E22).

Notes, text answers, notes of tries, captions, the reason of a void, staff codes, why a time was typed in and why a file
was not prepared give way to a sign that words stood there. Everything that scores stays as it was, so that the base
does not move; what is no answer of the form is taken for words. Fields this server does not know are dropped: they may
hold words too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec.structs import replace

from checklists.forms.form import Kind
from checklists.record.assessment import ERASED, NOT_APPLICABLE, Answer, Assessment
from checklists.record.fitting import fits
from checklists.record.sheet import Sheet


def without_words(record: Assessment, sheet: Sheet | None) -> tuple[Assessment, Mapping[str, int]]:
    """Return `record` without its words, and how many of each sort went. Repeating it changes nothing.

    `sheet` is the one it was filled on; None: it cannot be laid out, and then every text is taken for words.
    """
    gone: Counter[str] = Counter(notes=0, answers=0, attempts=0, others=0)

    def bare(words: str, sort: str) -> str:
        gone[sort] += bool(words) and words != ERASED
        return ERASED if words else words

    def bared(key: str, answer: Answer) -> Answer:
        return replace(answer, value=bare(str(answer.value), "answers")) if _is_words(key, answer, sheet) else answer

    kept = replace(
        record,
        notes={
            key: {kind: bare(words, "notes") for kind, words in kinds.items()} for key, kinds in record.notes.items()
        },
        answers={key: bared(key, answer) for key, answer in record.answers.items()},
        attempts=tuple(replace(attempt, note=bare(attempt.note, "attempts")) for attempt in record.attempts),
        void_reason=None if record.void_reason is None else bare(record.void_reason, "others"),
        measurements={
            key: replace(
                taken,
                code=None if taken.code is None else bare(taken.code, "others"),
                reason=bare(taken.reason, "others"),
            )
            for key, taken in record.measurements.items()
        },
        evidence=tuple(
            replace(
                file,
                why_not_prepared=bare(file.why_not_prepared, "others"),
                caption=bare(file.caption, "notes"),
            )
            for file in record.evidence
        ),
    )
    return kept, dict(gone)


def _is_words(key: str, answer: Answer, sheet: Sheet | None) -> bool:
    if not isinstance(answer.value, str) or answer.value == NOT_APPLICABLE:
        return False
    item = sheet.all_items.get(key) if sheet else None
    return item is None or item.question.kind is Kind.TEXT or fits(item.question, answer.value) is not None
