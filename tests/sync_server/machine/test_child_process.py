"""CHP: a module of the server in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sync_server.config import Config
from sync_server.machine import child_process
from tests.sync_server.databases import migrated


def test_a_process_is_told_no_setting_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """CHP-1"""
    monkeypatch.setenv("SYNC_SERVER_DATABASE_URL", "postgresql://u:pass-word@h/d")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "pass-word")
    told = child_process.environment(OMP_NUM_THREADS="1")
    assert "PATH" in told
    assert told["OMP_NUM_THREADS"] == "1"
    assert "pass-word" not in " ".join(told.values())


def test_a_process_reads_what_it_is_sent_and_its_reply_comes_back() -> None:
    ended = child_process.run("json.tool", b'{"a": 1}', longest_s=60)
    assert (ended.returncode, ended.stdout.split()) == (0, [b"{", b'"a":', b"1", b"}"])


def test_a_process_that_bounds_itself_has_no_more_memory_than_that() -> None:
    script = "from sync_server.machine.child_bounds import bound; bound(1 << 28, 0); bytes(1 << 28)"
    ended = subprocess.run(
        [sys.executable, "-c", script], env=child_process.environment(), capture_output=True, check=False, text=True
    )
    assert ended.stderr.rstrip().endswith("MemoryError")


def test_the_server_itself_loads_none_of_the_large_libraries_that_few_requests_need(tmp_path: Path) -> None:
    large = ("PIL", "pillow_heif", "imageio_ffmpeg", "pypdf", "typst", "fontTools", "ortools", "openpyxl", "numpy")
    large += ("docx", "lxml")
    migrated(Config(data_dir=tmp_path).database).close()
    large += ("pydantic", "attr", "sqlalchemy.dialects.postgresql", "icalendar", "phonenumbers")
    script = (
        "import sys; from pathlib import Path; from sync_server.app import create_app; "
        "from sync_server.config import Config; create_app(Config(data_dir=Path(sys.argv[1]))); "
        f"print(*(name for name in {large} if name in sys.modules))"
    )
    env = child_process.environment()
    assert subprocess.check_output([sys.executable, "-c", script, tmp_path], env=env, text=True).split() == []


def test_a_process_that_takes_too_long_is_ended() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        child_process.run("http.server", b"", longest_s=0.2)
