"""The result letter: rounds, weights, final, grade, awards and mark of one entry, and what is to be said about them.

RSL-1  Rounds and their shares are shown to four decimals, the final to two, so that the sum can be done again by hand.
RSL-2  A place is printed only where the organiser publishes it: chosen when the copy is taken, signed with it. It is
       that of the award's own order, with how many there were; among fewer than MIN_CELL organisations there is none.
RSL-3  A joint award and an entrant put into another industry group are said; nobody else is named.
"""

from __future__ import annotations

from collections.abc import Sequence

from checklists.award.entry_score import EntryScore
from checklists.award.result import Award, AwardResult
from checklists.language import N_, Language
from checklists.number import shown
from sync_server.print.document import Block, Document, Figure, Heading, Listed, Rows, Words
from sync_server.reports.cells import MIN_CELL
from sync_server.reports.marks import mark_blocks
from sync_server.reports.results_copy import ResultsCopy
from sync_server.reports.results_frame import framed, say_of
from sync_server.reports.round_copy import Key
from sync_server.reports.words import Say

PLACE = N_("{group}: place {place} of {count}")


def result_letter(copy: ResultsCopy, key: Key, language: Language) -> Document:
    """Return the letter of one entry of `copy`."""
    entry, say = copy.entries[key], say_of(copy, language)
    subject = [
        say(N_("Result letter, {year}"), year=copy.year),
        f"{say.label('channel', key[1])} · {say.text(copy.industry(entry.facts.industry))} · "
        + say(N_("size group {group}"), group=entry.facts.size_group or "–"),
    ]
    if copy.released_at is not None:
        subject.append(say(N_("Released: {released}"), released=say.moment(copy.released_at)))
    blocks = [
        *_final(entry, say),
        *_sum(entry, say),
        *_places(copy, entry, say),
        *_awards(copy, entry, say),
        *_mark(copy, entry, say),
    ]
    return framed(copy, say, say.text(entry.facts.name), subject, [*blocks, *_notes(copy, entry, say)], own=True)


def award_name(copy: ResultsCopy, award: AwardResult, say: Say) -> str:
    """Return what an award is called, with its industry group or channel."""
    name = say.label("award", award.award.value)
    if award.industry is not None:
        return f"{name} · {say.text(copy.industry(award.industry))}"
    return name if award.channel is None else f"{name} · {say.label('channel', award.channel)}"


def _final(entry: EntryScore, say: Say) -> Sequence[Block]:
    if entry.final is None:
        why = entry.why_no_final.in_language(say.language) if entry.why_no_final else ""
        return [Figure(value="–", label=say(N_("Final")), notes=[why] if why else [])]
    grade = say.label("grade", entry.grade.value) if entry.grade is not None else "–"
    return [Figure(value=shown(entry.final), label=say(N_("Final")), notes=[say(N_("Grade: {grade}"), grade=grade)])]


def _sum(entry: EntryScore, say: Say) -> Sequence[Block]:
    rows = []
    for number, round_ in enumerate(entry.rounds):
        weight = entry.weights[number] if number < len(entry.weights) else None
        share = None if weight is None or round_.score is None else weight * round_.score
        rows.append(
            [
                say(N_("Round {number}"), number=round_.number),
                "–" if round_.score is None else shown(round_.score, 4),
                "–" if weight is None else f"{shown(100 * weight)} %",
                "–" if share is None else shown(share, 4),
            ]
        )
    if entry.final is not None and entry.raw is not None:
        rows.append([say(N_("Sum")), "", "", shown(entry.raw, 4)])
    heads = [say(N_("Round")), say(N_("Round score")), say(N_("Weight")), say(N_("Counts as"))]
    caption = say(N_("The final is the sum of the rounds by their weights."))
    return [Heading(text=say(N_("How the final was made"))), Rows(caption=caption, heads=heads, rows=rows)]


def _places(copy: ResultsCopy, entry: EntryScore, say: Say) -> Sequence[Block]:
    """Return the places that are published (RSL-2)."""
    chosen = copy.about.get("places", ())
    lines = []
    for award in copy.scored.awards:
        mine = next((one for one in award.ranked if (one.entrant, one.channel) == entry.key), None)
        organisations = {copy.entries[one.entrant, one.channel].facts.organisation for one in award.ranked}
        if award.award.value not in chosen or mine is None or len(organisations) < MIN_CELL:
            continue
        shared = sum(one.place == mine.place for one in award.ranked)
        words = N_("{group}: place {place} of {count}, shared by {shared}") if shared > 1 else PLACE
        group = say(N_("All entries")) if award.industry is None else _group(copy, award, say)
        lines.append(say(words, group=group, place=mine.place, count=len(award.ranked), shared=shared))
    return (
        [Heading(text=say(N_("Rank"))), Listed(title=say(N_("By the final")), items=lines, ordered=False)]
        if lines
        else ()
    )


def _group(copy: ResultsCopy, award: AwardResult, say: Say) -> str:
    name = say.text(copy.industry(award.industry or ""))
    return name if award.channel is None else f"{name} · {say.label('channel', award.channel)}"


def _awards(copy: ResultsCopy, entry: EntryScore, say: Say) -> Sequence[Block]:
    won = copy.won(entry.key)
    if not won:
        return ()
    names = [award_name(copy, award, say) for award in won]
    listed = Listed(title=say(N_("Won in this edition")), items=names, ordered=False)
    return [Heading(text=say(N_("Awards won"))), listed]


def _mark(copy: ResultsCopy, entry: EntryScore, say: Say) -> Sequence[Block]:
    blocks = mark_blocks(copy, entry, say)
    return [Heading(text=say(N_("Sustainability mark"))), *blocks] if blocks else ()


def _notes(copy: ResultsCopy, entry: EntryScore, say: Say) -> Sequence[Block]:
    notes = [
        say(N_("{award}: given jointly to {count} entries."), award=award_name(copy, award, say), count=n)
        for award in copy.won(entry.key)
        if (n := len(award.winners)) > 1
    ]
    groups = copy.about.get("regrouped", {}).get(entry.facts.entrant, [])
    if len(groups) > 1:
        was, is_now = (say.text(copy.industry(code)) for code in groups[-2:])
        notes.append(say(N_("The organiser moved this entrant from “{was}” to “{now}”."), was=was, now=is_now))
    missing = next((one for one in copy.scored.awards if one.award is Award.INDUSTRY and _is_void(one, entry)), None)
    if missing is not None:
        notes.append(f"{award_name(copy, missing, say)}: {missing.why.in_language(say.language)}")
    return [Heading(text=say(N_("Notes"))), *(Words(text=note) for note in notes)] if notes else ()


def _is_void(award: AwardResult, entry: EntryScore) -> bool:
    """Whether the Industry Award of an entry's own group was given to nobody."""
    return not award.winners and award.industry == entry.facts.industry
