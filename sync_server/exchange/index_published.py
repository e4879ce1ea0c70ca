"""A published index out: as a document in one language, and as CSV. All of it comes from the copy.

IDX-16  The page, the PDF and the CSV of an index hold the same figures, those of its copy; negatives in brackets where
        that is asked for (IDX-17).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from checklists.days import moment_words
from checklists.index.figures import in_brackets
from checklists.language import N_, Language, Template, in_language
from sync_server.exchange.index_lines import HEADS, METHOD, number
from sync_server.print.document import Block, Document, Heading, Listed, Rows, Words
from sync_server.reports.words import MINUS, signed
from sync_server.survey.publishing import MEASURES, Compared

Json = dict[str, Any]
_COLUMNS = tuple(f"{name}{end}" for name in MEASURES for end in ("", "_half"))


def published_blocks(
    copy: Json, steps: Sequence[Compared], before: str, language: Language, *, brackets: bool = False
) -> list[Block]:
    """Return what a published index says; `steps` compare it with the edition `before`."""
    figure = in_brackets if brackets else str

    def say(template: Template, **values: object) -> str:
        return template.in_language(language).format(**values)

    heads = [say(head) for head in HEADS]
    industries = {one["code"]: in_language(one["name"], language) for one in copy["industries"]}
    blocks: list[Block] = [
        Rows(
            caption=say(N_("By industry")),
            heads=heads,
            rows=[_row(one, language, figure) for one in copy["industries"]],
        ),
        Words(text=say(METHOD)),
        Words(text=say(N_("– is hidden: too few answers. Of an industry 100 are needed, of a company 30."))),
    ]
    if copy["awards"]:
        names = {one["code"]: in_language(one["name"], language) for each in copy["companies"].values() for one in each}
        items = [
            f"{industries[code]}: {', '.join(names[one] for one in winners)}"
            + (f" ({say(N_('shared'))})" if len(winners) > 1 else "")
            for code, winners in copy["awards"].items()
        ]
        blocks.append(Listed(title=say(N_("Index awards: the highest satisfaction of an industry")), items=items))
    if steps:
        blocks.append(Heading(text=say(N_("Beside {edition}"), edition=before)))
        rows = [[in_language(one.name, language), *(figure(_step(one, name)) for name in MEASURES)] for one in steps]
        blocks.append(
            Rows(
                caption=say(N_("Later less earlier; * is more than chance would explain")),
                heads=[heads[0], *heads[2:]],
                rows=rows,
            )
        )
    for code, rows in copy["companies"].items():
        if any(one["satisfaction"] is not None for one in rows):
            caption = say(N_("Companies: {industry}"), industry=industries[code])
            named = [say(N_("Company")), *heads[1:]]
            blocks.append(Rows(caption=caption, heads=named, rows=[_row(one, language, figure) for one in rows]))
    return blocks


def published_document(
    blocks: Sequence[Block], copy: Json, language: Language, *, digest: str, at: datetime
) -> Document:
    """Return a published index to be printed."""

    def say(template: Template, **values: object) -> str:
        return template.in_language(language).format(**values)

    title = say(N_("Customer index {edition}"), edition=copy["index"])
    return Document(
        language=language,
        title=title,
        head=title,
        confidential=say(N_("For everybody")),
        subject=[say(N_("Published {at}"), at=in_language(moment_words(at, seconds=True), language))],
        foot=digest[:16],
        page_of=say(N_("Page {{page}} of {{pages}}")),
        mark="",
        blocks=list(blocks),
    )


def published_rows(copy: Json, *, brackets: bool = False) -> Sequence[Sequence[object]]:
    """Return the industries and companies of a published index as a table, its heads first."""
    rows: list[Sequence[object]] = [["industry", "company", "name_en", "name_zh", "answers", *_COLUMNS, "award"]]
    for one in copy["industries"]:
        rows.append(_line(one, one["code"], "", "", brackets))
        for company in copy["companies"].get(one["code"], ()):
            is_best = company["code"] in copy["awards"].get(one["code"], ())
            rows.append(_line(company, one["code"], company["code"], "yes" if is_best else "", brackets))
    return rows


def _line(one: Json, industry: str, company: str, award: str, brackets: bool) -> list[object]:
    names = (one["name"].get("en", ""), one["name"].get("zh-Hant", ""))
    figures = ["" if one[name] is None else number(str(one[name]), brackets) for name in _COLUMNS]
    return [industry, company, *names, one["n"], *figures, award]


def _row(one: Json, language: Language, figure: Callable[[str], str]) -> list[str]:
    figures = [
        "–" if one[name] is None else figure(f"{one[name]} ± {float(one[f'{name}_half']):.2f}".replace("-", MINUS))
        for name in MEASURES
    ]
    return [in_language(one["name"], language), str(one["n"]), *figures]


def _step(one: Compared, name: str) -> str:
    step = one.steps[name]
    return "–" if step is None else f"{signed(step.by, 2)}{' *' if step.is_beyond_chance else ''}"
