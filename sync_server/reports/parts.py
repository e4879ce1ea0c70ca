"""Parts three to fourteen of a participant report, but for those of the contacts themselves (`contact_parts`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from checklists.award.grades import GRADE_WORDS
from checklists.award.projection import projection
from checklists.forms.form import Channel
from checklists.language import N_, sentence
from checklists.number import shown
from checklists.rules.score_rules import ScoreRules
from sync_server.print.document import Block, Heading, Listed, Rows, Words
from sync_server.publication.working_days import DISPUTE_DAYS, window
from sync_server.reports import figures
from sync_server.reports.cells import MIN_CELL, benchmark
from sync_server.reports.cleared_part import photos
from sync_server.reports.completion_part import completion
from sync_server.reports.contact_parts import access, annex, coaching, faq, spread
from sync_server.reports.source import Source
from sync_server.reports.words import one, percent, signed


def later_parts(source: Source) -> Sequence[Block]:
    """Return the parts after the sum."""
    return [
        *completion(source), *_sections(source), *_items(source), *access(source), *faq(source), *spread(source),
        *annex(source), *_branches(source), *coaching(source), *_outlook(source), *_closing(source),
    ]  # fmt: skip


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
            cells, were = copy.cells(source.key[1], section.id), copy.cells_before(source.key[1], section.id)
            found = benchmark(cells, source.entry.facts.industry, before=were)
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
    return [*blocks, *_critical(source)]


def _critical(source: Source) -> Sequence[Block]:
    """Which critical questions failed, and on which days; what was noted there may name somebody, and is left out."""
    say, visits = source.say, [visit for visit in source.visits if visit.is_reached]
    days: dict[str, list[str]] = {}
    for visit in visits:
        for key in visit.seen.get("critical", ()):
            days.setdefault(key, []).append(visit.seen.get("on", ""))
    failed = sum(bool(visit.seen.get("critical")) for visit in visits)
    blocks: list[Block] = [Words(text=say(N_("Visits in which a critical question failed: {count}."), count=failed))]
    texts = {each.id: each.text for part in (source.form.sections if source.form else ()) for each in part.questions}
    rows = [
        [say.text(texts.get(key, {"en": key})), str(len(on)), say.listed(map(say.on, sorted(on)))]
        for key, on in sorted(days.items())
    ]
    if rows:
        heads = [say(head) for head in (N_("Critical question"), N_("Failed"), N_("On"))]
        blocks.append(Rows(caption=say(N_("Each has been read by two people.")), heads=heads, rows=rows, words=(0, 2)))
    return blocks


def _branches(source: Source) -> Sequence[Block]:
    say, visits = source.say, source.copy.visits(source.key)
    heading = Heading(text=say(N_("10 Onsite")))
    found = figures.means(visits, source.branch)
    if source.key[1] not in (Channel.ONSITE.value, Channel.FACE_TO_FACE.value):
        return [heading, Words(text=say(N_("This channel has no branches or recordings.")))]
    if not found:
        words = N_("{n} checks of recordings, none at a branch.")
        return [heading, Words(text=say(words, n=source.round.made)), *photos(source)]
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
        *photos(source),
    ]


def _outlook(source: Source) -> Sequence[Block]:
    say = source.say
    rules = ScoreRules.of(source.copy.scored.rules)
    ahead, lines = projection(source.entry.rounds, rules), []
    for band in ahead.needed:
        grade = sentence(GRADE_WORDS[band.grade])
        if band.is_certain:
            lines.append(say(N_("{grade} is certain already"), grade=grade))
        elif not band.is_reachable:
            lines.append(say(N_("{grade} is out of reach"), grade=grade))
        else:
            words = N_("{grade} needs {score} in each of rounds {rounds}")
            lines.append(say(words, grade=grade, score=band.shown, rounds=tuple(band.rounds)))
    heading = Heading(text=say(N_("12 What the next band needs")))
    blocks: list[Block] = [heading]
    if ahead.needed:
        earned = [
            f"{shown(weight, 2)} × {shown(each.score, 4)}"
            for weight, each in zip(rules.weights, source.entry.rounds, strict=True)
            if each.score is not None
        ]
        open_ = [each.number for each in source.entry.rounds if each.score is None]
        left = sum((rules.weights[number - 1] for number in open_), Fraction(0))
        words = N_(
            "The lowest final of a band, less what is earned ({earned}), by the weight that is left ({left}): so much "
            "each round to come needs."
        )
        blocks.append(Words(text=say(words, earned=" + ".join(earned) or "0", left=shown(left, 2))))
    return [*blocks, Listed(title=say(N_("Rounded up")), items=lines or [say(N_("No round is left."))])]


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
        Words(text=say(N_("Contact: {ways}"), ways=say.listed(contact.values()))),
        Heading(text=say(N_("14 Glossary and method"))),
        Listed(title=say(N_("Words of this report")), items=glossary),
        Words(text=say(N_("Copy {id}, SHA-256 {digest}"), id=copy.id or "–", digest=copy.digest or "–")),
    ]
