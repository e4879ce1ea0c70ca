"""A certificate on paper, made of a confirmed decision alone.

CRF-1  It names the company, the level in words, from which day to which it holds, the programme, and the digest of the
       decision it is made of. One that is not confirmed, has no level or was withdrawn has no certificate.
"""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_date

from checklists.csqs.standard import Standard
from checklists.language import N_, Language, Template, in_language
from sync_server.database.queries.csqs_decisions import DecisionRow
from sync_server.print.document import Block, Document, Emblem, Figure, Words
from sync_server.print.emblem import SEAL_MM, seal_svg

_LOCALES = {"en": "en_GB", "zh-Hant": "zh_Hant_HK"}


def has_certificate(row: DecisionRow) -> bool:
    """Whether a decision is certified."""
    return row.stands and row.level > 0


def certificate_document(standard: Standard, row: DecisionRow, language: Language) -> Document:
    """Return the certificate of a decision that has one, in `language`."""

    def say(template: Template, **values: object) -> str:
        return template.in_language(language).format(**values)

    def day(text: str, back: int = 0) -> str:
        on = date.fromisoformat(text) - timedelta(days=back)
        return format_date(on, format="long", locale=_LOCALES[language])

    company = in_language(row.body["company"], language)
    level = in_language(standard.name_of(row.level), language)
    top = len(standard.stages)
    held = say(N_("Level {level} of {top}"), level=row.level, top=top)
    blocks: list[Block] = [
        Words(text=say(N_("was visited, rated and moderated against this standard, and holds"))),
        Figure(value=level, label=held),
        Words(text=say(N_("from {first} to {last}."), first=day(row.begins_on), last=day(row.ends_on, 1))),
        Emblem(svg=seal_svg("gold", reached=row.level, of=top, title=held), words=held, width_mm=SEAL_MM),
    ]
    return Document(
        language=language,
        title=company,
        head=in_language(standard.title, language),
        confidential="",
        subject=[
            in_language(standard.title, language),
            say(N_("Certificate")),
            say(N_("This is to certify that the service centre of")),
        ],
        foot=say(N_("Digest {digest}"), digest=row.digest[:16]),
        page_of=say(N_("Page {{page}} of {{pages}}")),
        mark="",
        blocks=blocks,
        layout="certificate",
        signed=[say(N_("For the organiser")), say(N_("Date"))],
    )
