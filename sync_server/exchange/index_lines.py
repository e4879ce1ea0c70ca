"""The customer index out: as CSV, and as a document to be printed, in one language.

IDX-15  What is too few to be published has no figure in any file: only how many answers there are.
"""

from __future__ import annotations

from collections.abc import Sequence

from checklists.index.figures import in_brackets
from checklists.index.tallies import Measure
from checklists.language import N_, Language, Template, Text, in_language
from checklists.number import shown
from sync_server.database.queries.survey import SurveyRow
from sync_server.print.document import Block, Document, Heading, Listed, Rows, Words
from sync_server.reports.words import MINUS
from sync_server.survey.measured import Line
from sync_server.survey.printed import Printed

HEADS = (N_("Industry"), N_("Answers"), N_("Satisfaction"), N_("Loyalty"), N_("NPS"))
PRINTED_HEADS = (N_("Industry"), N_("Printed position"), N_("Rank"), N_("Satisfaction"), N_("Loyalty"), N_("NPS"))


def lines_rows(measured: Sequence[Line], *, brackets: bool = False) -> Sequence[Sequence[object]]:
    """Return the table by industry, or by company, its heads first: figures to two places, intervals as half widths.

    IDX-17 with `brackets`, where a negative becomes text.
    """
    head = ["code", "name_en", "name_zh", "answers", "published"]
    head += [f"{column}{end}" for column in ("satisfaction", "loyalty", "nps") for end in ("", "_plus_minus")]
    rows: list[Sequence[object]] = [head]
    for line in measured:
        figures: list[object] = []
        for measure in _measures(line):
            figures += ["", ""] if measure is None else [number(shown(measure.value), brackets), round(measure.half, 2)]
        names = (line.name["en"], line.name.get("zh-Hant", ""))
        rows.append([line.code, *names, line.tally.n, "yes" if line.is_published else "no", *figures])
    return rows


def number(shown_as: str, brackets: bool) -> object:
    """Return a figure as a table's cell: a number, or the text of a negative that is to stand in brackets."""
    return text if brackets and (text := in_brackets(shown_as)) != shown_as else float(shown_as)


def _measures(line: Line) -> tuple[Measure | None, Measure | None, Measure | None]:
    if not line.is_published:
        return None, None, None
    return line.tally.satisfaction, line.tally.loyalty, line.tally.nps


def index_document(
    measured: Sequence[Line],
    tables: Sequence[Printed],
    edition: Text,
    surveys: Sequence[SurveyRow],
    language: Language,
    *,
    brackets: bool = False,
) -> Document:
    """Return the table by industry and the printed tables with what is odd in them, as a document; IDX-17."""

    def say(template: Template, **values: object) -> str:
        return template.in_language(language).format(**values)

    blocks: list[Block] = []
    for survey in surveys:
        blocks.append(Heading(text=say(N_("Survey {year}"), year=survey.edition)))
        rows = [
            [in_language(line.name, language), str(line.tally.n), *(_cell(one, brackets) for one in _measures(line))]
            for line in measured
        ]
        blocks.append(Rows(caption=say(N_("By industry")), heads=[say(head) for head in HEADS], rows=rows))
        blocks.append(Words(text=say(METHOD)))
    for printed in tables:
        blocks.append(Heading(text=say(N_("As printed: {edition}"), edition=printed.edition)))
        if printed.source:
            blocks.append(Words(text=printed.source))
        blocks.append(
            Rows(
                caption=say(N_("Rows as printed, with the rank by satisfaction")),
                heads=[say(head) for head in PRINTED_HEADS],
                rows=[
                    [
                        row.industry, str(position), str(rank.place),
                        row.satisfaction.printed, row.loyalty.printed, row.nps.printed,
                    ]
                    for position, (row, rank) in enumerate(zip(printed.table.rows, printed.ranks, strict=True), 1)
                ],
            )
        )  # fmt: skip
        if printed.flags:
            odd = [flag.message.in_language(language) for flag in printed.flags]
            blocks.append(Listed(title=say(N_("To look at, nothing is corrected")), items=odd))
    return Document(
        language=language,
        title=say(N_("Customer index")),
        head=in_language(edition, language) if edition else say(N_("Customer index")),
        confidential=say(N_("For the office")),
        subject=[say(N_("Satisfaction, loyalty and NPS by industry"))],
        foot=say(N_("Customer index")),
        page_of=say(N_("Page {{page}} of {{pages}}")),
        mark="",
        blocks=blocks,
    )


METHOD = N_(
    "Satisfaction and loyalty are 100 × (mean - 1) / 9 of three questions each, in equal weights of ours: the model of "
    "the published index is not public. NPS is the share of 9 and 10 less that of 0 to 6. ± is the interval that holds "
    "it 95 times in 100. Sentiment analysis is not included."
)


def _cell(measure: Measure | None, brackets: bool) -> str:
    if measure is None:
        return "–"
    text = f"{shown(measure.value, 1)} ± {measure.half:.1f}".replace("-", MINUS)
    return in_brackets(text) if brackets else text
