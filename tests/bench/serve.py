"""A server with the tests' small season in a process of its own, for bench and soak: prints its address when ready."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sync_server.app import create_app
from sync_server.commands.graceful_server import listening_socket, server_for
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.builders import an_assignment
from tests.sync_server.season_kit import add_assignment, add_entrant, add_season

ENTRANTS = 60  # of a big season; each with 360 assessments it would be over


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--database", default="")
    parser.add_argument("--media", default="")
    parser.add_argument("--smtp", default="", help="the address of a mail server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--season", action="store_true", help="set the season up first")
    asked = parser.parse_args()
    config = Config(data_dir=asked.data, database_url=asked.database, media_url=asked.media, smtp_url=asked.smtp)
    if asked.season:
        database = Database(config.database)
        upgrade(database)
        with database.transaction() as db:
            add_season(db)
            for number in range(ENTRANTS):
                entrant = f"entrant-{number:05d}"
                add_entrant(db, entrant)
                add_assignment(db, an_assignment(id=f"assign-{number:05d}", entrant_id=entrant))
        database.close()
    bound = listening_socket("127.0.0.1", asked.port)
    app = create_app(config)
    server = server_for(app)
    print(f"http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
    server.run([bound])


if __name__ == "__main__":
    main()
