"""An entrant's released results for others to read: in words for a proposal, and as an attachment of some pages.

OWR-1  Everything comes from copies that are out; nothing of any other organisation is in it.
OWR-2  The attachment's parts stand in one order, each begins with its heading, and any may be left out. What the
       company writes itself says so.
OWR-3  Awards are those of the years that the template takes: of the results that are out, and of earlier editions as
       the newest copy holds them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from checklists.award.grades import GRADE_WORDS, Grade
from checklists.language import N_, Language, Template, sentence
from checklists.number import shown
from checklists.season.model import SeasonEntrant
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries import publications as queries
from sync_server.print.document import Block, Document, Heading, Listed, Rows, Words
from sync_server.publication.packed import inflated
from sync_server.reports.contact_parts import access_and_faq
from sync_server.reports.kept import copy_of
from sync_server.reports.pulse_part import Index, newest_index, pulse_blocks
from sync_server.reports.round_copy import Key, RoundCopy
from sync_server.reports.source import Source
from sync_server.reports.words import Say, one

PARTS: Mapping[str, Template] = {
    "summary": N_("Summary and trend"),
    "method": N_("Method"),
    "sections": N_("Sections, round by round"),
    "access": N_("Access and filed answers"),
    "improvement": N_("Before and after an improvement"),
    "pulse": N_("What customers answer"),
    "photos": N_("Photos"),
    "staff": N_("Staff programme and recognition"),
    "awards": N_("Awards of the last years"),
}
OWN_WORDS, PHOTOS = ("improvement", "staff"), "photos"
LEAST_PT = 9.0  # what an attachment may not go below


class Results(NamedTuple):
    """What is out of one entrant: its rounds by number, and awards as (year, words)."""

    entrant: str
    rounds: Mapping[int, RoundCopy]
    awards: Sequence[tuple[int, str]]
    say: Say
    customers: Index | None = None  # the newest customer index that is out

    @property
    def keys(self) -> Sequence[Key]:
        """Its entries that are in any round."""
        return sorted({key for copy in self.rounds.values() for key in copy.reported if key[0] == self.entrant})

    def score(self, key: Key, number: int) -> str | None:
        """Return the score of an entry in a round, to two places, or None."""
        copy = self.rounds.get(number)
        score = copy.entries[key].rounds[number - 1].score if copy is not None and key in copy.entries else None
        return None if score is None else shown(score)


def results_of(desk: SeasonDesk, entrant: str, language: Language) -> Results:
    """Return what is out of an entrant. Scores copies: off the event loop."""
    say = Say(language, desk.rules.zone("tz"))
    numbers = [each for each in desk.in_force.programme.rounds if queries.published(desk.db, queries.what_of(each))]
    rounds = {number: copy_of(desk, number) for number in numbers}
    return Results(entrant, rounds, _awards(desk, entrant, rounds, say), say, newest_index(desk.db))


def _awards(desk: SeasonDesk, entrant: str, rounds: Mapping[int, RoundCopy], say: Say) -> Sequence[tuple[int, str]]:
    out = queries.published(desk.db, queries.RESULTS)
    newest = rounds[max(rounds)] if rounds else None
    awards: list[tuple[int, str]] = []
    if newest is not None:
        for one_entrant in newest.scored.season.entrants:
            if one_entrant.id != entrant:
                continue
            for entry in one_entrant.entries:
                awards += [
                    (year, _award(say, entry.channel.value, Grade(past.grade)))
                    for year, past in entry.history.items()
                    if past.grade
                ]
    if out is not None:
        file = inflated(queries.body_of_publication(desk.db, out.id))
        copy = RoundCopy(file, max(desk.in_force.programme.rounds), desk.book.forms(desk.db))
        year = file.get("x_edition", {}).get("year")
        for key, score in copy.entries.items():
            if key[0] == entrant and score.grade is not None and year is not None:
                awards.append((int(year), _award(say, key[1], score.grade)))
    return sorted(set(awards), reverse=True)


def _award(say: Say, channel: str, grade: Grade) -> str:
    words = N_("{grade}, {channel}, mystery caller assessment")
    return say(words, grade=sentence(GRADE_WORDS[grade]), channel=say.label("channel", channel))


def in_words(results: Results) -> str:
    """Return the released scores as sentences."""
    say, lines = results.say, []
    for key in results.keys:
        scores = [(number, results.score(key, number)) for number in results.rounds]
        listed = "; ".join(
            say(N_("round {number}: {score}"), number=number, score=score) for number, score in scores if score
        )
        if listed:
            words = N_("Mystery caller assessment, {channel}, of 100: {scores}.")
            lines.append(say(words, channel=say.label("channel", key[1]), scores=listed))
    return "\n".join(lines)


def attachment(
    results: Results, parts: Collection[str], own: Mapping[str, str], photos: Sequence[Block] = ()
) -> Document:
    """Return the attachment with the parts that are wanted; `own`: what the company writes itself, by part."""
    say = results.say
    blocks: list[Block] = []
    for part in (part for part in PARTS if part in parts):
        if part == PHOTOS:
            made = [*photos]
        else:
            made = _own(say, own.get(part, "")) if part in OWN_WORDS else _MAKERS[part](results)
        if made:
            blocks += [Heading(text=say(PARTS[part])), *made]
    copies = ", ".join(f"{copy.id} {copy.digest[:12]}" for copy in results.rounds.values())
    name = _own_line(results).name
    return Document(
        language=say.language,
        title=say.text(name),
        head=say(N_("Mystery caller assessment: released results")),
        confidential="",
        subject=[say(N_("From the copies {copies}"), copies=copies)],
        foot=copies,
        page_of=say(N_("Page {{page}} of {{pages}}")),
        mark="",
        blocks=blocks,
        least_pt=LEAST_PT,
    )


def _summary(results: Results) -> list[Block]:
    say = results.say
    heads = [say(N_("Channel")), *(say(N_("Round {number}"), number=number) for number in results.rounds)]
    rows, bars = [], []
    for key in results.keys:
        scores = [results.score(key, number) for number in results.rounds]
        rows.append([say.label("channel", key[1]), *(score or "–" for score in scores)])
        bars.append(float(scores[-1]) if scores[-1] else None)
    return [Rows(caption=say(N_("Round scores, of 100")), heads=heads, rows=rows, bars=bars)]


def _method(results: Results) -> list[Block]:
    say = results.say
    words = N_("{made} assessed contacts in round {number}, {channel}: by assessors of the organiser, unannounced.")
    lines = [
        say(words, made=copy.entry(key).rounds[number - 1].made, number=number, channel=say.label("channel", key[1]))
        for number, copy in results.rounds.items()
        for key in results.keys
        if key in copy.entries
    ]
    signed = N_("Each round was signed by two people who scored none of it, before it was released.")
    return [Listed(title=say(N_("Contacts")), items=lines), Words(text=say(signed))]


def _sections(results: Results) -> list[Block]:
    say, blocks = results.say, []
    for key in results.keys:
        number = max(results.rounds)
        form = results.rounds[number].form_of(key)
        by_round = {each: copy.sections(key, each) for each, copy in results.rounds.items()}
        if form is None:
            continue
        wanted = [section for section in form.sections if any(section.id in each for each in by_round.values())]
        rows = [
            [say.text(section.title), *(one(each.get(section.id)) for each in by_round.values())] for section in wanted
        ]
        heads = [say(N_("Section")), *(say(N_("Round {number}"), number=each) for each in by_round)]
        caption = say(N_("Per cent of the points, {channel}"), channel=say.label("channel", key[1]))
        bars = [by_round[number].get(section.id) for section in wanted]
        blocks.append(Rows(caption=caption, heads=heads, rows=rows, bars=bars))
    return list(blocks)


def _access(results: Results) -> list[Block]:
    blocks: list[Block] = []
    number = max(results.rounds)
    copy = results.rounds[number]
    for key in (key for key in results.keys if key in copy.reported):
        entry = copy.entry(key)
        blocks.append(Words(text=results.say.label("channel", key[1])))
        blocks += access_and_faq(Source(copy, key, entry, entry.rounds[number - 1], copy.form_of(key), results.say))
    return blocks


def _listed_awards(results: Results) -> list[Block]:
    items = [f"{year} {words}" for year, words in results.awards]
    return [Listed(title=results.say(N_("Awards")), items=items)] if items else []


def _pulse(results: Results) -> list[Block]:
    return pulse_blocks(results.say, results.customers, _own_line(results).industry, results.entrant)


def _own_line(results: Results) -> SeasonEntrant:
    newest = results.rounds[max(results.rounds)]
    return next(one for one in newest.scored.season.entrants if one.id == results.entrant)


def _own(say: Say, text: str) -> list[Block]:
    parts = [" ".join(each.split()) for each in text.replace("\r\n", "\n").split("\n\n") if each.strip()]
    return [*(Words(text=part) for part in parts), Words(text=say(N_("In the company’s own words.")))] if parts else []


_MAKERS = {
    "summary": _summary, "method": _method, "sections": _sections, "access": _access, "pulse": _pulse,
    "awards": _listed_awards,
}  # fmt: skip
