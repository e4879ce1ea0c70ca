"""A finding as a document in one language, made of its copy alone: the same blocks on the page and on paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from checklists.days import day_words, moment_words
from checklists.forms import labels as forms
from checklists.forms.form import Channel
from checklists.language import N_, Language, Template, Text, in_language
from sync_server.print.document import Block, Document, Heading, Rows, Words

Json = dict[str, Any]
MEASURES = ("satisfaction", "loyalty", "nps")
NOT_SHOWN = N_(
    "– is hidden: fewer than four organisations, or it would follow from the others. Only published figures enter."
)


def finding_blocks(body: Json, language: Language) -> list[Block]:
    """Return what a finding says: words, method, figures."""

    def say(template: Template, **values: object) -> str:
        return template.in_language(language).format(**values)

    blocks: list[Block] = _words(body["words"], language)
    blocks.append(Heading(text=say(N_("Method"))))
    blocks += _words(body["method"], language)
    if body["figures"]:
        blocks.append(Heading(text=say(N_("Figures"))))
    for one in body["figures"]:
        blocks.append(_season(one, language) if one["kind"] == "season" else _index(one, language))
        blocks.append(
            Words(text=say(N_("Source: {source}, {digest}"), source=one["source"], digest=one["digest"][:16]))
        )
    if any(one["kind"] == "season" for one in body["figures"]):
        blocks.append(Words(text=say(NOT_SHOWN)))
    return blocks


def finding_document(body: Json, language: Language, *, digest: str, until: str, mark: str = "") -> Document:
    """Return a finding to be printed. `until`: whom it is for, and how long."""
    title = in_language(body["title"], language)
    return Document(
        language=language,
        title=title,
        head=N_("Consortium").in_language(language),
        confidential=until,
        subject=[
            N_("Quarter to {day}").in_language(language).format(day=in_language(day_words(body["due_on"]), language))
        ],
        foot=digest[:16],
        page_of=N_("Page {{page}} of {{pages}}").in_language(language).format(),
        mark=mark,
        blocks=finding_blocks(body, language),
    )


def _words(words: Text, language: Language) -> list[Block]:
    text = in_language(words, language).replace("\r\n", "\n")
    return [Words(text=" ".join(part.split())) for part in text.split("\n\n") if part.strip()]


def _season(one: Json, language: Language) -> Rows:
    def say(template: Template, **values: object) -> str:
        return template.in_language(language).format(**values)

    channel = forms.CHANNELS[Channel(one["channel"])].in_language(language)
    rows = [[in_language(row["name"], language), *_figures(row)] for row in one["rows"]]
    return Rows(
        caption=say(N_("Mean score by industry: {channel}"), channel=channel),
        heads=[say(N_("Industry")), say(N_("Organisations")), say(N_("Mean"))],
        rows=[*rows, [say(N_("All")), *_figures(one["total"])]],
    )


def _index(one: Json, language: Language) -> Rows:
    heads = (N_("Industry"), N_("Answers"), N_("Satisfaction"), N_("Loyalty"), N_("NPS"))
    return Rows(
        caption=N_("Customer index by industry").in_language(language),
        heads=[head.in_language(language) for head in heads],
        rows=[
            [in_language(row["name"], language), str(row["n"]), *(row[name] or "–" for name in MEASURES)]
            for row in one["rows"]
        ],
    )


def _figures(row: Json) -> list[str]:
    return ["–" if row["n"] is None else str(row["n"]), row["mean"] or "–"]


def for_whom(until: datetime, language: Language, *, is_public: bool) -> str:
    """Say whom a finding is for."""
    if is_public:
        return N_("For everybody").in_language(language)
    words = N_("For the members of the consortium alone until {moment}").in_language(language)
    return words.format(moment=in_language(moment_words(until, seconds=True), language))
