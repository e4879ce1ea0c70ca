"""What the rows of files would write, once they are laid over the season that is kept.

IMP-4  A change to an entrant, scenario, FAQ, branch or contact point reaches every assignment that shows it; one to a
       round, every assignment that is due in it; one to an assessor, a conflict or a suspension questions no kept one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import msgspec

from checklists.record.assignment import Assignment
from checklists.wire import decode
from sync_server.database.queries.season import KEYS
from sync_server.exchange.csv import assignments
from sync_server.exchange.csv.overlay import Key, Overlay, unfold
from sync_server.exchange.csv.records import Record


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What would be written: rows to add and to change by table, and the assignments phones are told of.

    `gone` are the keys of rows the server keeps and a file that was given does not name: they stay as they are.
    """

    added: Mapping[str, Sequence[Record]]
    changed: Mapping[str, Sequence[Record]]
    unchanged: Mapping[str, int]
    assignments: Sequence[Assignment]
    gone: Mapping[str, Sequence[Key]] = {}

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to write."""
        return any(self.added.values()) or any(self.changed.values())


def touched(season: Overlay) -> list[Record]:
    """Return the assignments of the files, and those kept that show something the files change (IMP-4)."""
    changed = {name: set(season.changed(name)) for name in KEYS}
    entrants = {key[0] for key in changed["entrants"]} | {key[0] for key in changed["faqs"]}
    entrants |= {
        row["entrant_id"] for key, row in season.laid("contact_points").items() if key in changed["contact_points"]
    }
    touched = list(season.laid("assignments").values())
    for key, row in season.kept["assignments"].items():
        if key in season.laid("assignments"):
            continue
        shows = (
            row["entrant_id"] in entrants
            or (row["entrant_id"], row["channel"]) in changed["entries"]
            or (row["scenario_id"],) in changed["scenarios"]
            or (row["branch_id"],) in changed["branches"]
            or (row["round"],) in changed["rounds"]
        )
        if shows and not row["withdrawn"]:
            touched.append(unfold(row))
    return touched


def _shown_only(season: Overlay) -> list[Record]:
    """Return kept assignments that show an assessor, a conflict or a suspension the files change, and nothing else."""
    changed = {key[0] for name in ("assessors", "conflicts") for key in season.changed(name)}
    suspended = season.suspended_entrants()
    if not changed and not suspended:
        return []
    already = {row["id"] for row in touched(season)}
    return [
        unfold(row)
        for row in season.kept["assignments"].values()
        if (row["assessor_id"] in changed or not suspended.isdisjoint((row["entrant_id"], None)))
        and row["id"] not in already
        and not row["withdrawn"]
    ]


def plan_of(season: Overlay, today: date, given: Collection[str]) -> Plan:
    """Return what the rows laid over the season would write; `given` names the tables that a file was given for."""
    added: dict[str, list[Record]] = {}
    changed: dict[str, list[Record]] = {}
    unchanged: dict[str, int] = {}
    for name in KEYS:
        if name == "assignments":
            continue
        for key, row in season.laid(name).items():
            kept = season.kept[name].get(key)
            if kept is None:
                added.setdefault(name, []).append(row)
            elif row != kept:
                changed.setdefault(name, []).append(row)
            else:
                unchanged[name] = unchanged.get(name, 0) + 1
    handed_out = []
    for row in [*touched(season), *_shown_only(season)]:
        body = assignments.build(row, season, today)
        kept = season.kept["assignments"].get((row["id"],))
        if kept is not None and decode(kept["body"], Assignment) == body:
            unchanged["assignments"] = unchanged.get("assignments", 0) + 1
            continue
        (added if kept is None else changed).setdefault("assignments", []).append(row)
        handed_out.append(body)
    gone = {
        name: [key for key in season.kept[name] if key not in season.laid(name)]
        for name in KEYS
        if name in given and any(key not in season.laid(name) for key in season.kept[name])
    }
    return Plan(added=added, changed=changed, unchanged=unchanged, assignments=handed_out, gone=gone)
