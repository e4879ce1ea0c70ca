"""Everything kept about one assessor, in one folder that a person can read: the answer to an access request (E24).

ACC-1  Every row about the assessor, a file a table; bodies as JSON; the originals of their files. What is no row about
       them is not in it, and hashes that serve as keys are left out.
ACC-2  Only the owner of the folder may read it. It is whole once its README is there; that is written last.
ACC-3  The audit log says that it was made, for whom, and how much is in it.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists.language import LANGUAGES, N_, SentenceError, Template, sentence
from sync_server.custody.folder import LACKING, check_empty, is_copied
from sync_server.database.columns import moment_text
from sync_server.database.engine import Database
from sync_server.database.queries import access_request as queries
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.evidence.store import MediaStore
from sync_server.machine.files import keep_file, make_private_folder

README = "README.txt"
AUDIT = "audit_log"

TITLE = N_("Everything kept about the assessor {assessor}, on {day}")
BEFORE = N_(
    "For the data officer: answer within 40 days of the request. Read it first, and take out what is about somebody "
    "else: entrants, their staff, reviewers and other assessors may be mentioned."
)
ERASED = N_("Words and files whose retention time is over were erased before; the rows say when.")
LEFT_OUT = N_("Left out are the hashes by which a phone or an enrolment code is recognised.")
FILES = N_("the photos and sounds as they were sent, named by their SHA-256")

# What each file is, for a person.
WHAT: Mapping[str, Template] = {
    "assessors": N_("the person: code, name, languages, districts, when they came and left"),
    "conflicts": N_("the organisations they must not assess, until when and why"),
    "assessor_certificates": N_("for which channels and rounds they showed to score as the panel does"),
    "declarations": N_("accounts of the office that declared to be this assessor"),
    "devices": N_("the phones enrolled for them, when each was seen, and how far its clock was off"),
    "api_tokens": N_("the API tokens made for them, by whom, and when they were last used"),
    "enrolment_codes": N_("the enrolment codes made for them, by whom, and when they were used"),
    "assignments": N_("the assignments they hold, with everything their phone was given"),
    "assignment_holders": N_("the assignments they held at any time, and since when"),
    "assessments": N_("their assessments as the lists show them"),
    "assessment_revisions": N_("each revision they sent: answers, notes, tries, measurements and positions"),
    "hand_overs": N_("the visits they handed on or took over from phone to phone, and what was decided"),
    "submissions": N_("what they sent with other apps, and what became of it"),
    "media_links": N_("which file belongs to which revision"),
    "media": N_("the files they sent: size, kind, when it came and when it was erased"),
    "blackouts": N_("areas of their photos that were blacked out, by whom and why"),
    "clearances": N_(
        "which of their photos the entrant may see, by whom and why not, and with which words in its report"
    ),
    "quotes": N_("what of their words the entrant reads in its report, and who quoted it"),
    "media_derivatives": N_("what was made of those files to show them: smaller, without metadata"),
    "uploads": N_("uploads that are under way or were not finished"),
    "season_changes": N_(
        "what changed in their row and in their assignments, by which import, and what was there before"
    ),
    "changes": N_("what their phones and open pages were told, and when"),
    "grades": N_("the base score of each revision, and by which rules"),
    "assessment_facts": N_("what the award reads out of their assessments"),
    "reviews": N_("what reviewers said of their revisions"),
    "visit_figures": N_("the figures of their visits that flags are worked from"),
    "visit_marks": N_("what their visits add to the sums of the quality pages"),
    "corrections": N_("answers of theirs that the office corrected, with before, after and why"),
    "disputes": N_("what entrants disputed of their visits, and what was decided"),
    "queries": N_("what reviewers asked each other about their visits"),
    "second_readings": N_("who else read their critical items, and whether they agree"),
    "counter_orders": N_("at which counters their phones asked customers"),
    "csqs_settlements": N_("items of their site visits that two people rated far apart, and what counts"),
    "csqs_decisions": N_("levels that their site visits came to"),
    "taken_back_reviews": N_("which of these reviews were taken back, by whom and why"),
    "decisions": N_("what coordinators decided about their assessments"),
    AUDIT: N_("the audit log: what was done by their phones, and what others did with their data or looked at"),
}


class AssessorUnclearError(SentenceError):
    """The name is nobody's, or several people's."""


class AccessFolder(NamedTuple):
    """What the folder holds; `lacking` are the files it should hold, which are gone from the store or damaged."""

    assessor_id: str
    rows: int
    files: int
    lacking: Sequence[str] = ()


def write_access_folder(
    database: Database, media: MediaStore, name_or_id: str, folder: Path, now: datetime
) -> AccessFolder:
    """Write everything about the assessor into the new or empty `folder`. Safe while the server runs.

    Raises:
        AssessorUnclearError: nobody or several are called so.
        FolderError: the folder holds something.
    """
    check_empty(folder)
    with database.reading() as db:
        assessor_id, name = _assessor(db, name_or_id)
        about = {
            table: queries.rows_about(db, table, which) for table, which in queries.tables_about(assessor_id).items()
        }
        about[AUDIT] = list(queries.audit_about(db, assessor_id))
    make_private_folder(folder)
    for table, rows in about.items():
        keep_file(folder / f"{table}.json", _json(rows), private=True)
    files = [row for row in about["media"] if row["erased_at"] is None]
    make_private_folder(folder / "files")
    lacking = [
        row["sha256"]
        for row in files
        if not is_copied(media, row["sha256"], folder / "files" / (row["sha256"] + _ending(row["content_type"])))
    ]
    content = AccessFolder(assessor_id, sum(map(len, about.values())), len(files) - len(lacking), lacking)
    with database.transaction() as db:
        details = {"rows": content.rows, "files": content.files, "lacking": len(lacking)}
        entry = AuditRow(now, "command", "access-request", "access-request-made", "assessor", assessor_id, details)
        append_audit(db, [entry])
    counts = {table: len(rows) for table, rows in about.items()}
    keep_file(folder / README, _readme(name, counts, content, now).encode(), private=True)
    return content


def _assessor(db: Connection, name_or_id: str) -> tuple[str, str]:
    """Return id and name of the one who is called so."""
    called = queries.assessors_called(db, name_or_id)
    if not called:
        raise AssessorUnclearError(sentence(N_("There is no assessor {name}."), name=name_or_id))
    if len(called) > 1:
        ids = ", ".join(assessor_id for assessor_id, _ in called)
        message = sentence(N_("Several assessors are called {name}; give one of: {ids}"), name=name_or_id, ids=ids)
        raise AssessorUnclearError(message)
    return called[0]


def _json(rows: list[dict[str, Any]]) -> bytes:
    plain = [{name: _plain(name, value) for name, value in row.items()} for row in rows]
    return msgspec.json.format(msgspec.json.encode(plain), indent=1) + b"\n"


def _plain(name: str, value: Any) -> Any:
    if name == "body":
        return msgspec.Raw(value.encode() if isinstance(value, str) else value or b"null")
    if isinstance(value, bytes):  # a document of another app
        return value.decode("utf-8", "replace")
    return moment_text(value) if isinstance(value, datetime) else value


def _ending(content_type: str) -> str:
    return mimetypes.guess_extension(content_type) or ""


def _readme(name: str, counts: Mapping[str, int], content: AccessFolder, now: datetime) -> str:
    """Return what each file is, in every language."""
    parts = []
    for language in LANGUAGES:

        def say(template: Template, **values: object) -> str:
            return sentence(template, **values).in_language(language)  # noqa: B023 - called in this round

        listed = [f"- {table}.json ({count}): {say(WHAT[table])}" for table, count in counts.items()]
        parts.append(
            "\n".join(
                [
                    say(TITLE, assessor=f"{name} ({content.assessor_id})", day=f"{now:%Y-%m-%d}"),
                    "",
                    *listed,
                    f"- files/ ({content.files}): {say(FILES)}",
                    *(f"  - {say(LACKING, sha256=sha256)}" for sha256 in content.lacking),
                    "",
                    *map(say, (BEFORE, ERASED, LEFT_OUT)),
                ]
            )
        )
    return "\n\n\n".join(parts) + "\n"
