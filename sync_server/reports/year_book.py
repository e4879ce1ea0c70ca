"""The year book: what a season came to by channel and industry, for whoever compares, and nobody by name.

YBK-1  Everything in it is of the results as they were signed, and of their rounds; nobody is named.
YBK-2  Each table hides what is of few and what would follow from the rest (CSM-4, CSM-5). A round or a section is shown
       of a whole channel alone, and the round only where as many organisations scored in it as have a final, so that no
       difference between two tables tells one.
YBK-3  It is the members' for `benchmark.embargo_months` from the release of the results (E27), and says until when.
YBK-4  Nobody who withdrew, or has no final, is told by what a digest or a report said of a round and this book leaves
       out: BMK-4 holds between its tables and the rounds, whatever of them was out.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import datetime
from statistics import fmean

from checklists.forms.form import Channel
from checklists.language import N_
from sync_server.print.document import Block, Heading, Rows, Words
from sync_server.reports.cells import MIN_CELL, Cell, hidden_cells, table_of, tells_apart
from sync_server.reports.results_copy import ResultsCopy
from sync_server.reports.round_copy import RoundCopy
from sync_server.reports.words import Say, two

MONTHS = 12


def year_book(copy: ResultsCopy, say: Say) -> Sequence[Block]:
    """Return the blocks of the year book, channel by channel."""
    blocks: list[Block] = list(_for_whom(copy, say))
    for channel in Channel:
        finals = finals_of(copy, channel)
        if finals:
            blocks += [
                Heading(text=say.label("channel", channel.value)),
                _industries(copy, finals, rounds_of(copy, channel), say),
                *_grades(copy, channel, say),
                *_rounds(copy, channel, finals, say),
                *_sections(copy, channel, finals, say),
            ]
    words = N_("– is hidden: fewer than {least} organisations, or it would follow from the others.")
    return [*blocks, Words(text=say(words, least=MIN_CELL))]


def finals_of(copy: ResultsCopy, channel: Channel) -> Sequence[Cell]:
    """Return the finals of a channel."""
    return [
        Cell(entry.facts.organisation, entry.facts.industry, float(entry.final))
        for entry in copy.taking_part
        if entry.facts.channel is channel and entry.final is not None
    ]


def rounds_of(copy: ResultsCopy, channel: Channel) -> Sequence[Sequence[Cell]]:
    """Return what may have been out of a channel: the scores of each round, also of those that withdrew later."""
    rounds = [RoundCopy(copy.file, number, copy.forms) for number in copy.scored.season.programme.rounds]
    scored = [each.cells(channel.value, "", with_withdrawn=True) for each in rounds]
    return [each for each in scored if each]


def for_members_until(copy: ResultsCopy) -> datetime | None:
    """Return until when it is the members' alone (YBK-3); None: the results are not out."""
    at = copy.released_at
    if at is None:
        return None
    month = at.month - 1 + MONTHS
    year, month = at.year + month // 12, month % 12 + 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))


def _for_whom(copy: ResultsCopy, say: Say) -> Iterator[Block]:
    until = for_members_until(copy)
    if until is not None:
        yield Words(
            text=say(N_("For members alone until {day}; in aggregate for everybody from then on."), day=say.day(until))
        )


def _industries(copy: ResultsCopy, finals: Sequence[Cell], before: Sequence[Sequence[Cell]], say: Say) -> Block:
    table = table_of(finals, before=before)
    rows = [[say.text(copy.industry(row.name)), _count(row.n), two(row.mean)] for row in table.rows]
    rows.append([say(N_("All")), _count(table.total.n), two(table.total.mean)])
    heads = [say(N_("Industry")), say(N_("Organisations")), say(N_("Mean"))]
    return Rows(caption=say(N_("Mean final by industry")), heads=heads, rows=rows, bars=[*_bars(table.rows), None])


def _bars(rows: Sequence[object]) -> list[float | None]:
    return [getattr(row, "mean", None) for row in rows]


def _grades(copy: ResultsCopy, channel: Channel, say: Say) -> Iterator[Block]:
    members: dict[str, list[str]] = {}
    for entry in copy.taking_part:
        if entry.facts.channel is channel and entry.grade is not None:
            members.setdefault(entry.grade.value, []).append(entry.facts.organisation)
    hidden, is_total_hidden = hidden_cells(members)
    if is_total_hidden:
        return
    rows = [
        [say.label("grade", grade), "–" if grade in hidden else str(len(each))]
        for grade, each in sorted(members.items())
    ]
    yield Rows(caption=say(N_("Entries by grade")), heads=[say(N_("Grade")), say(N_("Entries"))], rows=rows)


def _rounds(copy: ResultsCopy, channel: Channel, finals: Sequence[Cell], say: Say) -> Iterator[Block]:
    houses = {one.organisation for one in finals}
    rows = []
    for number in copy.scored.season.programme.rounds:
        scores = RoundCopy(copy.file, number, copy.forms)
        cells = scores.cells(channel.value, "")
        same = {one.organisation for one in cells} == houses and len(cells) == len(finals)
        if same and len(houses) >= MIN_CELL and not _tells_who_withdrew(scores, channel, ""):
            rows.append([say(N_("Round {number}"), number=number), two(fmean(one.value for one in cells))])
    if rows:
        yield Rows(caption=say(N_("Mean score of each round")), heads=[say(N_("Round")), say(N_("Mean"))], rows=rows)


def _sections(copy: ResultsCopy, channel: Channel, finals: Sequence[Cell], say: Say) -> Iterator[Block]:
    number = max(copy.scored.season.programme.rounds)
    last = RoundCopy(copy.file, number, copy.forms)
    form = next((form for key in last.entries if key[1] == channel.value and (form := last.form_of(key))), None)
    houses = {one.organisation for one in finals}
    rows = []
    for section in form.sections if form is not None else ():
        cells = last.cells(channel.value, section.id)
        is_many = len({one.organisation for one in cells} & houses) >= MIN_CELL
        if is_many and not _tells_who_withdrew(last, channel, section.id):
            rows.append([say.text(section.title), two(fmean(one.value for one in cells))])
    if rows:
        caption = say(N_("Mean of each section in round {number}, in per cent"), number=number)
        yield Rows(caption=caption, heads=[say(N_("Section")), say(N_("Mean"))], rows=rows)


def _tells_who_withdrew(scores: RoundCopy, channel: Channel, section: str) -> bool:
    left, all_scored = (
        [one.organisation for one in scores.cells(channel.value, section, with_withdrawn=is_out)]
        for is_out in (False, True)
    )
    return tells_apart(left, all_scored)


def _count(n: int | None) -> str:
    return "–" if n is None else str(n)
