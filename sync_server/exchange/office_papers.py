"""What a coordinator takes into a meeting: how far it is, who would win and why not, what is close, disputed, erased;
and of its quality (OFP-4).

OFP-1  They are of the office alone and of this moment: each says when it was made, and that nothing of it is published.
OFP-2  The award draft names every entry that an award concerns, with why it is not eligible or its place.
OFP-3  The log of erasures says what was erased by which rule and when, and never what it held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from checklists.language import N_, Language, Sentence, Template
from sync_server.award.desk import SeasonDesk
from sync_server.award.standings import kept_standings
from sync_server.database.queries.audit_log import audit_page
from sync_server.database.queries.disputes import all_disputes
from sync_server.database.queries.editions import newest_edition
from sync_server.exchange import quality_papers
from sync_server.exchange.quality_papers import Looked
from sync_server.pages.award import AwardView, award_views
from sync_server.pages.season_map import AssignedBook, season_map
from sync_server.pages.standings import Spreads, borderline
from sync_server.pages.today import today_view
from sync_server.print.document import Block, Document, Heading, Rows, Words
from sync_server.publication.disputes import waited_days
from sync_server.reports.words import Say
from sync_server.review.queue import Bench

ERASURES = ("media-erased", "words-erased", "erasure-announced", "erasure-confirmed")
MOST_LINES = 500


class Source(NamedTuple):
    """What every paper reads."""

    desk: SeasonDesk
    book: AssignedBook
    spreads: Spreads
    now: datetime
    say: Say
    bench: Bench

    @property
    def looked(self) -> Looked:
        """What the papers of quality read of it."""
        return Looked(self.desk.db, self.book, self.bench, self.now, self.say)


def office_paper(source: Source, name: str) -> Document:
    """Return the paper called `name`, one of OFFICE_PAPERS."""
    say = source.say
    title, blocks_of = OFFICE_PAPERS[name]
    edition = newest_edition(source.desk.db)
    at = say.moment(source.now)
    return Document(
        language=say.language,
        title=say(title),
        head=say.text(edition.title) if edition is not None else say(N_("Mystery caller assessment")),
        confidential=say(N_("For the office alone")),
        subject=[say(N_("As it stands on {at}. Nothing of it is published."), at=at)],
        foot=say(N_("Made on {at} · rules {digest}"), at=at, digest=source.desk.rules.digest[:19]),
        page_of=say(N_("Page {{page}} of {{pages}}")),
        mark="",
        blocks=blocks_of(source) or [Words(text=say(N_("There is nothing to report.")))],
    )


def table_rows(document: Document) -> Iterator[Sequence[object]]:
    """Return a paper's tables as rows of a file: the caption of each, its heads, its rows, then an empty one."""
    for block in document.blocks:
        if isinstance(block, Rows):
            yield [block.caption]
            yield block.heads
            yield from block.rows
            yield []


def say_at(desk: SeasonDesk, language: Language) -> Say:
    """Return what puts words into a language, in the season's zone."""
    return Say(language, desk.rules.zone("tz"))


def _progress(source: Source) -> Sequence[Block]:
    say = source.say
    found = season_map(source.desk.db, source.now, source.book)
    if not found.groups:
        return ()
    numbers = [each.number for each in found.rounds]
    rounds = [
        [say(N_("Round {number}"), number=one.number), str(one.done), str(one.quota), f"{one.gone} %"]
        for one in found.rounds
    ]
    heads = [N_("Round"), N_("Done"), N_("Quota"), N_("Time gone")]
    blocks: list[Block] = [
        Rows(caption=say(N_("Every round")), heads=[say(head) for head in heads], rows=rounds),
    ]
    for group in found.groups:
        rows = [
            [
                f"{say.text(line.name)} · {say.label('channel', line.channel)}",
                *(f"{cell.done} / {cell.quota or '–'}" + (" *" if cell.is_behind else "") for cell in line.cells),
            ]
            for line in group.lines
        ]
        heads_of = [say(N_("Entry")), *(say(N_("Round {number}"), number=number) for number in numbers)]
        blocks.append(Rows(caption=say.text(group.name), heads=heads_of, rows=rows))
    return [*blocks, Words(text=say(N_("Done / quota; * is behind for the time that is gone."))), *_to_do(source)]


def _to_do(source: Source) -> Sequence[Block]:
    """What is overdue, and which windows of tries close today."""
    say, now = source.say, today_view(source.desk.db, source.now)
    late = [[one.name, str(one.visits), say.moment(one.oldest), str(one.begun)] for one in now.late]
    heads = [say(head) for head in (N_("Assessor"), N_("Visits"), N_("Oldest due"), N_("Begun"))]
    blocks = [Rows(caption=say(N_("Overdue, by assessor")), heads=heads, rows=late)] if late else []
    closing = [
        [_entry(one.name, one.channel, say), one.assessor, f"{one.counted} / {one.needed}", say.moment(one.closes_at)]
        for one in now.closing
    ]
    heads = [say(head) for head in (N_("Entry"), N_("Assessor"), N_("Counted"), N_("Closes"))]
    caption = say(N_("Windows of tries that close today"))
    return [*blocks, *([Rows(caption=caption, heads=heads, rows=closing, words=(1,))] if closing else [])]


