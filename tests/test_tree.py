"""What the tree promises of itself: rooms and the map say the same, rules are tested, tests stand alone."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("checklists", "fieldapp", "sync_server")
TEST_FILES = sorted((ROOT / "tests").rglob("test_*.py"))
KITS = sorted(file for file in (ROOT / "tests").rglob("*.py") if file not in TEST_FILES)
RULE = re.compile(r"^([A-Z][A-Z0-9]*(?:-[A-Z]+)?-?\d+[a-z]?)  ", re.MULTILINE)
OTHER_TEST = re.compile(r"^\s*(?:from|import) tests\.(?:\w+\.)*test_\w+", re.MULTILINE)
# Rooms whose __init__ holds more than their sentence, and why.
DOORS = {
    "fieldapp/media": "picks the preparers of the platform the app runs on",
    "fieldapp/state": "App and Visit are what the views know of it",
    "fieldapp/storage": "its classes are what the composition root and the tests put together",
    "fieldapp/web": "`build` is what the server and the command call",
    "fieldapp/views/questions": "WIDGETS is what a card knows of it",
    "sync_server/database/migrations": "holds `upgrade`: Alembic wants this folder as its script location",
    "sync_server/database/tables": "every table in one namespace, so that `metadata` knows them all",
    "sync_server/routes/api": "`plug` adds its routes to the app",
    "sync_server/routes/dashboard": "`plug` adds its routes to the app",
    "sync_server/routes/odata": "`plug` adds its routes to the app",
    "sync_server/routes/openrosa": "`plug` adds its routes to the app",
}


def docstring(file: Path) -> str:
    return ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""


def rooms() -> list[Path]:
    return sorted(file.parent for name in PACKAGES for file in (ROOT / name).rglob("__init__.py"))


def name_of(room: Path) -> str:
    return room.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("room", rooms(), ids=name_of)
def test_a_room_says_in_one_sentence_what_it_is_and_imports_nothing(room: Path) -> None:
    tree = ast.parse((room / "__init__.py").read_text("utf-8"))
    assert docstring(room / "__init__.py").splitlines()[0].endswith(".")
    assert len(tree.body) == 1 or name_of(room) in DOORS


def test_the_readmes_map_gives_each_room_in_its_own_words() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = dict(re.findall(r"^\| `(\w+/\w+)/` \| (.+) \|$", readme.partition("## The map")[2], re.MULTILINE))
    inside = [room for room in rooms() if room.parent.name in PACKAGES and room.parent.parent == ROOT]
    assert shown == {name_of(room): docstring(room / "__init__.py").splitlines()[0] for room in inside}


def test_the_quick_part_of_the_readme_names_markers_there_are(pytestconfig: pytest.Config) -> None:
    expression = re.search(r"-m '([^']+)'", (ROOT / "README.md").read_text("utf-8"))
    assert expression is not None
    markers = {line.partition(":")[0] for line in pytestconfig.getini("markers")}
    assert set(expression[1].split()) - {"not", "and"} <= markers


def test_no_test_file_imports_another() -> None:
    assert [str(file) for file in TEST_FILES if OTHER_TEST.search(file.read_text("utf-8"))] == []


def is_cited(rule: str, words: str) -> bool:
    # The rule itself comes first: a search that begins with letters is a hundred times as fast.
    return re.search(rf"{rule}(?<![A-Z]{rule})(?!\d)", words) is not None


def test_every_rule_has_an_id_of_its_own_and_a_test_that_names_it() -> None:
    sources = [file for name in PACKAGES for file in (ROOT / name).rglob("*.py")]
    ids = Counter(rule for file in sources for rule in RULE.findall(docstring(file)))
    tests = "\n".join(file.read_text("utf-8") for file in TEST_FILES + KITS if file != Path(__file__))
    # A test may also carry the id in its own name: `test_ret_3_...`.
    cited = tests.upper().replace("_", "-")
    assert [rule for rule, count in ids.items() if count > 1] == []
    assert sorted(rule for rule in ids if not is_cited(rule.upper(), cited)) == []


def test_a_plain_test_that_fails_is_not_tried_again(tmp_path: Path) -> None:
    body = "import pytest\ndef test_plain(): assert 0\n@pytest.mark.journey\ndef test_browser(): assert 0\n"
    (tmp_path / "test_failing.py").write_text(body)
    words = ["-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "-rR"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", str(tmp_path), *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    again = re.findall(r"^RERUN \S*::(\w+)", run.stdout, re.MULTILINE)
    assert (again, "2 failed, 2 rerun" in run.stdout) == (["test_browser"] * 2, True), run.stdout + run.stderr


# Patterns that mean any digit of any script, and why they may.
ANY_DIGIT = {
    "checklists/number.py": "compiled for ASCII",
    "checklists/record/personal_data.py": "a telephone number in full-width digits is one, too",
    "checklists/record/telephone_numbers.py": "as above",
}


@pytest.mark.parametrize("package", PACKAGES)
def test_digits_are_those_from_0_to_9(package: str) -> None:
    """`\\d`, `isdigit` and `isdecimal` also mean digits of other scripts, which `int` takes and nobody expects."""
    wrong = []
    for file in sorted((ROOT / package).rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            means_any = "\\d" in line or re.search(r"\.is(?:digit|decimal|numeric)\(\)", line)
            if means_any and name not in ANY_DIGIT and "re.ASCII" not in line and ".isascii()" not in line:
                wrong.append(f"{name}:{number}")
    assert wrong == []
