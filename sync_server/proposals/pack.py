"""A proposal on paper: every heading of the template in order, each text with its count, then the attachment.

PRP-5  The pack holds all headings of the template in their order, both addresses it is sent to, and the counts. As a
       PDF the attachment follows; as a Word file it is the template filled in, which is mailed with the attachment.
PRP-8  A figure stands under its field with the name of its file; one that paper cannot show is named all the same.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime

from checklists.days import moment_words
from checklists.language import N_, Language, Template, in_language
from checklists.proposal.counting import word_count
from checklists.proposal.template import Field, name_of_tick, words_of_tick
from checklists.proposal.template import Template as Form
from checklists.record.file_kind import FileKind, file_kind
from sync_server.print.document import Block, Document, Emblem, Heading, Words
from sync_server.proposals.handing import is_ticked, last_moment

FIGURE_MM = 160
SHOWN = {FileKind.JPEG: "image/jpeg", FileKind.PNG: "image/png"}


def pack_document(
    form: Form,
    body: Mapping[str, str],
    language: Language,
    *,
    handed_at: datetime | None,
    digest: str,
    figures: Mapping[str, Sequence[tuple[str, bytes]]] | None = None,
    attachment: str = "",
) -> Document:
    """Return the pack of what is in `body`. `figures`: files with their names, by field; `attachment`: its name."""

    def say(template: Template, **values: object) -> str:
        return template.in_language(language).format(**values)

    blocks: list[Block] = [Words(text=say(N_("To: {addresses}"), addresses="; ".join(form.addresses)))]
    last = in_language(last_moment(form), language)
    blocks.append(Words(text=say(N_("To be handed in by {moment}"), moment=last)))
    if handed_at is not None:
        at = in_language(moment_words(handed_at, form.deadline.tzinfo, seconds=True), language)
        blocks.append(Words(text=say(N_("Handed in {at}, digest {digest}"), at=at, digest=digest[:16])))
    for part in form.parts:
        title = in_language(part.title, language)
        blocks.append(Heading(text=f"{title} ({part.weight}%)" if part.weight else title))
        for field in form.fields_of(part.key):
            blocks += _field(field, body, language)
            blocks += _figures(figures.get(field.key, ()) if figures else ())
    blocks.append(Heading(text=say(N_("Attachment"))))
    blocks.append(Words(text=say(N_("At most {most} A4 pages, in Chinese or English."), most=form.most_pages)))
    if attachment:
        blocks.append(Words(text=attachment))
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
        return [Heading(text=f"{title}{counted}", level=3), Words(text=text or "–")]
    blocks: list[Block] = [Heading(text=title, level=3)]
    for tick in field.ticks:
        words = body.get(words_of_tick(field, tick), "")
        counted = f" [{word_count(words)}/{tick.limit}]" if tick.limit is not None else ""
        box = "■" if is_ticked(body, name_of_tick(field, tick)) else "□"
        beside = f": {words}" if words else ""
        blocks.append(Words(text=f"{box} {in_language(tick.title, language)}{counted}{beside}"))
    return blocks


def _figures(files: Sequence[tuple[str, bytes]]) -> list[Block]:
    blocks: list[Block] = []
    for name, content in files:
        found = file_kind(content[:64])
        kind = SHOWN.get(found) if found is not None else None
        if kind is not None:
            blocks.append(Emblem(svg=_in_svg(content, kind), words=name, width_mm=FIGURE_MM))
        blocks.append(Words(text=name))
    return blocks


def _in_svg(content: bytes, media_type: str) -> str:
    """Return a picture inside a drawing: decoded by the process that sets the page, and by nobody else."""
    data = f"data:{media_type};base64,{b64encode(content).decode('ascii')}"
    size = 'width="160" height="110"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 110"><image {size} href="{data}"/></svg>'
