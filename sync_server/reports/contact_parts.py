"""Parts six to nine of a participant report, and eleven: what the contacts themselves were like.

CTP-1  A member of staff is a number of this report ("Member of staff 3") and nothing else, and has a mean from two
       contacts on: one contact is nobody's measure.
CTP-2  The menu map tells each route that was taken by its keys: how often, how many options were heard at each level,
       and where the same menu came again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from checklists.forms.form import Channel, MeasurementKind
from checklists.language import N_
from sync_server.print.document import Block, Heading, Listed, Rows, Words
from sync_server.quality.intervals import wilson
from sync_server.reports import figures
from sync_server.reports.cleared_part import quotes
from sync_server.reports.round_copy import Visit
from sync_server.reports.source import Source
from sync_server.reports.words import bare, one, percent

LEAST_OF_ONE = 2  # contacts from which on a member of staff has a mean
AGAIN = "*"  # the report’s font has it
SHOWN = 6


def access_and_faq(source: Source) -> Sequence[Block]:
    """Return what the report says of waiting and of filed answers, without its headings."""
    return [block for block in (*access(source), *faq(source)) if not isinstance(block, Heading)]


def access(source: Source) -> Sequence[Block]:
    """Return how the entrant was reached, how long that took, and how deep its menus are."""
    say, visits = source.say, source.visits
    reached = [visit for visit in visits if visit.is_reached]
    first, all_ = sum(visit.seen.get("tries", 0) <= 1 for visit in reached), len(reached) + source.round.unreached
    words = N_("Reached: {reached} of {all} ({share}); at the first try: {first} of {all} ({first_share}).")
    shares = {"share": _share(len(reached), all_), "first_share": _share(first, all_)}
    blocks: list[Block] = [
        Heading(text=say(N_("6 Access and waiting"))),
        Words(text=say(words, reached=len(reached), all=all_, first=first, **shares)),
    ]
    rows = []
    for quantity in source.form.derived if source.form else ():
        waits = figures.waits_of(visits, quantity.key) if quantity.key.endswith("_sec") else None
        if waits is not None:
            level = _share(waits.within, waits.n)
            took = [source.say.seconds(waits.median), source.say.seconds(waits.ninetieth)]
            rows.append([say.text(quantity.label), str(waits.n), *took, level])
    if rows:
        heads = [N_("Measured"), N_("n"), N_("Median"), N_("90th percentile"), N_("Within 20 s")]
        caption = say(N_("The share within 20 seconds with its 95 % interval (Wilson)."))
        blocks.append(Rows(caption=caption, heads=[say(head) for head in heads], rows=rows))
    return [*blocks, *_counts(source), *_waits_at_branches(source)]


def _share(part: int, whole: int) -> str:
    """Return a share with its interval."""
    low, high = wilson(part, whole) or (0.0, 0.0)
    return f"{percent(part, whole)} ({100 * low:.0f}–{100 * high:.0f} %)" if whole else "–"


def _counts(source: Source) -> Sequence[Block]:
    """Rings, levels of the menu, messages: what was counted."""
    say = source.say
    rows = []
    for item in source.form.measurements if source.form else ():
        found = figures.counts_of(source.visits, item.key) if item.kind is MeasurementKind.INTEGER else ()
        if found:
            middle, ninetieth = figures.middle_and_ninetieth(found)
            rows.append([say.text(item.label), str(len(found)), f"{middle:g}", f"{ninetieth:g}", f"{found[-1]:g}"])
    heads = [N_("Counted"), N_("n"), N_("Median"), N_("90th percentile"), N_("Most")]
    caption = say(N_("What was counted in each contact."))
    return [Rows(caption=caption, heads=[say(head) for head in heads], rows=rows)] if rows else []


def _waits_at_branches(source: Source) -> Sequence[Block]:
    """How long one waited at each branch."""
    say, by_branch = source.say, dict[str, list[Visit]]()
    for visit in source.visits:
        if source.branch(visit):
            by_branch.setdefault(source.branch(visit), []).append(visit)
    blocks = []
    for quantity in source.form.derived if source.form else ():
        found = {name: figures.waits_of(visits, quantity.key) for name, visits in sorted(by_branch.items())}
        rows = [
            [name, str(waits.n), say.seconds(waits.median), say.seconds(waits.longest)]
            for name, waits in found.items()
            if waits is not None and quantity.key.endswith("_sec")
        ]
        if rows:
            heads = [say(head) for head in (N_("Branch"), N_("n"), N_("Median"), N_("Longest"))]
            caption = say(N_("{measured}, by branch."), measured=say.text(quantity.label))
            blocks.append(Rows(caption=caption, heads=heads, rows=rows))
    return blocks


def faq(source: Source) -> Sequence[Block]:
    """Return how each filed question was met."""
    say = source.say
    heading = Heading(text=say(N_("7 Accuracy of filed answers")))
    visits = source.visits
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


def spread(source: Source) -> Sequence[Block]:
    """Return how far the assessments lie apart: all of them, and by when, where and with whom."""
    say, visits = source.say, source.visits
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
    blocks += _means(source, say(N_("Mean by part of the week")), source.daypart)
    blocks += _means(source, say(N_("Mean by branch")), source.branch)
    return [*blocks, *_by_staff(source)]


def _means(source: Source, caption: str, what: Callable[[Visit], str], *, least: int = 1) -> Sequence[Block]:
    found = {name: each for name, each in figures.means(source.visits, what).items() if each[0] >= least}
    if not found:
        return []
    say, rows = source.say, [[name, str(n), one(value)] for name, (n, value) in found.items()]
    heads = [say(N_("Which")), say(N_("n")), say(N_("Mean"))]
    return [Rows(caption=caption, heads=heads, rows=rows, bars=[value for _, value in found.values()])]


def _by_staff(source: Source) -> Sequence[Block]:
    """The means by code of a member of staff (CTP-1), or why there are none."""
    say = source.say
    codes = [visit.seen["staff"] for visit in source.visits if "staff" in visit.seen]
    if not codes:
        words = N_("By member of staff: nothing, for no code of one is taken down in this channel.")
        return [Words(text=say(words))]
    caption = N_("Mean by member of staff, each a number of this report alone; {alone} with one contact are left out.")
    alone = sum(count < LEAST_OF_ONE for count in Counter(codes).values())

    def who(visit: Visit) -> str:
        return say(N_("Member of staff {number}"), number=visit.seen["staff"]) if "staff" in visit.seen else ""

    return _means(source, say(caption, alone=alone), who, least=LEAST_OF_ONE)


def annex(source: Source) -> Sequence[Block]:
    """Return the score of the voice menu, and the map of the routes that were taken (CTP-2)."""
    say, scores = source.say, source.round.ivrs
    blocks: list[Block] = [Heading(text=say(N_("9 IVRS annex")))]
    if source.key[1] != Channel.PHONE_IN.value:
        return [*blocks, Words(text=say(N_("This channel has no voice menu.")))]
    if scores:
        words = N_("Annex score: {mean}, from {n} calls.")
        blocks.append(Words(text=say(words, mean=one(float(sum(scores) / len(scores))), n=len(scores))))
    else:
        blocks.append(Words(text=say(N_("No voice menu was assessed in this round."))))
    routes = figures.routes_of(source.visits)
    if not routes:
        return [*blocks, Words(text=say(N_("No call took its keys down, so there is no menu map.")))]
    rows = [
        [
            " → ".join(key + (AGAIN if again else "") for key, _, again in route.steps),
            str(route.calls),
            str(route.levels),
            " · ".join(str(heard) if heard else "–" for _, heard, _ in route.steps),
        ]
        for route in routes
    ]
    heads = [N_("Keys, in their order"), N_("Calls"), N_("Levels"), N_("Options heard at each")]
    caption = say(N_("Menu map: every route that was taken. {again}: the same menu came again."), again=AGAIN)
    return [*blocks, Rows(caption=caption, heads=[say(head) for head in heads], rows=rows, words=(0, 3))]


def coaching(source: Source) -> Sequence[Block]:
    """Return what is done well throughout, and what cost most, from the questions alone."""
    say, form = source.say, source.form
    items = figures.items_of(source.visits, form) if form else ()
    titles = {section.id: say.text(section.title) for section in form.sections} if form else {}
    good = [item for item in figures.strongest(items, SHOWN) if item.full == item.asked]
    weak = figures.costliest(items, SHOWN)
    words = N_("{question} ({section}): full marks in all {asked}")
    praised = [
        say(words, question=bare(say.text(item.question.text)), section=titles[item.section], asked=item.asked)
        for item in good
    ]
    blocks: list[Block] = [
        Heading(text=say(N_("11 Good practice and coaching points"))),
        Listed(title=say(N_("Good practice")), items=praised or [say(N_("No question had full marks throughout."))]),
    ]
    if not weak:
        return [*blocks, Words(text=say(N_("No point was lost."))), *quotes(source)]
    rows = [
        [
            say.text(item.question.text), titles[item.section], str(item.full),
            str(item.asked - item.full - item.none), str(item.none), f"{100 * (1 - item.share):.0f} %",
        ]
        for item in weak
    ]  # fmt: skip
    heads = [N_("Question"), N_("Section"), N_("Full"), N_("In part"), N_("None"), N_("Lost")]
    caption = N_(
        "Coaching points: the questions that cost most, how often each had full marks, some or none, and the share of "
        "its points that was lost. What assessors wrote may name somebody: it stays with the organiser, but for what a "
        "reviewer quoted."
    )
    points = Rows(caption=say(caption), heads=[say(head) for head in heads], rows=rows, words=(0, 1))
    return [*blocks, points, *quotes(source)]
