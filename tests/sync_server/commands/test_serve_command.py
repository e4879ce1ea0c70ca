"""`sync-server serve`: a real season, from nothing to its first administrator."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sync_server.commands import serve
from sync_server.commands.terminal import Terminal
from tests.sync_server.command_line import Command, told


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Command, str]]:
    command = Command("serve", "--no-app", "--port", "0", "--data", str(tmp_path))
    try:
        url = command.wait_for("Dashboard").split()[-1].rstrip("/")
        command.wait_for("Ready")
        yield command, url
    finally:
        command.stop()
        command.close()


def test_an_empty_server_answers_and_invites_its_first_administrator(served: tuple[Command, str]) -> None:
    command, url = served
    link = command.wait_for("/invitation/").strip()
    assert link.startswith(url)
    assert httpx.get(f"{url}/healthz").status_code == 200
    assert httpx.get(link).status_code == 200


def test_a_second_start_ends_the_first_link(served: tuple[Command, str], tmp_path: Path) -> None:
    first, _ = served
    link = first.wait_for("/invitation/").strip()
    first.stop()
    again = Command("serve", "--no-app", "--port", "0", "--data", str(tmp_path))
    try:
        again.wait_for("Ready")
        newer = again.wait_for("/invitation/").strip()
        stale = newer.rsplit("/", 1)[0] + "/" + link.rsplit("/", 1)[1]
        assert (httpx.get(newer).status_code, httpx.get(stale).status_code) == (200, 410)
    finally:
        again.stop()
        again.close()


def test_it_stops_when_asked(served: tuple[Command, str]) -> None:
    command, _ = served
    assert command.stop() == 0


@pytest.mark.parametrize(
    ("words", "environment", "status", "says"),
    [
        pytest.param(["--cert", "x.pem"], {}, 1, "--cert and --key go together", id="half a certificate"),
        pytest.param(["--cert", "x.pem", "--key", "x.key"], {}, 1, "x.pem is not there", id="no such certificate"),
        pytest.param(["--host", "203.0.113.7"], {}, 1, "cannot listen on 203.0.113.7", id="another machine's address"),
        pytest.param([], {"SYNC_SERVER_WRITER_QUEUE": "many"}, 2, "SYNC_SERVER_WRITER_QUEUE", id="a wrong setting"),
        pytest.param(
            ["--host", "203.0.113.7"], {"LANG": "zh_HK.UTF-8"}, 1, "本機無法在 203.0.113.7 接受連線", id="in Chinese"
        ),
    ],
)
def test_what_cannot_work_is_one_sentence(
    tmp_path: Path, words: list[str], environment: dict[str, str], status: int, says: str
) -> None:
    code, _, problems = told(
        "serve", "--no-app", "--port", "0", "--data", str(tmp_path), *words, environment=environment
    )
    assert (code, says in problems, "Traceback" in problems) == (status, True, False), problems


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = Command("serve", "--no-app", "--port", port, "--data", str(tmp_path))
        code, problems = command.ended()
        command.close()
    assert (code, f"Port {port} is taken" in problems) == (1, True), problems


def test_its_owner_alone_can_read_what_it_keeps(served: tuple[Command, str], tmp_path: Path) -> None:
    """BAK-4 among them: the folder is there already, and others may read it."""
    folder = tmp_path / "backup"
    assert told("backup", str(folder), "--data", str(tmp_path))[0] == 0
    kept = [tmp_path, *tmp_path.rglob("*")]
    assert {file.name for file in kept} >= {"sync.sqlite3", "users.jsonl", "manifest.json"}
    assert [str(file) for file in kept if stat.S_IMODE(file.stat().st_mode) & 0o077] == []


def test_a_folder_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    told("restore", str(tmp_path / "nothing"), "--data", str(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_link_of_an_edition_that_comes_while_the_server_runs_is_printed_at_once(capsys) -> None:
    invitations = serve.Invitations(Terminal("en"))
    invitations.add("first")
    invitations.add(None)
    assert "first" not in capsys.readouterr().out
    invitations.print()
    assert capsys.readouterr().out.splitlines()[1:] == ["  first"]
    invitations.add("second")
    assert "This link makes the first administrator" in (printed := capsys.readouterr().out)
    assert printed.splitlines()[1:] == ["  second"]
