"""Workbooks that take a while: asked for, made by a job in a process of its own, there for KEPT, then removed.

DWN-1  Whoever asked finds it again after leaving, and nobody else does.
DWN-2  It lies under a part's name until it is whole; what could not be made is told, and can be asked for again.
DWN-3  After KEPT its file and its row are gone: it may hold what is erased elsewhere. No backup has it.
"""

from __future__ import annotations

import logging
import subprocess
from datetime import timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries import downloads as queries
from sync_server.database.queries.jobs import Job, ask_for
from sync_server.database.writer import Writer
from sync_server.exchange.visits_wanted import Order, Wanted
from sync_server.machine import child_process
from sync_server.machine.files import make_private_folder

logger = logging.getLogger(__name__)

KIND = "download"
KEPT = timedelta(days=7)
LONGEST_S = 300
NOT_MADE = "not-made"


def file_of(folder: Path, download_id: str) -> Path:
    """Return where the file of a download lies."""
    return folder / "downloads" / f"{download_id}.xlsx"


def download_job(download_id: str) -> Job:
    """Return the job that makes a download, and later removes it."""
    return Job(KIND, download_id)


class DownloadJob:
    """Makes what was asked for; once its time is over removes it. Safe to repeat."""

    def __init__(self, database: Database, url: str, writer: Writer, clock: Clock, folder: Path) -> None:
        self._database = database
        self._url = url
        self._writer = writer
        self._clock = clock
        self._folder = folder

    def __call__(self, download_id: str) -> None:
        """Do it. Blocks for as long as it takes."""
        with self._database.reading() as db:
            row = queries.download_of(db, download_id)
        if row is None:
            return
        file, now = file_of(self._folder, download_id), self._clock()
        if now >= row.asked_at + KEPT:
            file.unlink(missing_ok=True)
            self._writer.run_from_thread(lambda db: queries.forget_download(db, download_id))
            return
        if row.made_at is None:
            self._make(download_id, msgspec.convert(row.wanted, Wanted), file)
        self._writer.run_from_thread(lambda db: ask_for(db, [download_job(download_id)], row.asked_at + KEPT))

    def _make(self, download_id: str, wanted: Wanted, file: Path) -> None:
        make_private_folder(file.parent)
        part = file.with_suffix(".part")
        try:
            visits = self._made_by_child(Order(url=self._url, path=str(part), wanted=wanted))
            part.replace(file)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            part.unlink(missing_ok=True)
            logger.warning("a workbook was not made (%s)", type(error).__name__)
            self._writer.run_from_thread(lambda db: queries.note_problem(db, download_id, NOT_MADE))
            return
        size_bytes, now = file.stat().st_size, self._clock()

        def note(db: Connection) -> None:
            queries.note_made(db, download_id, visits=visits, size_bytes=size_bytes, now=now)

        self._writer.run_from_thread(note)

    def _made_by_child(self, order: Order) -> int:
        sent = msgspec.json.encode(order)
        child = child_process.run("sync_server.exchange.workbook_child", sent, longest_s=LONGEST_S)
        if child.returncode:
            logger.error("the process that makes workbooks: %s", child.stderr[-2000:])
            raise subprocess.SubprocessError(f"ended with {child.returncode}")
        return int(child.stdout)
