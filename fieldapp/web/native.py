"""The sources of the app for Android, iOS and desktop, staged into a folder that `flet build` is run in.

Staged, because `flet build` packs the folder it is run in: what is not for a phone must not be there. The settings are
`[tool.flet]` of our own pyproject.toml; of the dependencies only the phone's go along, never an extra.
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

from fieldapp.web import parts

# What is for the browser alone, the terminal, and the making of the web app.
LEFT_OUT = (
    *("fieldapp/web/", "fieldapp/__main__.py", "checklists/__main__.py", "checklists/workbook/"),
    *("checklists/forms/xlsform/", "checklists/forms/toml_out.py"),
    *("checklists/forms/drafting.py", "checklists/forms/differences.py"),
    *("fieldapp/storage/browser.py", "fieldapp/sync/door_fetch.py", "fieldapp/sync/online.py"),
    *("fieldapp/media/canvas.py", "fieldapp/media/browser_audio.py", "fieldapp/media/browser_microphone.py"),
)
ICON = Path(__file__).parent / "assets" / "icons" / "icon-512.png"
_MAIN = "import flet as ft\n\nfrom fieldapp.app import main\n\nft.run(main)\n"


def stage(target: Path) -> None:
    """Make `target` hold all that `flet build` packs, and nothing else; what was there before is replaced.

    Raises:
        OSError: the folder cannot be written.
    """
    shutil.rmtree(target, ignore_errors=True)
    for name, path in parts.files_of_ours():
        if not name.startswith(LEFT_OUT):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)
    (target / "main.py").write_text(_MAIN, "utf-8")
    (target / "assets").mkdir()
    shutil.copyfile(ICON, target / "assets" / "icon.png")
    (target / "pyproject.toml").write_text(pyproject(), "utf-8")


def dependencies() -> list[str]:
    """Return what the phone's app needs, as our own pyproject.toml has it."""
    listed: list[str] = _settings()["project"]["dependencies"]
    return listed


def pyproject() -> str:
    """Return the pyproject.toml of the staged folder."""
    settings = _settings()
    project = {key: settings["project"][key] for key in ("name", "version", "description", "requires-python")}
    lines = ["[project]", *(f"{key} = {_toml(value)}" for key, value in project.items())]
    lines += [f"dependencies = {_toml(settings['project']['dependencies'])}", ""]
    return "\n".join([*lines, *_table("tool.flet", settings["tool"]["flet"])]) + "\n"


def _settings() -> dict[str, Any]:
    return tomllib.loads((parts.ROOT / "pyproject.toml").read_text("utf-8"))


def _table(name: str, table: dict[str, Any]) -> list[str]:
    plain = [f"{_key(key)} = {_toml(value)}" for key, value in table.items() if not isinstance(value, dict)]
    inner = [line for key, value in table.items() if isinstance(value, dict) for line in _table(f"{name}.{key}", value)]
    return [f"[{name}]", *plain, "", *inner]


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() else f'"{key}"'


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
