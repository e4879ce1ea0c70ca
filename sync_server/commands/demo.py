"""`sync-server demo`: a believable season on a fresh data folder, or an old demo continued, ready in seconds.

Once it answers it writes `demo.json` into the data folder: `url`, `app_url`, `coordinator` and `accounts` with their
passwords, and fresh `enrolment_codes`. Only this file holds passwords in clear; only its owner can read it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from checklists.language import N_
from sync_server import clock
from sync_server.app import create_app
from sync_server.commands import listener
from sync_server.commands.data_folder import bring_up_to_date, readable
from sync_server.commands.frame import says_why
from sync_server.commands.listener import Listener
from sync_server.commands.status import DONE, NOT_SERVING
from sync_server.commands.terminal import Terminal
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.demo import accounts, seeded_folder
from sync_server.machine import field_app_build
from sync_server.machine.files import keep_file, make_private_folder
from sync_server.machine.logs import start_logging
from sync_server.people import enrolment_codes
from sync_server.season.set_up import promise_audio_days

FILE = "demo.json"


@says_why(status=NOT_SERVING)
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Start the demo and serve until it is stopped."""
    arguments = _parser().parse_args(argv)
    data = arguments.data or Path(tempfile.mkdtemp(prefix="sync-server-demo-"))
    config = Config.from_environment(os.environ, data_dir=data)
    make_private_folder(data)
    start_logging("warning")
    bound = listener.listen(arguments, data)
    with bound.sock:
        _serve(config, bound, terminal, small=arguments.small)
    return DONE


def _serve(config: Config, bound: Listener, terminal: Terminal, *, small: bool) -> None:
    file = config.data_dir / FILE
    kept = _passwords(file)
    file.unlink(missing_ok=True)  # whoever waits for it must not read the one of the last start
    site = field_app_build.built_app(
        field_app_build.cache_folder(config), lambda progress: terminal.line(terminal.of(progress)), config.app_name
    )
    terminal.say(N_("Preparing the season…"))
    details = _prepared(config, bound, kept, small=small)

    def ready() -> None:
        keep_file(file, msgspec.json.format(msgspec.json.encode(details), indent=2) + b"\n", private=True)
        _say_where(terminal, config, bound, details)

    listener.run(create_app(bound.named(config), web_app=site), bound, on_ready=ready)


def _prepared(config: Config, bound: Listener, kept: Mapping[str, str], *, small: bool) -> Mapping[str, Any]:
    """Give the folder what it lacks, and return what `demo.json` will say."""
    with readable(), contextlib.closing(Database(config.database)) as database:
        bring_up_to_date(config, database)
        with database.transaction() as db:
            promise_audio_days(db, config.retention_audio_days, clock.now())
        seeded = seeded_folder.begin(database, clock.now(), small=small)
        signing_in = accounts.ensure(database, kept, clock.now())
        if seeded is not None:
            seeded_folder.send_the_past(config, database, seeded, clock.now(), signing_in.reviewer_id)
        codes = seeded_folder.fresh_codes(database, clock.now(), lasts=config.enrolment_code_lasts)
    return {
        "url": bound.url,
        "app_url": f"{bound.url}/app/",
        "coordinator": {"username": accounts.COORDINATOR, "password": signing_in.passwords[accounts.COORDINATOR]},
        "enrolment_codes": codes,
        "accounts": signing_in.passwords,
    }


def _say_where(terminal: Terminal, config: Config, bound: Listener, details: Mapping[str, Any]) -> None:
    code = details["enrolment_codes"][0]
    link = enrolment_codes.enrolment_link(bound.phone_url, code)
    terminal.say()
    terminal.say(N_("Dashboard:      {url}/"), url=bound.url)
    for account, password in details["accounts"].items():
        terminal.say(N_("   sign in as   {name}, password {password}"), name=account, password=password)
    terminal.say(N_("Field app:      {url}"), url=details["app_url"])
    terminal.say(N_("Enrolment link: {link}"), link=link)
    terminal.qr(link)
    terminal.say(N_("More codes, each for one phone: {codes}"), codes=tuple(details["enrolment_codes"][1:]))
    terminal.say(N_("Data folder:    {folder} (go on with it later: --data {folder})"), folder=config.data_dir)
    listener.tell_about_phones(terminal, bound)
    terminal.say(N_("Ready. Stop with Ctrl+C."))


def _passwords(file: Path) -> Mapping[str, str]:
    """Return the passwords of the last start, so that they stay; none when there was no last start."""
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (FileNotFoundError, msgspec.DecodeError):
        return {}
    passwords = kept.get("accounts", {})
    if not isinstance(passwords, dict):
        return {}
    return {str(name): str(password) for name, password in passwords.items()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sync-server demo", description="Start with a believable season.")
    listener.add_arguments(parser)
    parser.add_argument("--data", type=Path, metavar="DIR", help="data folder; one that holds a season is continued")
    parser.add_argument("--small", action="store_true", help="an edition that asks for fewer visits, ready sooner")
    return parser
