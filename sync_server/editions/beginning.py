"""The next edition: a data folder of its own beside the last one, with what goes along, there at once or not at all.

BEG-1  What goes along: the records and history of the files (NXT-1, NXT-2), the rules without their dates, and the
       accounts of the office with their passwords and who they are at the provider. Sessions, devices, tokens,
       entrants' accounts and what was declared about organisations do not: whoever comes signs in again, and
       declares again.
BEG-2  The folder is made beside its place and moved there when it is whole. What is interrupted leaves no edition.
BEG-3  A year has one edition in a root: the same edition copied twice is refused.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from checklists.language import N_, sentence
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries import provider_links, users
from sync_server.database.queries.audit_log import AuditRow
from sync_server.database.queries.editions import newest_edition, newest_year
from sync_server.editions.folders import DATABASE, EditionError, Root
from sync_server.exchange.csv.archive import Gathered
from sync_server.exchange.csv.importing import Importing, Result
from sync_server.exchange.csv.next_edition import next_edition
from sync_server.machine.files import make_private_folder, sync_folder
from sync_server.people.accounts import role_of
from sync_server.people.permissions import STAFF
from sync_server.season.rules import PROGRAMME, version_in_force
from sync_server.season.set_up import NO_DATES, set_up

UNDER_WAY = ".begun-"  # what such a folder of a root begins with; no edition (ROO-1)


def begin_empty(root: Root, name: str, now: datetime) -> None:
    """Make an edition without records.

    Raises:
        EditionError: the name is taken or is none.
    """
    with (
        _folder_for(root, name) as folder,
        contextlib.closing(_database(folder)) as database,
        database.transaction() as db,
    ):
        set_up(db, now)


def begin_next(root: Root, source: Database, name: str, now: datetime, by: str) -> int:
    """Make the edition that follows the one in `source` as `name`, and return its year. `source` stays as it is.

    Raises:
        EditionError: the name is taken or is none, its year has an edition, or a record of `source` cannot go along.
        sync_server.exchange.csv.next_edition.NoEditionError: `source` has no edition.
    """
    root.check_free(name)
    with source.reading() as db:
        files = next_edition(db, now)
        last = newest_edition(db)
        rules = version_in_force(db)
        links = provider_links.kept_links(db)
        accounts = [row for row in users.office_rows(db) if role_of(row.role, reads_only=row.reads_only) in STAFF]
    year = last.year + 1 if last else 0
    _check_year(root, year)
    with _folder_for(root, name) as folder, contextlib.closing(_database(folder)) as database:
        with database.transaction() as db:
            parameters = {key: value for key, value in rules.parameters.items() if key not in NO_DATES}
            set_up(db, now, programme=rules.programme_name or PROGRAMME, overrides=parameters, created_by=by)
            for row in accounts:
                users.add_user(db, row)
            provider_links.keep_links(db, [link for link in links if link["user_id"] in {row.id for row in accounts}])
        _bring_in(database, files, now, by)
    return year


def _bring_in(database: Database, files: Mapping[str, bytes], now: datetime, by: str) -> None:
    def write(work: Callable[[Connection], Result]) -> Result:
        with database.transaction() as db:
            return work(db)

    importing = Importing(database, write, lambda: now)
    set_id = importing.begin(by)
    checked = importing.preview(set_id, Gathered(files=files))
    if checked.plan is None:
        said = "; ".join(str(problem) for problem in checked.problems[:5])
        raise EditionError(sentence(N_("These records of the last edition cannot go along: {problems}"), problems=said))
    details = {"files": sorted(files)}
    audit = AuditRow(now, "user" if by != "command" else "command", by, "season-imported", "import", set_id, details)
    importing.confirm(set_id, audit)
    importing.finish(set_id)


def _check_year(root: Root, year: int) -> None:
    for other in root.names():
        if _year_there(root.folder(other)) == year:
            message = N_("The edition of {year} is there already, as {name}; it is not copied twice.")
            raise EditionError(sentence(message, year=year, name=other))


def _year_there(folder: Path) -> int | None:
    try:
        return year_of(folder)
    except DBAPIError:  # the list of editions says that it cannot be opened; it forbids no other
        return None


def year_of(folder: Path) -> int | None:
    """Return the year of the edition in a data folder, also of one that waits to be migrated; None where it has none.

    Raises:
        DBAPIError: it cannot be read.
    """
    with contextlib.closing(Database(f"sqlite:///{folder / DATABASE}")) as database, database.reading() as db:
        return newest_year(db)


def _database(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / DATABASE}")
    upgrade(database)
    return database


@contextlib.contextmanager
def _folder_for(root: Root, name: str) -> Iterator[Path]:
    root.check_free(name)
    make_private_folder(root.path)
    folder = Path(tempfile.mkdtemp(prefix=UNDER_WAY, dir=root.path))
    try:
        yield folder
        try:
            folder.rename(root.folder(name))
        except OSError as error:
            raise EditionError(sentence(N_("{folder} is there already; choose another name."), folder=name)) from error
        root.prepare()
        sync_folder(root.path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
