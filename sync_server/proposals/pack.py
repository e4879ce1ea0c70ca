"""A proposal on paper: every heading of the template in order, each text with its count, then the attachment.

PRP-5  The pack holds all headings of the template in their order, both addresses it is sent to, and the counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from checklists.language import N_, Language, Template, in_language
from checklists.proposal.counting import word_count
from checklists.proposal.template import Field, name_of_tick, words_of_tick
from checklists.proposal.template import Template as Form
from sync_server.print.document import Block, Document, Heading, Words
from sync_server.proposals.handing import is_ticked


def pack_document(
    form: Form, body: Mapping[str, str], language: Language, *, handed_at: datetime | None, digest: str
) -> Document:
    """Return the pack of what is in `body` as a document."""

    def say(template: Template, **values: object) -> str:
        return template.in_language(language).format(**values)

    blocks: list[Block] = [Words(text=say(N_("To: {addresses}"), addresses="; ".join(form.addresses)))]
    if handed_at is not None:
        at = handed_at.astimezone(form.deadline.tzinfo).strftime("%Y-%m-%d %H:%M:%S")
        blocks.append(Words(text=say(N_("Handed in {at}, digest {digest}"), at=at, digest=digest[:16])))
    for part in form.parts:
        title = in_language(part.title, language)
        blocks.append(Heading(text=f"{title} ({part.weight}%)" if part.weight else title))
        for field in form.fields_of(part.key):
            blocks += _field(field, body, language)
    return Document(
        language=language,
        title=in_language(form.title, language),
        head=in_language(form.title, language),
        confidential=say(N_("For the panel and the organiser")),
        subject=[body.get("company_zh", ""), body.get("company_en", "")],
        foot=body.get("company_en") or body.get("company_zh") or "",
        page_of=say(N_("Page {{page}} of {{pages}}")),
        mark="" if handed_at else say(N_("Draft")),
        blocks=blocks,
    )


def _field(field: Field, body: Mapping[str, str], language: Language) -> list[Block]:
    title = in_language(field.title, language)
    if not field.ticks:
        text = body.get(field.key, "")
        counted = f" [{word_count(text)}/{field.limit}]" if field.limit is not None else ""
        return [Words(text=f"{title}{counted}: {text or '–'}")]
    lines: list[Block] = [Words(text=title)]
    for tick in field.ticks:
        words = body.get(words_of_tick(field, tick), "")
        counted = f" [{word_count(words)}/{tick.limit}]" if tick.limit is not None else ""
        box = "■" if is_ticked(body, name_of_tick(field, tick)) else "□"
        beside = f": {words}" if words else ""
        lines.append(Words(text=f"{box} {in_language(tick.title, language)}{counted}{beside}"))
    return lines
