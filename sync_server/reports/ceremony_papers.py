"""The papers of the results as documents: run-of-show, winners' list, seating, press list, year book.

CPP-1  The run-of-show has every name in both languages, whichever it is printed in: it is read out in either.
CPP-2  The press list has winners without a figure and without an order, under its embargo. An award that is of no
       channel names the channel it was won on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from checklists.award.entry_score import EntryScore
from checklists.language import LANGUAGES, N_, Language, Template, in_language
from checklists.number import shown
from sync_server.print.document import Block, Document, Heading, Listed, Rows, Words
from sync_server.reports.ceremony import Item, running_order, seating
from sync_server.reports.results_copy import ResultsCopy
from sync_server.reports.results_frame import embargo, framed, say_of
from sync_server.reports.words import Say
from sync_server.reports.year_book import year_book


def paper(copy: ResultsCopy, name: str, language: Language) -> Document:
    """Return the paper called `name`, one of PAPERS."""
    say = say_of(copy, language)
    title, blocks_of = PAPERS[name]
    subject = [say(N_("{year} edition"), year=copy.year), *filter(None, [embargo(copy, say)])]
    return framed(copy, say, say(title), subject, blocks_of(copy, say))


def item_name(copy: ResultsCopy, item: Item, say: Say) -> str:
    """Return what is called out for an item."""
    if item.kind == "grade":
        return f"{say.label('grade', item.code)} · {say.label('channel', item.about)}"
    if item.kind == "mark":
        return say(N_("Sustainability mark: {run} golds in a row"), run=item.code)
    name = say.label("award", item.code)
    if not item.about:
        return name
    about = say.label("channel", item.about) if _is_of_channel(item) else say.text(copy.industry(item.about))
    return f"{name} · {about}"


def _is_of_channel(item: Item) -> bool:
    return item.about in {entry.facts.channel.value for entry in item.entries}


def _order(copy: ResultsCopy, say: Say) -> Sequence[Block]:
    blocks: list[Block] = []
    for number, item in enumerate(running_order(copy), 1):
        blocks.append(Heading(text=f"{number} {item_name(copy, item, say)}"))
        joint = say(N_("given jointly")) if item.kind == "award" and len(item.entries) > 1 else ""
        names = [_both(entry, say) + (f" · {joint}" if joint else "") for entry in item.entries]
        blocks.append(Listed(title=say(N_("On stage")), items=names))
    return blocks or [Words(text=say(N_("Nobody is given anything.")))]


def _both(entry: EntryScore, say: Say) -> str:
    names = dict.fromkeys(in_language(entry.facts.name, language) for language in LANGUAGES)
    return f"{' / '.join(names)} · {say.label('channel', entry.facts.channel.value)}"


def _winners(copy: ResultsCopy, say: Say) -> Sequence[Block]:
    blocks: list[Block] = []
    heads = [say(N_("Entrant")), say(N_("Channel")), say(N_("Final")), say(N_("Grade"))]
    for number, item in enumerate(running_order(copy), 1):
        rows = [
            [
                say.text(one.facts.name),
                say.label("channel", one.facts.channel.value),
                "–" if one.final is None else shown(one.final),
                "–" if one.grade is None else say.label("grade", one.grade.value),
            ]
            for one in item.entries
        ]
        blocks.append(Rows(caption=f"{number} {item_name(copy, item, say)}", heads=heads, rows=rows))
    return blocks or [Words(text=say(N_("Nobody is given anything.")))]


def _seats(copy: ResultsCopy, say: Say) -> Sequence[Block]:
    rows = [
        [
            say.text(copy.organisation(seat.entry)),
            say.text(seat.entry.facts.name),
            say.label("channel", seat.entry.facts.channel.value),
            str(seat.table),
            say.listed(seat.items),
        ]
        for seat in seating(copy)
    ]
    heads = [N_("Organisation"), N_("Entrant"), N_("Channel"), N_("Table number"), N_("On stage in")]
    caption = say(
        N_("One free seat for each entry; an organisation sits together. The last column is the run-of-show.")
    )
    return [Rows(caption=caption, heads=[say(head) for head in heads], rows=rows)]


def _press(copy: ResultsCopy, say: Say) -> Sequence[Block]:
    blocks: list[Block] = []
    contact = copy.file.get("x_edition", {}).get("contact", {})
    for item in running_order(copy):
        if item.kind == "mark":
            continue
        items = [_named(copy, item, one, say) for one in item.entries]
        blocks.append(Listed(title=item_name(copy, item, say), items=items, ordered=False))
    if contact:
        blocks.append(Words(text=say(N_("Contact: {ways}"), ways=tuple(map(str, contact.values())))))
    return blocks


def _named(copy: ResultsCopy, item: Item, entry: EntryScore, say: Say) -> str:
    name, house = say.text(entry.facts.name), say.text(copy.organisation(entry))
    if name != house:
        name = say(N_("{unit} ({organisation})"), unit=name, organisation=house)
    return name if _is_of_channel(item) else f"{name} · {say.label('channel', entry.facts.channel.value)}"


_Blocks = Callable[[ResultsCopy, Say], Sequence[Block]]
PAPERS: Mapping[str, tuple[Template, _Blocks]] = {
    "running-order": (N_("Run-of-show"), _order),
    "winners": (N_("Winners’ list"), _winners),
    "seating": (N_("Seating"), _seats),
    "press": (N_("Press list"), _press),
    "year-book": (N_("Year book"), year_book),
}
