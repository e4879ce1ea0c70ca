"""A root: a folder that holds the data folder of each edition, by the name its addresses have.

ROO-1  An edition is a folder of the root with a plain name and a database in it. Anything else in a root is no edition,
       and is left alone.
ROO-2  One edition may be the one that answers addresses without a name as well: that of data that had a server of its
       own before. Its phones, links and tokens go on.
ROO-3  A root is marked as one, so that a command for the data folder of one edition gives out that edition's addresses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checklists.language import N_, Sentence, SentenceError, sentence
from sync_server.database.in_use import is_in_use
from sync_server.machine.files import keep_file, make_private_folder, sync_folder
from sync_server.machine.tls import FOLDER as AUTHORITY

DATABASE = "sync.sqlite3"
UNNAMED = "unnamed"  # the file that names the edition of addresses without a name
MARK = ".editions"
LONGEST_NAME = 40
_OURS = frozenset({UNNAMED, AUTHORITY})  # what a root has beside its editions
_NAME = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{LONGEST_NAME - 1}}}")


class EditionError(SentenceError):
    """The edition cannot be begun or moved here."""


@dataclass(frozen=True)
class Root:
    """The folder of all editions."""

    path: Path

    def names(self) -> Sequence[str]:
        """Return the names of its editions, in order."""
        if not self.path.is_dir():
            return ()
        return sorted(folder.name for folder in self.path.iterdir() if self.has(folder.name))

    def has(self, name: str) -> bool:
        """Say whether there is an edition of this name."""
        return is_name(name) and (self.path / name / DATABASE).is_file()

    def folder(self, name: str) -> Path:
        """Return the data folder of the edition `name`."""
        return self.path / name

    def unnamed(self) -> str | None:
        """Return the name of the edition that answers addresses without a name, if one does."""
        file = self.path / UNNAMED
        name = file.read_text("utf-8").strip() if file.is_file() else ""
        return name if self.has(name) else None

    def prepare(self) -> None:
        """Make the folder where it is not there, and mark it (ROO-3)."""
        make_private_folder(self.path)
        if not (self.path / MARK).exists():
            keep_file(self.path / MARK, b"")

    def check_free(self, name: str) -> None:
        """Raise EditionError unless an edition of this name can be made."""
        if not is_name(name):
            message = N_(
                "“{name}” is no name for an edition: use up to {most} small letters, digits and hyphens, such as 2027."
            )
            raise EditionError(sentence(message, name=name, most=LONGEST_NAME))
        if name in _OURS:
            raise EditionError(sentence(N_("The server keeps a file of this name: {name}; choose another."), name=name))
        if (self.path / name).exists():
            raise EditionError(sentence(N_("{folder} is there already; choose another name."), folder=name))

    def take_in(self, data: Path, name: str) -> None:
        """Move the data folder of a server that is stopped into this root, as the edition `name` (ROO-2).

        Its local authority becomes the root's. Nothing is copied: power lost midway leaves all of it where it was, or
        where it is to be, and a repeat does what is left.

        Raises:
            EditionError: there is no data, it is open, the name cannot be had, or another edition answers without a
                name already.
        """
        self.prepare()
        if not (self.has(name) and not data.exists()):
            if not (data / DATABASE).is_file():
                raise EditionError(sentence(N_("{folder} holds no database of this server."), folder=data))
            if is_in_use(data / DATABASE):
                message = N_("{folder} is open: stop its server, and every command that uses it, then move it.")
                raise EditionError(sentence(message, folder=data))
            self.check_free(name)
            if self.unnamed() is not None:
                message = N_("The edition {name} answers addresses without a name already; there can be one only.")
                raise EditionError(sentence(message, name=self.unnamed()))
            data.rename(self.path / name)
            sync_folder(self.path)
        if (self.path / name / AUTHORITY).is_dir() and not (self.path / AUTHORITY).exists():
            (self.path / name / AUTHORITY).rename(self.path / AUTHORITY)
        keep_file(self.path / UNNAMED, f"{name}\n".encode())


def is_name(name: str) -> bool:
    """Say whether addresses may have this name in them."""
    return bool(_NAME.fullmatch(name))


def address_of(folder: Path) -> str:
    """Return what the addresses of the edition in a data folder begin with: "/e/NAME", or "" where they have none."""
    name = folder.resolve().name
    root = Root(folder.resolve().parent)
    return f"/e/{name}" if (root.path / MARK).exists() and root.has(name) and root.unnamed() != name else ""


def without_editions(root: Root) -> Sentence:
    """Return what to do with a root that has none."""
    message = N_("{folder} holds no edition yet. Begin one: sync-server edition new NAME --root {folder}")
    return sentence(message, folder=root.path)