def _award_draft(source: Source) -> Sequence[Block]:
    say = source.say
    scores = kept_standings(source.desk)
    blocks: list[Block] = []
    for view in award_views(scores, source.desk.awards(scores), source.desk.in_force):
        blocks += [Heading(text=_award_name(view, say)), Words(text=_said(view.result.why, say))]
        blocks += [Words(text=_said(warning, say)) for warning in view.result.warnings]
        rows = [[_entry(row.name, row.channel, say), say(N_("won"))] for row in view.winners]
        rows += [[_entry(row.name, row.channel, say), _said(why, say)] for row, why in view.others]
        if rows:
            heads = [say(N_("Entry")), say(N_("How it stands"))]
            blocks.append(Rows(caption=say(N_("Every entry that it concerns")), heads=heads, rows=rows))
    return blocks


def _award_name(view: AwardView, say: Say) -> str:
    about = say.text(view.industry) if view.industry else say.label("channel", view.channel) if view.channel else ""
    return " · ".join(filter(None, [_said(view.name, say), about]))


def _borderline(source: Source) -> Sequence[Block]:
    say = source.say
    near = borderline(kept_standings(source.desk), source.desk.in_force, source.spreads)
    rows = [
        [
            _entry(one.row.name, one.row.channel, say),
            one.row.final,
            f"{_said(one.grade, say)} {one.edge}",
            f"{'+' if one.is_above else '−'}{one.gap}",
        ]
        for one in near
    ]
    heads = [say(N_("Entry")), say(N_("Final")), say(N_("Edge")), say(N_("Distance"))]
    caption = say(N_("Finals close to the edge of a band: to be looked at again before results."))
    return [Rows(caption=caption, heads=heads, rows=rows)] if rows else ()


def _disputes(source: Source) -> Sequence[Block]:
    say, db = source.say, source.desk.db
    rows = [
        [
            f"{one.id} · {say.text(one.entrant_name)} · {say.label('channel', one.channel)}",
            str(one.round),
            one.question or "–",
            str(waited_days(db, one, source.now)),
            say(N_("to be decided")) if one.outcome is None else say.label("dispute", one.outcome),
            f"{one.before or '–'} → {one.after or '–'}" if one.outcome else "–",
        ]
        for one in all_disputes(db)
    ]
    heads = [N_("Dispute"), N_("Round"), N_("Question"), N_("Working days"), N_("State"), N_("Base")]
    caption = say(N_("Those that are open first."))
    return [Rows(caption=caption, heads=[say(head) for head in heads], rows=rows)] if rows else ()


def _erasures(source: Source) -> Sequence[Block]:
    say = source.say
    found = [one for action in ERASURES for one in audit_page(source.desk.db, action=action, limit=MOST_LINES)]
    rows = [
        [
            say.moment(one.at),
            say.label("action", one.action),
            one.subject_id[:16] or "–",
            str(one.details.get("rule", "–")),
        ]
        for one in sorted(found, key=lambda one: one.id, reverse=True)[:MOST_LINES]
    ]
    heads = [say(N_("When")), say(N_("What")), say(N_("Of what")), say(N_("Rule"))]
    caption = say(N_("The newest {most} at most; the audit log has every one."), most=MOST_LINES)
    return [Rows(caption=caption, heads=heads, rows=rows)] if rows else ()


def _entry(name: Mapping[str, str], channel: str, say: Say) -> str:
    return f"{say.text(name)} · {say.label('channel', channel)}"


def _said(words: Sentence, say: Say) -> str:
    return words.in_language(say.language)


OFFICE_PAPERS: Mapping[str, tuple[Template, Callable[[Source], Sequence[Block]]]] = {
    "progress": (N_("Progress of the season"), _progress),
    "award-draft": (N_("Award draft, with why not"), _award_draft),
    "borderline": (N_("Borderline list"), _borderline),
    "disputes": (N_("Register of disputes"), _disputes),
    "queue": (N_("Review queue"), lambda source: quality_papers.queue(source.looked)),
    "flags": (N_("Flags of visits that wait"), lambda source: quality_papers.flags(source.looked)),
    "calibration": (N_("Assessor calibration sheet"), lambda source: quality_papers.calibration(source.looked)),
    "coverage": (N_("Coverage of the round"), lambda source: quality_papers.coverage(source.looked)),
    "erasures": (N_("Log of erasures"), _erasures),
}
