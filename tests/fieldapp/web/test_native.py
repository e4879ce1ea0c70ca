"""The native apps: what is staged for `flet build`, and that it imports with the phone's dependencies alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from fieldapp.web.native import dependencies, stage
from tests.native_check import import_staged

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("native") / "native"
    stage(folder)
    return folder


def test_what_is_staged_imports_with_the_phones_dependencies_alone(staged: Path) -> None:
    assert import_staged(staged) > 100


def test_nothing_is_staged_but_the_app(staged: Path) -> None:
    assert {path.name for path in staged.iterdir()} == {"assets", "checklists", "fieldapp", "main.py", "pyproject.toml"}
    assert not (staged / "fieldapp" / "web").exists()
    (staged / "left.py").touch()
    stage(staged)
    assert not (staged / "left.py").exists()


def test_the_staged_settings_are_those_of_the_project(staged: Path) -> None:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    ours = tomllib.loads((staged / "pyproject.toml").read_text("utf-8"))
    assert ours["tool"]["flet"] == whole["tool"]["flet"]
    assert ours["project"]["dependencies"] == dependencies() == whole["project"]["dependencies"]
    assert "optional-dependencies" not in ours["project"]
    assert (staged / f"{ours['tool']['flet']['app']['module']}.py").exists()


def test_a_position_is_never_taken_in_the_background() -> None:
    flet = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["flet"]
    assert "location" not in flet["permissions"]
    assert not any("BACKGROUND" in name for name in flet["android"]["permission"])
    assert not any("Always" in name for name in flet["ios"]["info"])
