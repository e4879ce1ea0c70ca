"""An assessment as a row of a table, in one language: which columns every row has, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from checklists.language import N_, Language, Template, in_language
from sync_server.database.queries.assessment_export import ExportRow
from sync_server.database.queries.bench import CorrectionRow
from sync_server.exchange.answer_columns import answer_cells
from sync_server.pages.labels import label
from sync_server.season.rules import Rules


class Words(NamedTuple):
    """What cells are called in the language of this reader."""

    text: Callable[[Mapping[str, str] | None], str]
    label: Callable[[str, str | None], str]
    industry: Callable[[str], str]
    moment: Callable[[datetime | None], str]
    zone: ZoneInfo
    yes_no: Callable[[bool], str]


# Header and cell of each column. A header of a moment gets its zone.
COLUMNS: tuple[tuple[str, Callable[[ExportRow, Words], object]], ...] = (
    (N_("Number"), lambda row, _: row.id),
    (N_("Entrant's code"), lambda row, _: row.entrant_id),
    (N_("Entrant"), lambda row, words: words.text(row.entrant_name)),
    (N_("Industry"), lambda row, words: words.industry(row.industry)),
    (N_("Channel"), lambda row, words: words.label("channel", row.channel)),
    (N_("Sub-channel"), lambda row, words: words.label("subchannel", row.subchannel)),
    (N_("Round"), lambda row, _: row.round),
    (N_("Scenario"), lambda row, words: words.text(row.scenario)),
    (N_("Branch"), lambda row, words: words.text(row.branch)),
    (N_("Form"), lambda row, _: row.form),
    (N_("Assessor's code"), lambda row, _: row.assessor_id),
    (N_("Assessor"), lambda row, _: row.assessor_name),
    (N_("State"), lambda row, words: words.label("status", row.status)),
    (N_("Contact"), lambda row, words: words.label("contact", row.contact)),
    (N_("Score"), lambda row, _: row.base_shown),
    (N_("Files received"), lambda row, _: row.files_held),
    (N_("Files named"), lambda row, _: row.files_named),
    (N_("Revision"), lambda row, _: row.revision),
    (N_("With a conflict"), lambda row, words: words.yes_no(bool(row.conflicts))),
    (N_("Clock off"), lambda row, words: words.yes_no(row.clock_wrong)),
)
MOMENTS: tuple[tuple[str, Callable[[ExportRow], datetime | None]], ...] = (
    (N_("Started"), lambda row: row.started_at),
    (N_("Finished"), lambda row: row.finished_at),
    (N_("First received"), lambda row: row.first_received_at),
    (N_("Received"), lambda row: row.received_at),
)


def heads(words: Words, language: Language) -> list[str]:
    """Return the headings of the columns that every row has."""
    own = [in_words(header, language) for header, _ in COLUMNS]
    return own + [f"{in_words(header, language)} ({words.zone.key})" for header, _ in MOMENTS]


def own_cells(row: ExportRow, words: Words) -> list[object]:
    """Return the cells of those columns."""
    return [cell(row, words) for _, cell in COLUMNS] + [words.moment(at(row)) for _, at in MOMENTS]


def cells(row: ExportRow, words: Words, questions: Sequence[str], made: Sequence[CorrectionRow]) -> list[object]:
    """Return the cells of a whole row, its answers with what the office corrected; none where they are unseen."""
    if row.is_unseen:
        return own_cells(row, words) + [None] * len(questions)
    return own_cells(row, words) + answer_cells(row.body, questions, {one.question: one.after for one in made})


def words_of(language: Language, rules: Rules) -> Words:
    """Return what cells are called in a language."""
    zone = rules.rules.zone("tz")
    yes, no = (in_words(one, language) for one in (N_("Yes"), N_("No")))

    def text(value: Mapping[str, str] | None) -> str:
        return in_language(value, language) if value else ""

    @cache
    def label_of(kind: str, code: str | None) -> str:
        return in_words(label(kind, code), language) if code else ""

    return Words(
        text=text,
        label=label_of,
        industry=cache(lambda code: text(rules.industry_name(code))),
        moment=lambda at: _local(at, zone),
        zone=zone,
        yes_no=lambda is_so: yes if is_so else no,
    )


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    """As spreadsheets read a moment: without a zone, which would make it text."""
    return "" if at is None else at.astimezone(zone).replace(tzinfo=None).isoformat(" ", "seconds")


def in_words(template: str, language: Language) -> str:
    """Return words marked with `N_` in a language; others (a code without a label) as they are."""
    return template.in_language(language) if isinstance(template, Template) else template
