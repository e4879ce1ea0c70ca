"""The editions of this server, as each page of the office lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checklists.language import Sentence

LISTED = "editions"  # where the connection's state has them; a server of one edition has none


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEdition:
    """One edition: its name in addresses, title and year where it has them, and why it could not be opened."""

    name: str
    title: Mapping[str, str]
    year: int | None
    problem: Sentence | None = None
    is_here: bool = False

    @property
    def path(self) -> str:
        """The address of its first page."""
        return f"/e/{self.name}/"
