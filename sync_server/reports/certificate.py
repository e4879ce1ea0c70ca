"""The certificate of an entry: its grade, its awards and its mark on one framed page.

GRC-1  There is one for whoever has a grade of the award; below pass there is none.
"""

from __future__ import annotations

from datetime import date

import msgspec

from checklists.award.entry_score import EntryScore
from checklists.award.grades import Grade
from checklists.language import N_, Language
from sync_server.print.document import Block, Document, Emblem, Figure, Words
from sync_server.print.emblem import SEAL_MM, seal_svg
from sync_server.reports.marks import mark_blocks
from sync_server.reports.result_letter import award_name
from sync_server.reports.results_copy import ResultsCopy
from sync_server.reports.results_frame import framed, say_of
from sync_server.reports.round_copy import Key
from sync_server.reports.words import Say


def has_certificate(entry: EntryScore) -> bool:
    """Return whether an entry is given one (GRC-1)."""
    return entry.grade not in (None, Grade.BELOW_PASS) and not entry.facts.is_withdrawn


def certificate(copy: ResultsCopy, key: Key, language: Language) -> Document:
    """Return the certificate of an entry that is given one."""
    entry, say = copy.entries[key], say_of(copy, language)
    if entry.grade is None:
        raise LookupError(key)
    edition = copy.file.get("x_edition")
    title = say.text(edition["title"]) if edition else say(N_("Mystery caller assessment"))
    grade = say.label("grade", entry.grade.value)
    seal = seal_svg(entry.grade.value, reached=1, of=1, title=grade)
    blocks: list[Block] = [
        Figure(value=grade, label=say.label("channel", key[1])),
        Words(text=say.text(copy.industry(entry.facts.industry))),
        *(Words(text=award_name(copy, award, say)) for award in copy.won(key)),
        *(mark_blocks(copy, entry, say) or [Emblem(svg=seal, words=grade, width_mm=SEAL_MM)]),
        *_given_by(copy, say),
    ]
    subject = [title, say(N_("Certificate"))]
    made = framed(copy, say, say.text(entry.facts.name), subject, blocks, layout="certificate")
    return msgspec.structs.replace(made, signed=[say(N_("For the organiser")), say(N_("Date"))])


def _given_by(copy: ResultsCopy, say: Say) -> list[Block]:
    organiser, days = copy.about.get("organiser"), copy.about.get("ceremony") or ()
    given: list[Block] = [Words(text=say.text(organiser))] if organiser else []
    if days:
        on = date.fromisoformat(days[0]["on"])
        given.append(Words(text=say.date(on)))
    elif copy.release_at is not None:
        given.append(Words(text=say.day(copy.release_at)))
    return given
