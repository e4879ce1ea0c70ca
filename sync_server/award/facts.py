"""What the award needs of one record: taken from its body once, kept, and good under almost any ruleset.

FCT-1  Where a critical item failed, the base is kept twice: as that zeroes its section, and as it does not.
FCT-2  The log of attempts is kept as it is, its words left out: what it costs is judged by the ruleset each time a
       standing is made.
FCT-3  Beside the record, facts depend only on the ease tests, on the tries of earlier holders and on what the office
       corrected; `tests_digest` names all three, so that facts are taken anew when one of them changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

import msgspec

from checklists.record.assessment import NOT_APPLICABLE, Assessment, Attempt, Contact, RecordStatus
from checklists.record.assignment import Assignment
from checklists.record.attempts import in_order
from checklists.record.derived import circumstances
from checklists.record.hand_over import tries_before
from checklists.record.sheet import Sheet, SheetError
from checklists.rules.ruleset import Ruleset
from checklists.score.ease import EaseFigures, EaseTest, ease
from checklists.score.scoring import Scorer
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries.bench import CorrectionRow


class KeptFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One record's facts. `base` None: not scored. `form` is the version it was filled with.

    `figures` are what any ease test can be judged by; an earlier release kept facts without them.
    """

    form: str
    is_complete: bool = False  # finished at least once: a draft counts for nothing
    base: Fraction | None = None
    base_unzeroed: Fraction | None = None
    critical_failed: bool = False
    ease_met: bool = False
    figures: EaseFigures | None = None
    ivrs: Fraction | None = None
    attempts: tuple[Attempt, ...] = ()
    subchannel: str | None = None
    variant: str | None = None  # onsite
    recordings: int | None = None  # onsite: how many were checked
    void_reason: str | None = None


def tests_digest(rules: Ruleset, earlier: Sequence[Attempt], made: Sequence[CorrectionRow]) -> str:
    """Name what facts depend on beside the record: parameters, tries of earlier holders, corrections."""
    corrected = [[[each.question, each.after] for each in made]] if made else []
    return hashlib.sha256(msgspec.json.encode([_tests(rules), *earlier, *corrected])).hexdigest()


@lru_cache(maxsize=8)  # the same rules for every record
def _tests(rules: Ruleset) -> Mapping[str, object]:
    return {name: value for name, value in rules.plain.items() if name.startswith("ease.test.")}


@lru_cache(maxsize=8)
def _ease_test(rules: Ruleset) -> EaseTest:
    return EaseTest.of(rules)


def facts_of(
    record: Assessment, assignment: Assignment, desk: SeasonDesk, rules: Ruleset, *, earlier: Sequence[Attempt] = ()
) -> KeptFacts:
    """Take the facts of `record`; a form that cannot be laid out leaves it without a base.

    `earlier`: the tries of those who held the assignment before and did not finish.
    """
    earlier = tries_before(record, earlier)
    log = in_order((*earlier, *record.attempts))
    is_complete = record.status is not RecordStatus.DRAFT
    facts = KeptFacts(
        form=record.form,
        is_complete=is_complete,
        attempts=tuple(msgspec.structs.replace(attempt, note="") for attempt in log),
        subchannel=record.subchannel,
        variant=record.variant,
        recordings=record.recordings or None,
        void_reason=record.void_reason,
    )
    if not is_complete or record.contact is not Contact.CONNECTED:
        return facts
    try:
        sheet = desk.book.sheet_of(record, desk.db)
        answers = {key: answer.value for key, answer in record.answers.items()}
        zeroing = desk.book.scorer_of(record, "section_zero", desk.db)
        plain = desk.book.scorer_of(record, "flag_only", desk.db)
        failed = bool(plain.critical_failed(answers))
    except SheetError:
        return facts
    where = circumstances(assignment, rules.text("tz"))
    result = ease(record, sheet, _ease_test(rules), circumstances=where, earlier_attempts=earlier)
    return msgspec.structs.replace(
        facts,
        base=zeroing.base(answers),
        base_unzeroed=plain.base(answers) if failed else None,
        critical_failed=failed,
        ease_met=result.met,
        figures=result.figures,
        ivrs=_ivrs(sheet, answers),
    )


def _ivrs(sheet: Sheet, answers: Mapping[str, object]) -> Fraction | None:
    """Return the score of the IVRS annex, None where there is none or the hotline has no menu."""
    annex = sheet.annex
    if annex is None or answers.get(annex.form.name) == NOT_APPLICABLE:
        return None
    if not any(key in annex.items for key in answers):
        return None
    return Scorer(annex).base(answers)
