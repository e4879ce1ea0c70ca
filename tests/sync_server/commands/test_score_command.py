"""`sync-server score`, as a person runs it: in a process of its own, or only what it says."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sync_server.__main__ import main
from tests.seasons import Json, finals
from tests.worked_example import harbour_ferry


class Answer(NamedTuple):
    """What a command ended with, and what it wrote."""

    returncode: int
    stdout: bytes
    stderr: bytes


Score = Callable[..., Answer]


def as_json(season: bytes | Json) -> bytes:
    return season if isinstance(season, bytes) else json.dumps(season).encode()


@pytest.fixture
def score(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Iterator[Score]:
    """The command in this process: it reads a season from standard input."""

    def scored(season: bytes | Json, *words: str) -> Answer:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(as_json(season))))
        status = main(["score", "-", *words])
        return Answer(status, *capsysbinary.readouterr())

    mask = os.umask(0o077)
    yield scored
    os.umask(mask)
    gc.enable()  # a process of its own ends too soon to need it


def in_a_process(*words: str, season: bytes | Json = b"") -> Answer:
    command = [sys.executable, "-m", "sync_server", *words]
    done = subprocess.run(command, input=as_json(season), capture_output=True, timeout=60, check=False)
    return Answer(done.returncode, done.stdout, done.stderr)


def text(answer: Answer) -> str:
    assert (answer.returncode, answer.stderr) == (0, b"")
    return answer.stdout.decode()


def test_the_worked_example_is_printed_as_the_format_says() -> None:
    told = json.loads(text(in_a_process("score", "-", season=harbour_ferry())))
    assert list(told) == ["programme", "rules_digest", "rules", "entries", "awards"]
    assert told["rules_digest"].startswith("sha256:")
    assert told["rules"]["unreachable.score_mode"] == "impute_minus_penalty"
    entry = told["entries"][0]
    assert (entry["entrant"], entry["channel"], entry["size_group"]) == ("harbour-ferry", "phone_in", "B")
    assert (entry["final"], entry["grade"]) == ({"exact": "18651/200", "shown": "93.26"}, "gold")
    assert entry["mark"] == {"run": 1, "crowns": 0, "stars": 0}
    assert entry["why_no_final"] is None
    first, second = entry["rounds"][:2]
    assert first["assessments"][2] == {
        "id": "a3",
        "base": {"exact": "79", "shown": "79.00"},
        "ease": "0",
        "penalty": "-1",
        "score": {"exact": "78", "shown": "78.00"},
        "state": "connected",
    }
    assert {key: first[key] for key in ("mean", "consistency", "faq", "unreached", "score", "why_no_score")} == {
        "mean": {"exact": "511/6", "shown": "85.17"},
        "consistency": "2",
        "faq": "-1",
        "unreached": 0,
        "score": {"exact": "517/6", "shown": "86.17"},
        "why_no_score": None,
    }
    assert (second["unreached"], second["mean"]["exact"]) == (1, "2683/30")
    unreached = second["assessments"][5]
    assert (unreached["state"], unreached["score"], unreached["base"]) == ("unreachable", None, None)
    assert unreached["why_no_score"]
    assert [award["award"] for award in told["awards"]] == ["industry", "grand", "most_improved", "best_ivrs"]


def test_scoring_twice_gives_the_same_bytes() -> None:
    first, second = (in_a_process("score", "-", season=harbour_ferry()) for _ in range(2))
    assert text(first) == text(second)


def test_a_file_is_read_by_name(tmp_path: Path) -> None:
    file = tmp_path / "season.json"
    file.write_text(json.dumps(harbour_ferry()))
    told = in_a_process("score", str(file))
    assert b"18651/200" in told.stdout


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        pytest.param(
            "en",
            [
                "Mean of the 6 reached: 511 / 6 = 85.1667 (511/6)",
                "FAQ filed late or never: -1",
                "Graded on 93.3 (half_up, 1 decimals): Gold",
            ],
            id="English",
        ),
        pytest.param("zh-Hant", ["港灣渡輪熱線", "金獎", "第 1 回合"], id="Chinese"),
    ],
)
def test_a_receipt_is_told(score: Score, language: str, lines: list[str]) -> None:
    season = harbour_ferry()
    season["entrants"][0]["name"] = {"en": "Harbour Ferry Hotline", "zh-Hant": "港灣渡輪熱線"}
    told = text(score(season, "--explain", "harbour-ferry/phone_in", "--language", language))
    assert [line for line in lines if line not in told] == []


def test_what_if_shows_who_moves(score: Score) -> None:
    told = text(score(harbour_ferry(), "--what-if", "unreachable.score_mode=zero", "--what-if", "grade.rounding=floor"))
    assert "unreachable.score_mode: impute_minus_penalty → zero" in told
    assert "Final    93.26 → 88.83" in told
    assert "Grade    Gold → Silver" in told


def test_what_if_shows_awards_that_move(score: Score) -> None:
    told = text(score(finals("91", "88", "85", "79"), "--what-if", "award.industry.min_entrants=5"))
    assert "industry transport_logistics: entrant-1/phone_in → not awarded" in told


@pytest.mark.parametrize(
    ("season", "words", "line"),
    [
        pytest.param(b"{", (), "the file: is not JSON at line 1, column 2", id="not JSON"),
        pytest.param(
            finals("101"), (), "entrants[0].entries[0].rounds[0].assessments[0].base: '101' is out of range", id="range"
        ),
        pytest.param(finals("80"), ("--what-if", "x=1"), "what-if.x: is not a parameter", id="unknown parameter"),
        pytest.param(finals("80"), ("--what-if", "x"), "what-if 'x': write it as name=value", id="not name=value"),
        pytest.param(
            finals("80"), ("--what-if", "rounds.weights=[1,1,1]"), "what-if.rounds.weights: is 1, 1, 1", id="weights"
        ),
        pytest.param(finals("80"), ("--what-if", "cap.final=NaN"), "what-if.cap.final: 'NaN' is not allowed", id="NaN"),
        pytest.param(finals("80"), ("--explain", "x/y"), "--explain x/y: is no entry", id="unknown entry"),
    ],
)
def test_what_cannot_be_done_is_told_on_one_line_each(
    score: Score, season: bytes | Json, words: tuple[str, ...], line: str
) -> None:
    told = score(season, *words)
    assert (told.returncode, told.stdout) == (2, b"")
    assert told.stderr.decode().startswith(line)
    assert b"Traceback" not in told.stderr


def test_a_file_that_is_not_there_is_told() -> None:
    told = in_a_process("score", "/nowhere.json")
    assert told.returncode == 2
    assert told.stderr.decode().startswith("/nowhere.json: there is no such file")


def test_scoring_loads_neither_the_web_server_nor_the_database() -> None:
    program = (
        "import sys; from sync_server.__main__ import main; main(['score', '/nowhere.json']);"
        "print([name for name in ('litestar', 'sqlalchemy', 'PIL', 'pydub') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert told.stdout.decode().strip() == "[]"


def test_an_unknown_command_is_told() -> None:
    told = in_a_process("scor")
    assert told.returncode == 2
    assert b"there is no command 'scor'" in told.stderr
