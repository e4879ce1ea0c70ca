"""The office's papers of a round's quality: who marks apart, how it is spread, what is flagged, what waits for review.

OFP-4  They say what the pages Quality and Review bench say, by the same rules, of the round that has begun last; each
       line that somebody should act on says so in its last column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.forms.form import Channel
from checklists.language import N_, Text
from sync_server.database.queries import tallies as queries
from sync_server.database.queries.assessment_lists import rounds_begun
from sync_server.database.queries.changes import last_seq
from sync_server.database.queries.people import assessor_names, entrant_names
from sync_server.database.queries.quality import scored_rows
from sync_server.pages.quality import quality_view
from sync_server.pages.quality_coverage import coverage_view
from sync_server.pages.season_map import AssignedBook, season_map
from sync_server.print.document import Block, Rows, Words
from sync_server.quality.flags import NAMES
from sync_server.reports.words import Say, one, two
from sync_server.review.queue import REASONS, Bench, Waiting
from sync_server.season.rules import version_in_force

MOST_LINES = 500


class Looked(NamedTuple):
    """What these papers read."""

    db: Connection
    book: AssignedBook
    bench: Bench
    now: datetime
    say: Say

    @property
    def number(self) -> int:
        """The round they are of."""
        return max(rounds_begun(self.db), default=1)


def calibration(of: Looked) -> Sequence[Block]:
    """Return how each assessor marks beside the others, and the scores that lie far off (4.1, 4.4)."""
    say, names = of.say, dict(entrant_names(of.db))
    view = quality_view(scored_rows(of.db, of.number), dict(assessor_names(of.db)), names)
    if not view.assessors:
        return ()
    rows = [
        [
            line.name,
            str(line.scores),
            one(line.mean),
            one(line.spread),
            f"{line.how.plain:+.2f}",
            f"{line.how.shrunk:+.2f}",
            say(N_("marks apart: talk it through"))
            if line.how.is_flagged
            else say(N_("no spread: look at examples"))
            if line.how.has_no_spread
            else say(N_("in line")),
        ]
        for line in view.assessors
    ]
    heads = [
        N_("Assessor"), N_("Scores"), N_("Mean"), N_("Spread"), N_("Leniency"), N_("Shrunk"), N_("Check")
    ]  # fmt: skip
    caption = say(
        N_("Round {number}: leniency beside the others on the same entry. No score is corrected by it."),
        number=of.number,
    )
    blocks: list[Block] = [Rows(caption=caption, heads=[say(head) for head in heads], rows=rows, words=(0, 6))]
    far = [
        [_entry(say, each.name, each.row.channel), each.row.id[:8], one(each.row.base), one(each.median)]
        for each in view.far_off
    ]
    if far:
        far_heads = [say(head) for head in (N_("Entry"), N_("Assessment"), N_("Score"), N_("Median"))]
        blocks.append(Rows(caption=say(N_("Scores far off: look at each again.")), heads=far_heads, rows=far))
    return blocks


def coverage(of: Looked) -> Sequence[Block]:
    """Return how each entry's visits are spread (4.6)."""
    say, number = of.say, of.number
    view = coverage_view(
        season_map(of.db, of.now, of.book, number), number, queries.scenario_counts(of.db, number),
        queries.begun_at(of.db, number), zone=version_in_force(of.db).zone, now=of.now,
    )  # fmt: skip
    rows = [
        [
            _entry(say, line.name, line.key[1]),
            f"{line.done} / {line.quota or '–'}",
            f"{say.label('coverage', line.poorest)} {two(float(line.indices[line.poorest]))}" if line.poorest else "–",
            say.listed(
                f"{say.label('coverage', kind)} {two(float(index))}"
                for kind, index in line.indices.items()
                if kind != line.poorest
            ),
            say.listed(line.thin),
            say.label("light", line.light.value),
        ]
        for line in view.lines
    ]
    few = say(N_("{count} entries have too few visits to tell."), count=view.few)
    words: list[Block] = [Words(text=few)] if view.few else []
    if not rows:
        return words
    heads = [
        N_("Entry"), N_("Done / quota"), N_("Poorest"), N_("Other indices"), N_("Months with too few"), N_("Check")
    ]  # fmt: skip
    caption = say(N_("Round {number}: 0.90 and above is green, from 0.80 amber, below red."), number=number)
    return [Rows(caption=caption, heads=[say(head) for head in heads], rows=rows, words=(0, 2, 3, 5)), *words]


def flags(of: Looked) -> Sequence[Block]:
    """Return what is flagged among the visits that wait: by kind, and each with its figure (4.5)."""
    say = of.say
    waiting = [each for each in of.bench.queue(of.db, last_seq(of.db)) if each.flags]
    if not waiting:
        return ()
    counts = Counter(flag.kind for each in waiting for flag in each.flags)
    kinds = [[say(NAMES[kind]), str(count)] for kind, count in counts.most_common()]
    entrants, assessors = dict(entrant_names(of.db)), dict(assessor_names(of.db))
    rows = [
        [
            each.row.id[:8],
            _entry(say, entrants.get(each.row.entrant_id, {"en": each.row.entrant_id}), each.row.channel),
            assessors.get(each.row.assessor_id, each.row.assessor_id),
            f"{say(NAMES[flag.kind])}: {flag.figure.in_language(say.language)}",
        ]
        for each in waiting[:MOST_LINES]
        for flag in each.flags
    ]
    heads = [say(head) for head in (N_("Assessment"), N_("Entry"), N_("Assessor"), N_("Flag and its figure"))]
    return [
        Rows(caption=say(N_("By kind")), heads=[say(N_("Flag")), say(N_("Visits"))], rows=kinds),
        Rows(caption=say(N_("Each, the heaviest first")), heads=heads, rows=rows, words=(1, 2, 3)),
    ]


def queue(of: Looked) -> Sequence[Block]:
    """Return what waits for a reviewer in the order of the bench, and for how long."""
    say, waiting = of.say, of.bench.queue(of.db, last_seq(of.db))
    if not waiting:
        return ()
    entrants, assessors = dict(entrant_names(of.db)), dict(assessor_names(of.db))
    rows = [
        [str(place), *_waiting(of, each, entrants, assessors)] for place, each in enumerate(waiting[:MOST_LINES], 1)
    ]
    heads = [
        N_("Order"), N_("Assessment"), N_("Entry"), N_("Round"), N_("Assessor"), N_("Days waited"), N_("Why it is read")
    ]  # fmt: skip
    caption = say(N_("{count} wait; the first {most} at most are listed."), count=len(waiting), most=MOST_LINES)
    return [Rows(caption=caption, heads=[say(head) for head in heads], rows=rows, words=(2, 4, 6))]


def _waiting(of: Looked, each: Waiting, entrants: Mapping[str, Text], assessors: Mapping[str, str]) -> Sequence[str]:
    say, row = of.say, each.row
    days = (of.now - datetime.fromisoformat(row.received_at)).days
    why = [say(NAMES[flag.kind]) for flag in each.flags] + [say(REASONS[reason]) for reason in each.reasons]
    return [
        row.id[:8],
        _entry(say, entrants.get(row.entrant_id, {"en": row.entrant_id}), row.channel),
        "–" if row.channel == Channel.SITE_VISIT else str(row.round),
        assessors.get(row.assessor_id, row.assessor_id),
        str(max(0, days)),
        say.listed(why),
    ]


def _entry(say: Say, name: Text, channel: str) -> str:
    return f"{say.text(name)} · {say.label('channel', channel)}"
