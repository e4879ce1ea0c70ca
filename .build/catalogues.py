"""Compile every package's gettext catalogues: all `locale/<language>/*.po` become one `LC_MESSAGES/<package>.mo`.

The build back end calls this for wheels and for editable installs; `python .build/catalogues.py` does it by hand.
A package may split its sentences over several .po files (one a room); the same sentence twice is fine when both agree.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, outside a build
    BuildHookInterface = object  # type: ignore[assignment,misc]

PACKAGES = ("checklists", "fieldapp", "sync_server")
# In the place of the moment: it would make the same sentences another file each minute, and another build of the app.
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def merged(folder: Path) -> Catalog:
    """Return one catalogue with the sentences of every .po in `folder`.

    Raises:
        ValueError: two files translate one sentence differently.
    """
    catalogue = Catalog(locale=folder.name, charset="utf-8", creation_date=NO_DATE)
    for file in sorted(folder.glob("*.po")):
        with file.open("rb") as stream:
            for message in read_po(stream, locale=folder.name):
                if not message.id:
                    continue
                held = catalogue.get(message.id)
                if held is not None and held.string != message.string:
                    raise ValueError(f"{file}: {message.id!r} is translated differently in another file; keep one")
                catalogue.add(message.id, message.string)
    return catalogue


def compile_all(root: Path) -> list[Path]:
    """Make every package's .mo below `root` and return their paths. The same sentences are the same bytes."""
    written = []
    for package in PACKAGES:
        for folder in sorted((root / package / "locale").glob("*/")):
            target = folder / "LC_MESSAGES" / f"{package}.mo"
            target.parent.mkdir(exist_ok=True)
            write_mo(compiled := BytesIO(), merged(folder))
            if not target.exists() or target.read_bytes() != compiled.getvalue():
                _replace(target, compiled.getvalue())
            written.append(target)
    return written


def _replace(target: Path, data: bytes) -> None:
    # In one step: a server that starts meanwhile reads the old one or the new one.
    new = target.with_name(f".{target.name}.{os.getpid()}")
    new.write_bytes(data)
    new.replace(target)


class CatalogueHook(BuildHookInterface):  # type: ignore[misc,valid-type]
    """Runs before hatchling collects the files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's signature
        """Compile into the source tree, where both the wheel and an editable install read."""
        compile_all(Path(self.root))


if __name__ == "__main__":
    for path in compile_all(Path(__file__).parent.parent):
        print(path)  # noqa: T201 - a command's answer
