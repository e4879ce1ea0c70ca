"""`sync-server plan --round N --seed S`: plan what is missing of a round; phones have it at their next sync.

The hash of the seed is kept before anything is drawn. `--dry-run` writes nothing; `--csv FILE` writes the assignments
as a table that `sync-server import` reads. `--without CODE` plans again what an assessor or a branch that is lost was
to have. Exit status 1 when something cannot be met: each is one line on standard error, with the rule that forbids it
and the cheapest way out. 2 for input that cannot be used, and for round 1 while the edition's check list is red: then
nothing is kept, not even the seed's hash. So the file is tried before the plan is made: a plan that phones have already
must not end with a word that it could not be written.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection

from checklists.language import N_
from sync_server import clock
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import CANNOT, DONE
from sync_server.commands.system_errors import write_file
from sync_server.commands.terminal import Terminal
from sync_server.database.engine import Database
from sync_server.database.queries.audit_log import AuditRow
from sync_server.exchange.csv.importing import Importing, Result
from sync_server.exchange.csv.planned import planned_csv
from sync_server.exchange.csv.planning import Planning
from sync_server.planning.process import planned
from sync_server.planning.result import Plan
from sync_server.planning.season import question_of

UNMET = 1
LONGEST = 200  # characters of a seed
BY = "command"


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Plan the round that `argv` names."""
    arguments = _parser().parse_args(argv)
    if not arguments.seed.strip():
        terminal.wrong(terminal.text(N_("The seed is empty; write any words or numbers that nobody can guess.")))
        return CANNOT
    if len(arguments.seed) > LONGEST or not arguments.seed.isprintable():
        # It is printed beside its hash, for everybody to draw again by.
        words = N_("The seed is one line of at most {most} characters; write a shorter one, without tabs.")
        terminal.wrong(terminal.text(words, most=LONGEST))
        return CANNOT
    if arguments.csv is not None:
        _try_to_write(arguments.csv)
    with opened(arguments.data) as (_config, database):
        if arguments.dry_run:
            with database.reading() as db:
                question = question_of(db, arguments.round, arguments.seed, clock.now(), arguments.without)
            plan = planned(question)
        else:
            plan = _written(terminal, database, arguments)
    if arguments.csv is not None:
        write_file(arguments.csv, planned_csv(plan))
    _say(terminal, plan, dry_run=arguments.dry_run)
    return UNMET if plan.unmet else DONE


def _try_to_write(file: Path) -> None:
    """Do nothing where `file` may be written; what is there stays as it is.

    Raises:
        OSError: it may not, as when its folder is not there.
    """
    try:
        with file.open("ab") if file.exists() else tempfile.TemporaryFile(dir=file.absolute().parent):
            pass
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error


def _written(terminal: Terminal, database: Database, arguments: argparse.Namespace) -> Plan:
    with database.reading() as db:
        # What is wrong with the question is said before anything is kept.
        question_of(db, arguments.round, arguments.seed, clock.now(), arguments.without)
    write = _writing(database)
    planning = Planning(database, write, clock.now, Importing(database, write, clock.now))
    planning.check_list(arguments.round)
    sealed = planning.seal(arguments.round, BY, arguments.seed)
    terminal.say(
        N_("Hash of the seed, kept since {at}: {hash}"), at=sealed.sealed_at.isoformat(), hash=sealed.seed_hash
    )
    plan = planning.make(sealed.id, arguments.without)
    if plan.visits:
        details = {"round": plan.round, "visits": len(plan.visits), "seed_hash": plan.seed_hash, "digest": plan.digest}
        planning.confirm(sealed.id, AuditRow(clock.now(), BY, "plan", "plan-written", "plan", sealed.id, details))
        planning.finish(sealed.id)
    return plan


def _writing(database: Database) -> Callable[[Callable[[Connection], Result]], Result]:
    def run(write: Callable[[Connection], Result]) -> Result:
        with database.transaction() as db:
            return write(db)

    return run


def _say(terminal: Terminal, plan: Plan, *, dry_run: bool) -> None:
    for drawn in plan.drawn:
        terminal.say(N_("{line}: drawn {branches}"), line=drawn.line, branches=", ".join(drawn.branches) or "-")
    for missed in plan.missed:
        terminal.say(N_("{line}: {what}"), line=missed.line, what=missed.what)
    for cover in plan.cover:
        index = ", ".join(f"{name} {value}" for name, value in cover.index.items())
        terminal.say(N_("{line}: coverage in hundredths: {index}"), line=cover.line, index=index)
    terminal.say(
        N_("Round {number}: {count} of {wanted} missing visits planned. Plan {digest}, by {libraries}."),
        number=plan.round,
        count=len(plan.visits),
        wanted=plan.wanted,
        digest=plan.digest,
        libraries=tuple(f"{name} {version}" for name, version in plan.libraries.items()),
    )
    if dry_run:
        terminal.say(N_("Nothing was written: this was a preview. Hash of the seed: {hash}"), hash=plan.seed_hash)
    for unmet in plan.unmet:
        terminal.wrong(
            terminal.text(
                N_("{line}: visits that cannot be planned: {count}; {why}. {way_out}"),
                line=unmet.line,
                count=unmet.count,
                why=unmet.why,
                way_out=unmet.way_out,
            )
        )


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("plan", "Plan what is missing of a round.")
    parser.add_argument("--round", type=int, required=True, metavar="N", help="number of the round")
    parser.add_argument("--seed", required=True, metavar="S", help="what branches are drawn by; its hash is kept first")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="write the assignments as a table that can be imported"
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="CODE",
        help="an assessor or branch that is lost",
    )
    return parser
