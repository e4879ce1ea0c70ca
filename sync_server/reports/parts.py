"""Parts three to fourteen of a participant report, from what was completed to the glossary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from checklists.award.entry_score import EntryScore
from checklists.award.grades import GRADE_WORDS
from checklists.award.projection import projection
from checklists.award.rounds import RoundScore
from checklists.forms.form import Channel, Form
from checklists.language import N_, sentence
from checklists.plan.quota import Size, plan_of
from checklists.rules.score_rules import ScoreRules
from sync_server.print.document import Block, Heading, Listed, Rows, Words
from sync_server.publication.working_days import DISPUTE_DAYS, window
from sync_server.reports import figures
from sync_server.reports.benchmark import MIN_CELL, benchmark
from sync_server.reports.round_copy import Key, RoundCopy, Visit
from sync_server.reports.words import DAYPARTS, Say, one, percent, signed


class Source(NamedTuple):
    """What every part reads."""

    copy: RoundCopy
    key: Key
    entry: EntryScore
    round: RoundScore
    form: Form | None
    say: Say


def later_parts(source: Source) -> Sequence[Block]:
    """Return the parts after the sum."""
    return [
        *_completion(source), *_sections(source), *_items(source), *_access(source), *_faq(source), *_spread(source),
        *_annex(source), *_branches(source), *_coaching(source), *_outlook(source), *_closing(source),
    ]  # fmt: skip


def access_and_faq(source: Source) -> Sequence[Block]:
    """Return what the report says of waiting and of filed answers, without its headings."""
    return [block for block in (*_access(source), *_faq(source)) if not isinstance(block, Heading)]


def _completion(source: Source) -> Sequence[Block]:
    say, visits = source.say, source.copy.visits(source.key)
    entrant = next(one for one in source.copy.scored.season.entrants if one.id == source.key[0])
    entry = next(one for one in entrant.entries if one.channel.value == source.key[1])
    size = Size(seats=entrant.seats, branches=entrant.branches)
    quota = plan_of(entry.channel, size, source.copy.scored.rules, variant=entry.onsite_variant).quota
    made, void = source.round.made, sum(not visit.score.is_made for visit in visits)
    words = N_("{made} of {asked} assessments made; {void} void or left open, which count for nothing.")
    blocks: list[Block] = [
        Heading(text=say(N_("3 Completion"))),
        Words(text=say(words, made=made, asked=quota.per_round if quota else "–", void=void)),
    ]
    for caption, what in (
        (N_("By part of the week"), lambda visit: _part(say, visit)),
        (N_("By language"), lambda visit: say.label("spoken", visit.seen.get("language", ""))),
        (N_("By branch"), lambda visit: say.text(visit.seen["branch"]) if "branch" in visit.seen else ""),
        (N_("By scenario"), lambda visit: say.text(visit.seen["scenario"]) if "scenario" in visit.seen else ""),
    ):
        found = figures.counted(visits, what)
        if found:
            rows = [[name, str(count)] for name, count in found.items()]
            blocks.append(Rows(caption=say(caption), heads=[say(N_("Which")), say(N_("Made"))], rows=rows))
    return blocks


def _part(say: Say, visit: Visit) -> str:
    code = visit.seen.get("daypart", "")
    return say(DAYPARTS[code]) if code in DAYPARTS else ""


def _sections(source: Source) -> Sequence[Block]:
    say, copy, form = source.say, source.copy, source.form
    heading = Heading(text=say(N_("4 Section scores")))
    own = copy.sections(source.key, copy.number)
    if form is None or not own:
        return [heading, Words(text=say(N_("Nothing was scored by section in this round.")))]
    before = copy.sections(source.key, copy.number - 1)
    rows, bars = [], []
    for section in form.sections:
        if section.id not in own:
            continue
        others: list[str] = []
        if copy.is_closed:
            found = benchmark(copy.cells(source.key[1], section.id), source.entry.facts.industry)
            others = [one(found.industry), one(found.best), one(found.channel)]
        rows.append(
            [say.text(section.title), str(section.weight), one(own[section.id]), one(before.get(section.id)), *others]
        )
        bars.append(round(own[section.id], 1))
    heads = [N_("Section"), N_("Weight"), N_("Own"), N_("Last round")]
    words = N_("Per cent of the points. Others are compared once the round is closed.")
    if copy.is_closed:
        heads += [N_("Industry mean"), N_("Industry best"), N_("Channel mean")]
        words = N_(
            "Per cent of the points. Figures of fewer than {least} organisations are hidden (–), and what would tell"
            " them."
        )
    return [
        heading,
        Rows(caption=say(words, least=MIN_CELL), heads=[say(head) for head in heads], rows=rows, bars=bars),
    ]


def _items(source: Source) -> Sequence[Block]:
    say, copy = source.say, source.copy
    blocks: list[Block] = [Heading(text=say(N_("5 Every question")))]
    if source.form is None:
        return [*blocks, Words(text=say(N_("Nothing was scored by question in this round.")))]
    visits = copy.visits(source.key)
    items = figures.items_of(visits, source.form)
    earlier = {
        item.question.id: item.share
        for item in figures.items_of(copy.visits(source.key, copy.number - 1), source.form)
        if item.asked
    }
    rows = []
    for item in items:
        step = signed(100 * (item.share - earlier[item.question.id]), 0) if item.question.id in earlier else "–"
        full, left_out = percent(item.full, item.asked), percent(item.not_applicable, item.asked + item.not_applicable)
        rows.append([say.text(item.question.text), str(item.question.points), full, left_out, step])
    heads = [N_("Question"), N_("Points"), N_("Full marks"), N_("N/A"), N_("Change")]
    caption = say(N_("Share of full marks where it applied; change of the mean share from the last round, in points."))
    blocks.append(Rows(caption=caption, heads=[say(head) for head in heads], rows=rows))
    failed = sum(bool(visit.seen.get("critical")) for visit in visits if visit.is_reached)
    blocks.append(Words(text=say(N_("Visits in which a critical question failed: {count}."), count=failed)))
    return blocks


def _access(source: Source) -> Sequence[Block]:
    say, visits = source.say, source.copy.visits(source.key)
    reached = [visit for visit in visits if visit.is_reached]
    first = sum(visit.seen.get("tries", 0) <= 1 for visit in reached)
    words = N_("Reached: {reached} of {all}; at the first try: {first}.")
    blocks: list[Block] = [
        Heading(text=say(N_("6 Access and waiting"))),
        Words(text=say(words, reached=len(reached), all=len(reached) + source.round.unreached, first=first)),
    ]
    rows = []
    for quantity in source.form.derived if source.form else ():
        waits = figures.waits_of(visits, quantity.key) if quantity.key.endswith("_sec") else None
        if waits is None:
            continue
        low, high = waits.interval or (0.0, 0.0)
        level = f"{percent(waits.within, waits.n)} ({100 * low:.0f}–{100 * high:.0f} %)"
        rows.append([say.text(quantity.label), str(waits.n), f"{waits.median:.0f}", f"{waits.ninetieth:.0f}", level])
    if rows:
        heads = [N_("Measured"), N_("n"), N_("Median"), N_("90th percentile"), N_("Within 20 s")]
        caption = say(N_("In seconds; the share within 20 seconds with its 95 % interval (Wilson)."))
        blocks.append(Rows(caption=caption, heads=[say(head) for head in heads], rows=rows))
    return blocks


def _faq(source: Source) -> Sequence[Block]:
    say = source.say
    heading = Heading(text=say(N_("7 Accuracy of filed answers")))
    visits = source.copy.visits(source.key)
    found = figures.faqs_of(visits, source.copy.filed, figures.items_of(visits, source.form) if source.form else ())
    if not found:
        return [heading, Words(text=say(N_("No filed answer was asked for in this round.")))]
    rows = [
        [say.text(one.question), say.text(one.filed) if one.filed else "–"]
        + [str(each) for each in (one.asked, one.right, one.partly, one.wrong, one.unanswered)]
        for one in found
    ]
    heads = [
        N_("Question"), N_("Filed answer"), N_("Asked"), N_("Right"), N_("Partly"), N_("Wrong"), N_("No answer")
    ]  # fmt: skip
    caption = say(N_("Compared with the answers that were filed; what was said stays with the organiser."))
    return [heading, Rows(caption=caption, heads=[say(head) for head in heads], rows=rows, words=(0, 1))]


def _spread(source: Source) -> Sequence[Block]:
    say, visits = source.say, source.copy.visits(source.key)
    bases = [float(visit.score.base) for visit in visits if visit.is_reached and visit.score.base is not None]
    blocks: list[Block] = [Heading(text=say(N_("8 Consistency")))]
    if not bases:
        return [*blocks, Words(text=say(N_("There is no score in this round.")))]
    why = source.round.bonus.why.in_language(say.language)
    blocks.append(Words(text=why[:1].upper() + why[1:]))
    bins = figures.spread_of(bases)
    rows = [
        [say(N_("below {edge}"), edge=high) if not low else f"{low}–{high}", str(count)] for low, high, count in bins
    ]
    caption = say(
        N_("Base scores of all {n}: lowest {low}, highest {high}."),
        n=len(bases),
        low=one(min(bases)),
        high=one(max(bases)),
    )
    bars = [100 * count / max(1, *(each for _, _, each in bins)) for _, _, count in bins]
    blocks.append(Rows(caption=caption, heads=[say(N_("Base")), say(N_("Assessments"))], rows=rows, bars=bars))
    for words, what in (
        (N_("Mean by part of the week"), lambda visit: _part(say, visit)),
        (N_("Mean by branch"), lambda visit: say.text(visit.seen["branch"]) if "branch" in visit.seen else ""),
    ):
        found = figures.means(visits, what)
        if found:
            rows = [[name, str(n), one(value)] for name, (n, value) in found.items()]
            heads = [say(N_("Which")), say(N_("n")), say(N_("Mean"))]
            blocks.append(Rows(caption=say(words), heads=heads, rows=rows, bars=[value for _, value in found.values()]))
    return blocks


def _annex(source: Source) -> Sequence[Block]:
    say, scores = source.say, source.round.ivrs
    heading = Heading(text=say(N_("9 IVRS annex")))
    if source.key[1] != Channel.PHONE_IN.value or not scores:
        return [heading, Words(text=say(N_("No voice menu was assessed in this round.")))]
    words = N_("Annex score: {mean}, from {n} calls.")
    return [heading, Words(text=say(words, mean=one(float(sum(scores) / len(scores))), n=len(scores)))]


def _branches(source: Source) -> Sequence[Block]:
    say, visits = source.say, source.copy.visits(source.key)
    heading = Heading(text=say(N_("10 Onsite")))
    found = figures.means(visits, lambda visit: say.text(visit.seen["branch"]) if "branch" in visit.seen else "")
    if source.key[1] not in (Channel.ONSITE.value, Channel.FACE_TO_FACE.value):
        return [heading, Words(text=say(N_("This channel has no branches or recordings.")))]
    if not found:
        words = N_("{n} checks of recordings, none at a branch.")
        return [heading, Words(text=say(words, n=source.round.made))]
    rows = [[name, str(n), one(value)] for name, (n, value) in found.items()]
    heads = [say(N_("Branch")), say(N_("n")), say(N_("Mean"))]
    return [
        heading,
        Rows(
            caption=say(N_("Mean base of each branch.")),
            heads=heads,
            rows=rows,
            bars=[value for _, value in found.values()],
        ),
    ]


def _coaching(source: Source) -> Sequence[Block]:
    say = source.say
    items = figures.items_of(source.copy.visits(source.key), source.form) if source.form else ()
    weak = [
        say(
            N_("{question}: no points in {none} of {asked}"),
            question=say.text(item.question.text).rstrip(".。"),
            none=item.none,
            asked=item.asked,
        )
        for item in figures.costliest(items, 6)
        if item.none
    ]
    heading = Heading(text=say(N_("11 Coaching points")))
    return [heading, Listed(title=say(N_("Where points were lost altogether")), items=weak or [say(N_("Nowhere."))])]


def _outlook(source: Source) -> Sequence[Block]:
    say = source.say
    ahead = projection(source.entry.rounds, ScoreRules.of(source.copy.scored.rules))
    lines = []
    for band in ahead.needed:
        grade = sentence(GRADE_WORDS[band.grade])
        listed = ", ".join(map(str, band.rounds))
        if band.is_certain:
            lines.append(say(N_("{grade} is certain already"), grade=grade))
        elif not band.is_reachable:
            lines.append(say(N_("{grade} is out of reach"), grade=grade))
        else:
            words = N_("{grade} needs {score} in each of rounds {rounds}")
            lines.append(say(words, grade=grade, score=band.shown, rounds=listed))
    heading = Heading(text=say(N_("12 What the next band needs")))
    return [heading, Listed(title=say(N_("Rounded up")), items=lines or [say(N_("No round is left."))])]


def _closing(source: Source) -> Sequence[Block]:
    say, copy = source.say, source.copy
    days = DISPUTE_DAYS
    contact = copy.file.get("x_edition", {}).get("contact", {})
    if copy.released_at is None:
        dispute = say(N_("It can be disputed for {days} working days after its release."), days=days)
    else:
        last = window(copy.released_at, days, copy.scored.rules.zone("tz"))[1] - timedelta(minutes=1)
        dispute = say(N_("It can be disputed until {until} ({days} working days)."), until=say.moment(last), days=days)
    glossary = [
        say(N_("Base: the checklist’s score, 0 to 100, before anything is added or taken off.")),
        say(N_("Easy to reach: a point for a contact that was served within the times of the rules.")),
        say(N_("Interval: where the figure would lie 95 times in 100, were the round repeated with other contacts.")),
        say(N_("No clear change: the step lies within what chance alone would make.")),
        say(N_("Organisations are compared within one channel; no figure tells another’s.")),
    ]
    return [
        Heading(text=say(N_("13 Disputes and contact"))),
        Words(text=dispute),
        Words(text=say(N_("Contact: {ways}"), ways=", ".join(map(str, contact.values())) or "–")),
        Heading(text=say(N_("14 Glossary and method"))),
        Listed(title=say(N_("Words of this report")), items=glossary),
        Words(text=say(N_("Copy {id}, SHA-256 {digest}"), id=copy.id or "–", digest=copy.digest or "–")),
    ]
