"""The sustainability mark of an entry: its artwork, the run of years it stands for, and what the organiser confirms.

MRK-1  From CONFIRM_FROM golds on the rule is our reading of the organiser's: what is printed says so (R20).
"""

from __future__ import annotations

from collections.abc import Sequence

from checklists.award.badge import Badge
from checklists.award.entry_score import EntryScore
from checklists.language import N_
from sync_server.print.document import Block, Document, Emblem, Words
from sync_server.print.emblem import emblem_svg, width_mm
from sync_server.reports.results_copy import ResultsCopy
from sync_server.reports.results_frame import framed
from sync_server.reports.words import Say

CONFIRM_FROM = 9


def shows(badge: Badge | None) -> bool:
    """Return whether there is anything to draw."""
    return badge is not None and badge.crowns + badge.stars > 0


def emblem_of(badge: Badge, say: Say) -> Emblem:
    """Return the artwork of a badge that shows something."""
    words = mark_words(badge, say)
    svg = emblem_svg(badge.crowns, badge.stars, title=words)
    return Emblem(svg=svg, words=words, width_mm=width_mm(badge.crowns, badge.stars))


def mark_words(badge: Badge, say: Say) -> str:
    """Return a badge in words."""
    template = N_("Crowns: {crowns}; stars: {stars}; golds in a row: {run}")
    return say(template, crowns=badge.crowns, stars=badge.stars, run=badge.run)


def mark_blocks(copy: ResultsCopy, entry: EntryScore, say: Say) -> Sequence[Block]:
    """Return the mark of an entry with its run of years; nothing where it has none."""
    badge = entry.badge
    if badge is None or not shows(badge):
        return ()
    blocks: list[Block] = [
        emblem_of(badge, say),
        Words(
            text=say(
                N_("Gold in {run} editions running: {years}."),
                run=badge.run,
                years=tuple(run_of_years(copy, badge.run)),
            )
        ),
    ]
    if badge.run >= CONFIRM_FROM:
        blocks.append(Words(text=say(N_("Organiser to confirm: the rule names marks up to eight golds."))))
    return blocks


def run_of_years(copy: ResultsCopy, run: int) -> Sequence[int]:
    """Return the years of a run, the earliest first: of editions held, or of the calendar where the rules say so."""
    year = copy.scored.season.year
    if copy.scored.rules.text("badge.basis") == "calendar_years":
        return range(year - run + 1, year + 1)
    held = sorted(each for each in copy.scored.season.editions_held if each < year)
    return [*held[len(held) - run + 1 :], year] if run > 1 else [year]


def artwork(copy: ResultsCopy, entry: EntryScore, say: Say) -> Document | None:
    """Return the mark of an entry as a page of its own size; None where it has none."""
    badge = entry.badge
    if badge is None or not shows(badge):
        return None
    return framed(copy, say, mark_words(badge, say), (), [emblem_of(badge, say)], layout="artwork")
