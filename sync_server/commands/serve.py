"""`sync-server serve`: a real season, empty at first. Settings come from the environment; the README has their table.

With `--root DIR` it serves every edition of that folder, each at `/e/NAME/`. Until somebody has an account there, each
start prints a new one-time link that makes the first administrator.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

from litestar import Litestar

from checklists.language import N_, sentence
from sync_server import clock
from sync_server.app import create_app
from sync_server.commands import listener
from sync_server.commands.data_folder import bring_up_to_date, readable
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.listener import Listener
from sync_server.commands.status import DONE, NOT_SERVING
from sync_server.commands.terminal import Terminal
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.editions.folders import EditionError, Root, without_editions
from sync_server.editions.front import Front
from sync_server.machine import field_app_build
from sync_server.machine.files import make_private_folder
from sync_server.machine.logs import start_logging
from sync_server.people import accounts
from sync_server.routes.dashboard.authority import AUTHORITY_OF
from sync_server.season.set_up import promise_audio_days, set_up


@says_why(status=NOT_SERVING)
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Serve until stopped."""
    arguments = _parser().parse_args(argv)
    root = Root(arguments.root) if arguments.root else None
    config = Config.from_environment(os.environ, data_dir=arguments.root or arguments.data)
    if root is not None:
        prepare_root(root, config)
    make_private_folder(config.data_dir)
    start_logging(config.log_level)
    bound = listener.listen(arguments, config.data_dir)
    with bound.sock:
        _serve(config, bound, terminal, root, with_app=not arguments.no_app)
    return DONE


def prepare_root(root: Root, config: Config) -> None:
    """Mark the folder as a root. Raises EditionError unless it holds editions that can have databases of their own."""
    if config.database_url or config.media_url:
        message = N_(
            "With --root each edition keeps its database and media in its own folder: leave out "
            "SYNC_SERVER_DATABASE_URL and SYNC_SERVER_MEDIA_URL, or serve one edition with --data."
        )
        raise EditionError(sentence(message))
    if not root.names():
        raise EditionError(without_editions(root))
    root.prepare()


class Invitations:
    """Prints the links for first administrators: all once the server is ready, a later one at once."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._waiting: list[str] | None = []

    def add(self, link: str | None) -> None:
        """Print a link now, or when the server is ready; None is the edition that somebody has an account in."""
        if link is not None and self._waiting is not None:
            self._waiting.append(link)
        elif link is not None:
            self._print(link)

    def print(self) -> None:
        """The server is ready."""
        waiting, self._waiting = self._waiting or [], None
        for link in waiting:
            self._print(link)

    def _print(self, link: str) -> None:
        self._terminal.say(
            N_("Nobody has an account yet. This link makes the first administrator, once, within 3 days:")
        )
        self._terminal.line(f"  {link}")


def _serve(config: Config, bound: Listener, terminal: Terminal, root: Root | None, *, with_app: bool) -> None:
    site = None
    if with_app:
        site = field_app_build.built_app(
            field_app_build.cache_folder(config), lambda said: terminal.line(terminal.of(said)), config.app_name
        )
    if not config.public_url and bound.scheme == "https":
        # Cookies insist on https only where the server knows that people come over it.
        config = dataclasses.replace(config, public_url=bound.phone_url)
    base_url = config.public_url or bound.phone_url
    invitations = Invitations(terminal)

    def made(each: Config) -> Litestar:
        invitations.add(_prepared(each, each.public_url or base_url))
        app = create_app(bound.named(each), web_app=site)
        app.state[AUTHORITY_OF] = config.data_dir
        return app

    app = made(config) if root is None else Front(root, dataclasses.replace(config, public_url=base_url), made)

    def ready() -> None:
        terminal.say(N_("Dashboard:      {url}/"), url=base_url)
        if site is not None and root is None:
            terminal.say(N_("Field app:      {url}"), url=f"{base_url}/app/")
        if isinstance(app, Front):
            for name in app.names:
                terminal.say(N_("Edition:        {url}/e/{name}/"), url=base_url, name=name)
            for name, why in app.closed.items():
                terminal.wrong(terminal.text(N_("Not open:       {name}: {why}"), name=name, why=why))
        listener.tell_about_phones(terminal, bound)
        invitations.print()
        terminal.say(N_("Ready. Stop with Ctrl+C."))

    listener.run(app, bound, on_ready=ready)


def _prepared(config: Config, base_url: str) -> str | None:
    """Bring the database up to date, and return the first administrator's link while nobody has an account."""
    with readable(), contextlib.closing(Database(config.database)) as database:
        bring_up_to_date(config, database)
        with database.transaction() as db:
            promise_audio_days(db, config.retention_audio_days, clock.now())
            set_up(db, clock.now())
            return accounts.first_administrator_link(db, clock.now(), base_url)


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("serve", "Serve a real season, empty at first.")
    listener.add_arguments(parser)
    parser.add_argument(
        "--root",
        type=Path,
        metavar="DIR",
        help="serve every edition of this folder, each at /e/NAME/, instead of --data",
    )
    parser.add_argument("--no-app", action="store_true", help="leave out the field app: API and dashboard only")
    return parser
