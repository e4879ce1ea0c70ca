"""A server with the tests' small season in a process of its own, for bench and soak: prints its address when ready."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sync_server.app import create_app
from sync_server.clock import now
from sync_server.commands.graceful_server import listening_socket, server_for
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.people.permissions import Role
from sync_server.post import webhooks
from sync_server.post.webhooks import make_hook

LOOK_EVERY_S = 0.2  # at webhooks, so that a short run has many of them under way
ENTRANTS = 60  # of a big season; each with 360 assessments it would be over


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--database", default="")
    parser.add_argument("--media", default="")
    parser.add_argument("--smtp", default="", help="the address of a mail server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--hook", default="", help="an address on this machine that is told what arrives")
    parser.add_argument("--season", action="store_true", help="set the season up first")
    asked = parser.parse_args()
    host = urlsplit(asked.hook).hostname or ""
    config = Config(
        data_dir=asked.data,
        database_url=asked.database,
        media_url=asked.media,
        webhook_private_hosts=host,
        smtp_url=asked.smtp,
    )
    if asked.season:
        # Only then: they bring along an HTTP client, which is no memory of the server.
        from tests.builders import an_assignment  # noqa: PLC0415
        from tests.sync_server.desk import add_account  # noqa: PLC0415
        from tests.sync_server.season_kit import add_assignment, add_entrant, add_season  # noqa: PLC0415

        database = Database(config.database)
        upgrade(database)
        with database.transaction() as db:
            add_season(db)
            for number in range(ENTRANTS):
                entrant = f"entrant-{number:05d}"
                add_entrant(db, entrant)
                add_assignment(db, an_assignment(id=f"assign-{number:05d}", entrant_id=entrant))
            if asked.hook:
                user = add_account(db, Role.ADMIN)
                told = {"name": "R", "address": asked.hook, "events": ["assessment.received"]}
                make_hook(db, **told, created_by=user, now=now(), private_hosts=(host,))
        database.close()
    webhooks.LOOK_EVERY = timedelta(seconds=LOOK_EVERY_S)
    bound = listening_socket("127.0.0.1", asked.port)
    app = create_app(config)
    server = server_for(app)
    print(f"http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
    server.run([bound])


if __name__ == "__main__":
    main()
