"""What the season would be with the files laid over what the server keeps: the one view that checks look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from checklists.record.assignment import Assignment
from checklists.wire import decode
from sync_server.exchange.csv.records import Record
from sync_server.season.approval import Approver

Key = tuple[Any, ...]
# What of an assignment stands in its body only, beside the columns of its table.
BODY_FIELDS = ("language", "recordings_to_draw", "reply_target_s")


class Overlay:
    """Rows by table and key: those the server keeps, and over them those of the files.

    `forms` are ids of the forms it keeps, of one name the oldest first. `zone` is the season's, by the rules in force.
    `accounts` are everybody's.
    """

    def __init__(
        self,
        kept: Mapping[str, Mapping[Key, Record]],
        forms: Sequence[str],
        zone: ZoneInfo,
        accounts: Sequence[Approver] = (),
    ) -> None:
        self.kept = kept
        self.forms = forms
        self.zone = zone
        self.accounts = accounts
        self._laid: dict[str, dict[Key, Record]] = {name: {} for name in kept}
        self._by_entrant: dict[str, dict[str, set[Key]]] = {}
        for name in ("faqs", "contact_points"):
            self._by_entrant[name] = defaultdict(set)
            for key, row in kept[name].items():
                self._by_entrant[name][row["entrant_id"]].add(key)

    def as_kept(self) -> Overlay:
        """Return the season as it is now, without the files."""
        return Overlay(self.kept, self.forms, self.zone, self.accounts)

    def lay(self, name: str, key: Key, row: Record) -> None:
        """Put a row of a file over what is kept."""
        before = self.kept[name].get(key, {})
        self._laid[name][key] = {**before, **row}
        if name in self._by_entrant:
            self._by_entrant[name][row["entrant_id"]].add(key)

    def laid(self, name: str) -> Mapping[Key, Record]:
        """Return the rows of the files, each with what its row was before."""
        return self._laid[name]

    def row(self, name: str, *key: object) -> Record | None:
        """Return one row, or None."""
        return self._laid[name].get(key) or self.kept[name].get(key)

    def faq_in_force(self, entrant_id: str, code: str, on: date) -> Record | None:
        """Return the version of a filed FAQ that counts on a day; before its first day, the first version."""
        versions = sorted(
            (row for row in self._of_entrant("faqs", entrant_id) if row["code"] == code),
            key=lambda row: (row["in_force_from"], row["version"]),
        )
        begun = [row for row in versions if row["in_force_from"] <= on.isoformat()]
        return begun[-1] if begun else next(iter(versions), None)

    def contact_points(self, entrant_id: str, channel: str) -> Sequence[Record]:
        """Return the filed contact points of an entry, by id."""
        rows = (row for row in self._of_entrant("contact_points", entrant_id) if row["channel"] == channel)
        return sorted(rows, key=lambda row: str(row["id"]))

    def suspensions(self, entrant_id: str, since: datetime, until: datetime) -> Sequence[tuple[datetime, datetime]]:
        """Return what suspends an entrant's service in a span of time, the earliest first."""
        rows = {**self.kept["suspensions"], **self.laid("suspensions")}.values()
        return sorted(
            (row["begins_at"], row["ends_at"])
            for row in rows
            if not row["withdrawn"]
            and row["entrant_id"] in (None, entrant_id)
            and row["begins_at"] < until
            and since < row["ends_at"]
        )

    def suspended_entrants(self) -> frozenset[str | None]:
        """Return the entrants whose suspensions the files add or change; None among them: all."""
        found: set[str | None] = set()
        for key in self.changed("suspensions"):
            rows = (self.kept["suspensions"].get(key), self.laid("suspensions")[key])
            found |= {row["entrant_id"] for row in rows if row is not None}
        return frozenset(found)

    def newest_form(self, name: str) -> str | None:
        """Return the id of the newest version of a form, or None."""
        versions = [form for form in self.forms if form.partition("@")[0] == name]
        return versions[-1] if versions else None

    def changed(self, name: str) -> Collection[Key]:
        """Return the keys of rows that the files add or change."""
        return [key for key, row in self._laid[name].items() if row != self.kept[name].get(key)]

    def _of_entrant(self, name: str, entrant_id: str) -> Iterator[Record]:
        for key in self._by_entrant[name][entrant_id]:
            row = self.row(name, *key)
            if row is not None:
                yield row


def unfold(row: Record) -> Record:
    """Return an assignment's table row with the fields that only its body holds."""
    body = decode(row["body"], Assignment)
    return {**row, **{name: getattr(body, name) for name in BODY_FIELDS}}
