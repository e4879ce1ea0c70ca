"""One record as the figures its flags are worked from. Words go no further than a comparison: none are kept.

MEA-1  Moments are corrected ones; what a record does not say (an older release, a channel without it) gives no figure.
MEA-2  Copied words are looked for among the newest forms of the same assessor, never another's.
MEA-3  Edits are counted against the revision that was returned last.
MEA-4  Of what another app sent, answers have no moments of their own: nothing is said of how long it took.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from checklists.forms.form import Kind
from checklists.record.assessment import ERASED, NOT_APPLICABLE, Assessment, Contact
from checklists.record.assignment import Assignment
from checklists.record.clock_moves import has_moved, is_out_of_time
from checklists.record.derived import circumstances, values
from checklists.record.findings import findings
from checklists.record.place import distance_m, proofs_missing
from checklists.record.sheet import Sheet
from checklists.record.trusted_time import Moment
from checklists.score.scoring import Scorer
from sync_server.fieldwork.record_check import OTHER_APP
from sync_server.quality.likeness import commonest, jaccard, runs
from sync_server.quality.visits import Visit

TALKED = "talk_sec"


def measured(
    record: Assessment,
    assignment: Assignment,
    scorer: Scorer | None,
    *,
    zone: str,
    received_at: datetime,
    clock_offset_ms: int | None,
    base: float | None,
    others: Mapping[str, frozenset[int]],
    returned: Assessment | None,
) -> Visit:
    """Return the figures of a record.

    `scorer` None: its form cannot be laid out. `others` are the word runs of the assessor's other forms by assessment;
    `returned` is the revision that a reviewer asked about, if any.
    """
    sheet = scorer.sheet if scorer else None
    bounds = sorted(_moments(record))
    began, ended = (bounds[0], bounds[-1]) if bounds else (None, None)
    stamps = sorted(
        Moment(answer.at, answer.clock).corrected.timestamp()
        for key, answer in record.answers.items()
        if not (sheet and key in sheet.all_items and sheet.all_items[key].question.late_answer)
    )
    copied_from, copied = _copied(record, others)
    positions = [one.position for one in record.measurements.values() if one.position is not None]
    position = min(positions, key=lambda one: one.accuracy_m) if positions else None
    branch = assignment.branch
    at_branch = (branch.lat, branch.lon) if branch and branch.lat is not None and branch.lon is not None else None
    answers = {key: answer.value for key, answer in record.answers.items()}
    scales = [value for key, value in answers.items() if _kind(sheet, key) is Kind.SCALE and value != NOT_APPLICABLE]
    is_met = record.contact is Contact.CONNECTED
    is_foreign = record.app_version == OTHER_APP
    return Visit(
        id=record.id,
        assessor=assignment.assessor_id,
        entrant=record.entrant_id,
        channel=record.channel.value,
        round=assignment.round,
        form=record.form,
        branch=record.branch_id or (branch.id if branch else None),
        began_s=began,
        ended_s=ended,
        fill_s=stamps[-1] - stamps[0] if is_met and len(stamps) > 1 and not is_foreign else None,
        recall_s=stamps[-1] - ended if is_met and stamps and ended is not None else None,
        talk_s=_talked(record, sheet, assignment, zone) if is_met else None,
        answered=len(answers),
        faqs=sum(_kind(sheet, key) is Kind.FAQ and value != NOT_APPLICABLE for key, value in answers.items()),
        scales=len(scales),
        alike=commonest(scales),
        na=sum(value == NOT_APPLICABLE for value in answers.values()),
        copied_from=copied_from,
        copied=copied,
        far_m=None if position is None else distance_m(branch, position),
        accuracy_m=None if position is None else position.accuracy_m,
        proofs_missing=proofs_missing(record),
        position=at_branch if position is None else (float(position.latitude), float(position.longitude)),
        clock_s=round((clock_offset_ms or 0) / 1000),
        is_disordered=has_moved(record) or is_out_of_time(record, received_at),
        edited=_edited(record, returned),
        critical_failed=scorer.critical_failed(answers) if scorer and is_met else (),
        is_unreachable=record.contact is Contact.UNREACHABLE,
        missing=_missing(record, sheet, assignment, zone) if is_foreign else None,
        base=base,
    )


def _missing(record: Assessment, sheet: Sheet | None, assignment: Assignment, zone: str) -> int:
    if sheet is None:
        return 0
    return sum(one.blocks_finish for one in findings(record, sheet, circumstances=circumstances(assignment, zone)))


def words_of(record: Assessment) -> frozenset[int]:
    """Return the word runs of what the assessor wrote, to be compared and forgotten."""
    notes = [words for kinds in record.notes.values() for words in kinds.values()]
    texts = [answer.value for answer in record.answers.values() if isinstance(answer.value, str)]
    return frozenset().union(*(runs(words) for words in (*notes, *texts) if words != ERASED))


def _copied(record: Assessment, others: Mapping[str, frozenset[int]]) -> tuple[str, float]:
    own = words_of(record) if others else frozenset[int]()
    best = max(((jaccard(own, other), name) for name, other in others.items()), default=(0.0, ""))
    return (best[1], round(best[0], 4)) if best[0] else ("", 0.0)


def _moments(record: Assessment) -> Iterator[float]:
    """Yield the moments of the contact itself, as far as it was stamped."""
    for measurement in record.measurements.values():
        bounds = [bound for span in measurement.span_moments for bound in span]
        yield from (bound.corrected.timestamp() for bound in (measurement.moment, *bounds) if bound is not None)


def _talked(record: Assessment, sheet: Sheet | None, assignment: Assignment, zone: str) -> float | None:
    if sheet is None or TALKED not in sheet.derived:
        return None
    number = values(sheet, record.measurements, circumstances=circumstances(assignment, zone)).get(TALKED)
    return None if number is None else float(number)


def _kind(sheet: Sheet | None, key: str) -> Kind | None:
    item = sheet.all_items.get(key) if sheet else None
    return item.question.kind if item else None


def _edited(record: Assessment, returned: Assessment | None) -> int:
    if returned is None:
        return 0
    before: Sequence[tuple[str, object]] = [(key, answer.value) for key, answer in returned.answers.items()]
    keys = {key for key, _ in before} | record.answers.keys()
    was = dict(before)
    return sum(was.get(key) != (record.answers[key].value if key in record.answers else None) for key in keys)
