"""The head of an assessment's page: the assessment's own line, or what an older revision was when it came.

REVN-1  Everything on the page of an older revision is of that revision: score, state, answers, files, times, tries,
        reviews. The page says which one it is, and nothing is decided from there.
"""

from __future__ import annotations

from collections.abc import Sequence

from checklists.record.assessment import Assessment
from checklists.record.clock_moves import has_moved, is_out_of_time
from sync_server.database.queries.assessment_pages import Head, ListedRevision, VerdictRow
from sync_server.fieldwork.push import is_clock_wrong
from sync_server.pages.assessment import ShownFile


def as_it_came(head: Head, revision: ListedRevision, record: Assessment, files: Sequence[ShownFile]) -> Head:
    """Return `head` with what belongs to a revision taken from `revision`. The digest stays that of the current one."""
    held = {file.sha256: file.is_held for file in files}
    return head._replace(
        revision=revision.revision,
        assessor_id=revision.assessor_id,
        assessor_name=revision.assessor_name,
        device_name=revision.device_name,
        form=record.form,
        status=revision.status,
        contact=revision.contact,
        base=None,
        base_shown="",
        files_named=len(held),
        files_held=sum(held.values()),
        clock_wrong=is_clock_wrong(revision.clock_offset_ms)
        or has_moved(record)
        or is_out_of_time(record, revision.received_at),
        started_at=record.start.corrected,
        finished_at=record.end.corrected if record.end else None,
        received_at=revision.received_at,
    )


def verdicts_on(revision: ListedRevision, verdicts: Sequence[VerdictRow]) -> Sequence[VerdictRow]:
    """Return the verdicts about `revision`. A second content of one number was never reviewed."""
    return () if revision.conflict else [verdict for verdict in verdicts if verdict.revision == revision.revision]
