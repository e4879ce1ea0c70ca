"""What of Python's standard library stays at home: nothing the app, Flet or Pyodide's own start imports.

A phone fetches and keeps a third less of it. A test imports every module of the app with what is left, so that what is
missing is missed there and not on a phone.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

LEFT_OUT = (
    *("_pydatetime", "_pydecimal", "_pyio", "_pyrepl", "antigravity", "bdb", "cProfile", "cmd", "code", "configparser"),
    *("curses", "dbm", "doctest", "ensurepip", "filecmp", "fileinput", "ftplib", "getpass", "idlelib", "imaplib"),
    *("lib2to3", "mailbox", "modulefinder", "multiprocessing", "optparse", "pdb", "pickletools", "plistlib", "poplib"),
    *("profile", "profiling", "pstats", "pyclbr", "pydoc", "pydoc_data", "rlcompleter", "sched", "shelve", "smtplib"),
    *("sqlite3", "statistics", "symtable", "tabnanny", "this", "timeit", "tkinter", "trace", "turtle", "turtledemo"),
    *("unittest", "venv", "wsgiref", "xml", "xmlrpc", "zipapp"),
    # Parts of what stays, for servers, other systems, archives and terminals.
    *("_markupbase", "argparse", "asyncio/__main__", "asyncio/proactor_events", "asyncio/tools"),
    *("asyncio/windows_events", "asyncio/windows_utils", "compileall", "concurrent/futures/process", "ctypes"),
    *("html", "http/cookiejar", "http/server", "logging/config", "logging/handlers", "netrc", "pty", "py_compile"),
    *("pyodide/console", "socketserver", "sysconfig/__main__", "urllib/robotparser"),
    *("webbrowser",),
)
# One table a page of old computers; nothing the app reads or writes is set in them.
_OLD_PAGES = re.compile(
    r"(cp(?!437|1252)\w+|iso8859_(?!1$)\w+|mac_\w+|koi8_\w|kz1048|hp_roman8|palmos|ptcp154|tis_620)"
)


def prune(library: Path) -> None:
    """Remove from the unpacked sources in `library` what no phone needs. What is not there is passed over."""
    for name in LEFT_OUT:
        shutil.rmtree(library / name, ignore_errors=True)
        for suffix in (".py", ".pyc"):
            (library / name).with_suffix(suffix).unlink(missing_ok=True)
    for page in (library / "encodings").glob("*.py*"):
        if _OLD_PAGES.fullmatch(page.stem):
            page.unlink()
