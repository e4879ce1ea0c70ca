"""The figures of a finding, made of publications alone: rounds of the season by industry, and the newest index.

CSM-13  Nothing enters that is not out: of each channel the mean of its round's scores by industry, as the newest
        correction has them, with what CSM-4 and CSM-5 hide; and the industries of the newest index that has enough
        answers. Each source is named with its digest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sync_server.award.desk import SeasonDesk
from sync_server.database.queries import publications as queries
from sync_server.publication.apart import body_of
from sync_server.reports.cells import Cell, Shown, table_of
from sync_server.reports.kept import copy_of

Json = dict[str, Any]


def figures_of(desk: SeasonDesk) -> tuple[list[Json], set[str]]:
    """Return the figures of everything that is out, and the organisations whose figures are in it. Scores copies."""
    figures: list[Json] = []
    organisations: set[str] = set()
    for number in desk.in_force.programme.rounds:
        out = queries.published(desk.db, queries.what_of(number))
        if out is None:
            continue
        copy = copy_of(desk, number)
        names = {one.code: dict(one.name) for one in copy.scored.season.programme.industries}
        for channel in sorted({key[1] for key in copy.entries}):
            cells = copy.cells(channel, "")
            if cells:
                organisations |= {cell.organisation for cell in cells}
                before = copy.cells_before(channel, "")
                figures.append(season_figures((out.what, out.digest, channel), cells, names, before))
    return figures + index_figures(desk), organisations


def season_figures(
    of: tuple[str, str, str],
    cells: Collection[Cell],
    names: Mapping[str, Json],
    before: Iterable[Collection[Cell]] = (),
) -> Json:
    """Return the figures of one channel of a round; `of`: source, its digest, the channel; `before`: what was out."""
    table = table_of(cells, before=before)
    rows = [{"name": names.get(row.name, {"en": row.name}), **_figures(row)} for row in table.rows]
    source, digest, channel = of
    return {
        "kind": "season", "source": source, "digest": digest, "channel": channel,
        "rows": rows, "total": _figures(table.total),
    }  # fmt: skip


def index_figures(desk: SeasonDesk) -> list[Json]:
    """Return the industries of the newest index that is out and shows figures."""
    whats = sorted({one.what for one in queries.copies_of(desk.db) if one.what.startswith("index-")}, reverse=True)
    for what in whats:
        out = queries.published(desk.db, what)
        if out is None:
            continue
        body = body_of(desk.db, out)
        rows = [one for one in body["industries"] if one["satisfaction"] is not None]
        return [{"kind": "index", "source": what, "digest": out.digest, "rows": rows}] if rows else []
    return []


def _figures(row: Shown) -> Json:
    return {"n": row.n, "mean": None if row.mean is None else f"{row.mean:.2f}"}
