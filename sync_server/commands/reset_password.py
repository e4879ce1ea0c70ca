"""`sync-server reset-password`: a one-time code for somebody who forgot the password, the last administrator above all.

Whoever may run commands on this machine may read the database: it needs no password.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from checklists.language import N_
from sync_server import clock
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import CANNOT, DONE
from sync_server.commands.terminal import Terminal
from sync_server.database.queries import second_factors, users
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.editions.folders import address_of
from sync_server.people import password_reset

COMMAND = "reset-password"


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Print the link and the code. A code made before ends."""
    arguments = _parser().parse_args(argv)
    now = clock.now()
    with opened(arguments.data) as (config, database), database.transaction() as db:
        user = users.user_named(db, arguments.username)
        if user is None:
            terminal.wrong(terminal.text(N_("There is no account {username}."), username=arguments.username))
            return CANNOT
        if user.disabled_at is not None and not arguments.enable:
            terminal.wrong(terminal.text(N_("This account is disabled; --enable lets it sign in again.")))
            return CANNOT
        if user.disabled_at is not None:
            users.change_disabled(db, user.id, None)
            append_audit(db, [AuditRow(now, "command", COMMAND, "account-enabled", "user", user.id)])
        if arguments.without_second_factor and second_factors.remove(db, user.id):
            append_audit(db, [AuditRow(now, "command", COMMAND, "second-factor-removed", "user", user.id)])
        code = password_reset.issue(db, user.id, now)
        append_audit(db, [AuditRow(now, "command", COMMAND, "password-reset-issued", "user", user.id)])
    terminal.say(N_("With this code {name} chooses a new password, once, within a day:"), name=user.name)
    terminal.line(f"  {code}")
    at = address_of(config.data_dir)
    where = password_reset.reset_link(f"{config.public_url}{at}", str(code)) if config.public_url else f"{at}/reset"
    terminal.say(N_("It is typed on this page of the dashboard: {page}"), page=where)
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(COMMAND, "Make a one-time code for a new password.")
    parser.add_argument("username", metavar="USERNAME", help="whose password was forgotten")
    parser.add_argument("--enable", action="store_true", help="let an account that was disabled sign in again")
    parser.add_argument("--without-second-factor", action="store_true", help="also take the second step off it")
    return parser
