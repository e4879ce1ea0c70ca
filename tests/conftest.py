"""What all tests need: compiled catalogues (a pull brings new sentences, and only an install compiles), and turns."""

import gc
import importlib.util
import os
import shutil
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).parent.parent
# Tests start hundreds of processes. Where the environment forbids Python to keep what it compiled, each would compile
# the whole program again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Most tests wait for a disk to sync. What they keep may be in memory, where that costs nothing: what has to outlive a
# power cut is held to its calls (tests/soak/power.py), not to a disk.
MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 << 30
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
# They start servers, Node or pytest as processes, build the app, fill disks, open every door as everybody, or take
# minutes of sound: not for a developer's every minute.
SLOW = (
    "tests/fieldapp/sync/test_doors.py::test_fetch",
    "tests/fieldapp/web/",
    "tests/old_release/",
    "tests/sync_server/blackbox/",
    "tests/sync_server/commands/test_serve_command.py",
    "tests/sync_server/demo/",
    "tests/sync_server/evidence/test_pictures.py::test_the_memory",
    "tests/sync_server/evidence/test_sound.py",
    "tests/sync_server/evidence/test_tus_js.py",
    "tests/sync_server/evidence/test_workshop.py::test_a_file_that_takes_too_long",
    "tests/sync_server/machine/test_tls.py",
    "tests/sync_server/people/test_permissions.py::test_each_route",
    "tests/sync_server/people/test_real_provider.py",
    "tests/sync_server/routes/api/test_bad_days.py",
    "tests/sync_server/routes/api/test_description.py",
    "tests/sync_server/routes/dashboard/test_forms.py::test_enter",
    "tests/sync_server/routes/odata/test_conformance.py",
    "tests/sync_server/routes/test_office_doors.py::test_requests_made",
    "tests/sync_server/routes/test_programs_doors.py::test_requests_made",
    "tests/sync_server/whole/",
    "tests/test_tree.py::test_a_plain_test_that_fails",
)

# What only CI has the time for: the visit in other engines, the pages in the second language (each fits its width there
# in any run, see test_dashboard), and on the second database.
OTHER_ENGINES = "tests/journeys/test_visit_in_other_engines.py"
FOR_CI = (
    "tests/journeys/test_every_page_fits.py",
    "tests/sync_server/routes/dashboard/",
    "tests/sync_server/routes/odata/",
)

# The rows of these tables send statements of their own. Of any other, PostgreSQL gets the first row alone (but under
# CI=true, which has the time): the statement is the same, and what the rows differ in is held on SQLite.
EVERY_ROW = (
    "tests/sync_server/consortium/test_consortium_room.py::test_members_read",
    "tests/sync_server/custody/test_access_request.py::test_a_request_that_cannot",
    "tests/sync_server/custody/test_backup.py::test_what_does_not_hold",
    "tests/sync_server/database/",
    "tests/sync_server/exchange/test_export.py::test_the_filters",
    "tests/sync_server/exchange/test_odata_queries.py",
    "tests/sync_server/exchange/test_row_cells.py",
    "tests/sync_server/money/test_accounts.py::test_mon_1",
    "tests/sync_server/people/test_api_tokens.py",
    "tests/sync_server/people/test_second_factor.py",
    "tests/sync_server/people/test_sessions.py::test_how_long",
    "tests/sync_server/publication/test_closing.py::test_the_check_list",
    "tests/sync_server/publication/test_closing.py::test_who_does_not",
    "tests/sync_server/review/test_clearing.py",
    "tests/sync_server/review/test_undo.py::test_slp_1",
    "tests/sync_server/routes/dashboard/test_pages.py::test_the_list_is_narrowed",
    "tests/sync_server/whole/",
)

# What has a browser and is not the installed app in Chromium: half of the time that browsers take.
OTHER_BROWSERS = ("test_views_browser", "other_engines", "test_dashboard", "test_live_desk", "test_every_page_fits")


def pytest_sessionstart(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return  # the process that starts the workers has done it
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / ".build" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.compile_all(ROOT)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None]:
    """Look for no garbage while all is loaded, and never among it: it stays to the end of the run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is slow, and have only journeys and what runs on PostgreSQL tried again: elsewhere a race must show."""
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker("slow")
        if _is_on_postgresql(item):
            item.add_marker("postgresql")
    if os.environ.get("CI") != "true":
        repeats = _repeats(items)
        items[:] = [item for item in items if item not in repeats]
        config.hook.pytest_deselected(items=list(repeats))
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)
    if not config.pluginmanager.hasplugin("rerunfailures"):
        return
    for item in items:
        if any(item.iter_markers("journey")) or any(item.iter_markers("postgresql")):
            item.add_marker(pytest.mark.flaky(reruns=2))


def _repeats(items: list[pytest.Item]) -> dict[pytest.Item, None]:
    """What is done once more elsewhere: in another engine, in another language, on PostgreSQL where a row has run."""
    met: set[str] = set()
    repeats: dict[pytest.Item, None] = {}
    for item in items:
        is_on_postgresql = any(item.iter_markers("postgresql"))
        table = item.nodeid.partition("[")[0] if is_on_postgresql and not item.nodeid.startswith(EVERY_ROW) else ""
        is_second = item.nodeid.endswith("[zh-Hant]") or table
        if item.nodeid.startswith(OTHER_ENGINES) or (is_second and item.nodeid.startswith(FOR_CI)) or table in met:
            repeats[item] = None
        met |= {table} - {""}
    return repeats


def _turn(item: pytest.Item) -> int:
    """Where several processes share the tests, what takes longest comes first: nobody ends up alone with it."""
    if any(item.iter_markers("journey")):
        return 0
    return 2 if item.nodeid.startswith("tests/sync_server/") and not any(item.iter_markers("slow")) else 1


def _is_on_postgresql(item: pytest.Item) -> bool:
    """Whether it asks for the running PostgreSQL, or for a database on it."""
    params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return "postgresql_server" in getattr(item, "fixturenames", ()) or params.get("database_place") == "postgresql"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say why a test was tried again: it passed in the end, but not for nothing."""
    for report in terminalreporter.stats.get("rerun", ()):
        lines = report.longreprtext.splitlines()
        way = [line.strip() for line in lines if line.startswith("tests/")]
        why = [line[1:].strip() for line in lines if line.startswith("E ")][:4]
        terminalreporter.write_line(f"TRIED AGAIN {report.nodeid}\n  " + "\n  ".join((*way, *why)))


class OneBrowserAtATime(LoadFileScheduling):
    """With several processes, one makes the journeys of phones in Chromium, one the rest that has a browser, and all
    take files.

    An app that waits for its turn draws on and on: the more browsers there are at a time, the more each of them costs.
    """

    def _split_scope(self, nodeid: str) -> str:
        if any(name in nodeid for name in OTHER_BROWSERS):
            return "other browsers"
        return "journeys" if "/journeys/" in nodeid else str(super()._split_scope(nodeid))


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: the one that makes the journeys mostly waits for a browser.

    Two more are no quicker, and a journey may wait too long for its turn.
    """
    return (os.cpu_count() or 1) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return OneBrowserAtATime(config, log)
