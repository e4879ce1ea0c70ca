"""The industry digest: what came out in a quarter, by channel and industry, for whoever compares, and nobody by name.

DIG-1  It is made once its quarter is over, of the copies that were out by its last second, of the rounds that were
       released in it: never of anything live. A correction that comes later stands in no digest, and is told here.
DIG-2  Only sums of many: what is of few organisations is hidden, and what would follow from the rest (CSM-4, CSM-5). A
       section is shown of a whole channel alone.
DIG-3  The office and the members of the consortium read it at once; everybody a year after the quarter (E27).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from statistics import fmean
from typing import NamedTuple
from zoneinfo import ZoneInfo

from checklists.language import N_
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries import publications as queries
from sync_server.database.queries.editions import newest_edition
from sync_server.database.queries.publications import Publication, what_of
from sync_server.print.document import Block, Document, Heading, Rows, Words
from sync_server.reports.cells import MIN_CELL, table_of
from sync_server.reports.kept import read_copy
from sync_server.reports.round_copy import RoundCopy
from sync_server.reports.words import Say, two


class Quarter(NamedTuple):
    """One quarter of a year, in the season's zone."""

    year: int
    number: int  # 1 to 4

    @property
    def name(self) -> str:
        """How its address names it: "2021-Q2"."""
        return f"{self.year}-Q{self.number}"

    def begins(self, zone: ZoneInfo) -> datetime:
        """Its first moment."""
        return datetime.combine(date(self.year, 3 * self.number - 2, 1), time(), zone)

    def ends(self, zone: ZoneInfo) -> datetime:
        """The first moment after it."""
        return self.next.begins(zone)

    @property
    def next(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    def is_public_at(self, zone: ZoneInfo) -> datetime:
        """The moment from which everybody reads it (DIG-3)."""
        return Quarter(self.year + 1, self.number).ends(zone)


class Part(NamedTuple):
    """A round that was released in the quarter: the copy that stood at its end, and a correction that came later."""

    number: int
    out: Publication
    later: Publication | None


def quarter_of(at: datetime, zone: ZoneInfo) -> Quarter:
    """Return the quarter a moment is in."""
    local = at.astimezone(zone)
    return Quarter(local.year, (local.month + 2) // 3)


def quarters(desk: SeasonDesk, now: datetime) -> Sequence[Quarter]:
    """Return the quarters that are over and have a digest, the newest first (DIG-1)."""
    zone = desk.zone
    found = {quarter_of(copies[0].published_at or now, zone) for _, copies in _released(desk)}
    return sorted((one for one in found if one.ends(zone) <= now), reverse=True)


def parts_of(desk: SeasonDesk, quarter: Quarter) -> Sequence[Part]:
    """Return what a digest is made of, by round."""
    zone, parts = desk.zone, []
    for number, copies in _released(desk):
        first = copies[0].published_at
        if first is None or quarter_of(first, zone) != quarter:
            continue
        by_then = [one for one in copies if one.published_at is not None and one.published_at < quarter.ends(zone)]
        later = copies[-1] if copies[-1].id != by_then[-1].id else None
        parts.append(Part(number, by_then[-1], later))
    return parts


def industry_digest(desk: SeasonDesk, quarter: Quarter, say: Say, now: datetime) -> Document:
    """Return a digest. Scores copies: off the event loop."""
    parts, zone = parts_of(desk, quarter), desk.zone
    edition, until = newest_edition(desk.db), quarter.is_public_at(zone)
    blocks: list[Block] = [block for part in parts for block in _round(desk, part, say)]
    hidden = N_("– is hidden: fewer than {least} organisations, or it would follow from the others.")
    for_whom = (
        say(N_("For everybody")) if now >= until else say(N_("For members alone until {day}"), day=say.day(until))
    )
    return Document(
        language=say.language,
        title=say(N_("Industry digest, quarter {number} of {year}"), number=quarter.number, year=quarter.year),
        head=say.text(edition.title) if edition is not None else say(N_("Mystery caller assessment")),
        confidential=for_whom,
        subject=[say(N_("Of what was released in this quarter, as it stood at its end. Nobody is named."))],
        foot=" · ".join(f"{part.out.id} {part.out.digest[:12]}" for part in parts),
        page_of=say(N_("Page {{page}} of {{pages}}")),
        mark="",
        blocks=[*blocks, Words(text=say(hidden, least=MIN_CELL))],
    )


def _released(desk: SeasonDesk) -> Iterator[tuple[int, Sequence[Publication]]]:
    """Yield each round that is out, with its copies that were published, the first first."""
    for number in desk.in_force.programme.rounds:
        copies = [one for one in queries.copies_of(desk.db, what_of(number)) if one.published_at is not None]
        if copies:
            yield number, copies


def _round(desk: SeasonDesk, part: Part, say: Say) -> Iterator[Block]:
    copy = read_copy(desk.db, part.out, desk.book.forms(desk.db), part.out.published_at)
    yield Heading(text=say(N_("Round {number}"), number=part.number))
    if part.later is not None:
        words = N_("Corrected after this quarter: correction {number}. These figures stay as they were.")
        yield Words(text=say(words, number=part.later.correction))
    for channel in sorted({key[1] for key in copy.entries}):
        yield from _channel(copy, channel, say)


def _channel(copy: RoundCopy, channel: str, say: Say) -> Iterator[Block]:
    cells, name = copy.cells(channel, ""), say.label("channel", channel)
    if not cells:
        return
    table = table_of(cells, before=copy.cells_before(channel, ""))
    names = {one.code: one.name for one in copy.scored.season.programme.industries}
    rows = [
        [say.text(names.get(row.name, {"en": row.name})), "–" if row.n is None else str(row.n), two(row.mean)]
        for row in table.rows
    ]
    rows.append([say(N_("All")), "–" if table.total.n is None else str(table.total.n), two(table.total.mean)])
    heads = [say(N_("Industry")), say(N_("Organisations")), say(N_("Mean"))]
    bars = [*(row.mean for row in table.rows), None]
    yield Rows(caption=say(N_("{channel}: mean score by industry"), channel=name), heads=heads, rows=rows, bars=bars)
    sections = list(_sections(copy, channel, say))
    if sections:
        caption = say(N_("{channel}: mean of each section, in per cent"), channel=name)
        yield Rows(caption=caption, heads=[say(N_("Section")), say(N_("Mean"))], rows=sections)


def _sections(copy: RoundCopy, channel: str, say: Say) -> Iterator[list[str]]:
    form = next((form for key in copy.entries if key[1] == channel and (form := copy.form_of(key))), None)
    for section in form.sections if form is not None else ():
        cells = copy.cells(channel, section.id)
        if len({one.organisation for one in cells}) >= MIN_CELL:
            yield [say.text(section.title), two(fmean(one.value for one in cells))]
