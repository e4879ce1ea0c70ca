"""The FAQs an entrant files: what a list of them holds, which channels it is for, and why one is sent back.

FQH-1  A list names the FAQs of an entrant, each with a question and an answer, for the channels it is filed for. The
       first version that names a channel is when the FAQ of that entry was filed (R9), even if it is sent back: what
       is in time stays so.
FQH-2  A FAQ is sent back because it cannot be asked, or its answer is not the only right one; with words or not.
FQH-3  Late is what the score takes for late: what the records of the entries say. A list that was in time by its record
       stays in time, however late a better version comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from checklists.language import N_, Sentence, Template, Text, sentence
from sync_server.hand_in.versions import is_late

MOST_FAQS = 30
REASONS: Mapping[str, Template] = {
    "cannot-be-asked": N_("It cannot be asked."),
    "not-unique": N_("Its answer is not the only right one."),
}
COLUMNS = ("faq", "question_en", "question_zh", "answer_en", "answer_zh")


class Faq(msgspec.Struct, frozen=True, kw_only=True):
    """One FAQ, as it was filed."""

    code: str
    question: Text
    answer: Text


class FaqList(msgspec.Struct, frozen=True, kw_only=True):
    """What is handed in: the FAQs, and the channels they are filed for."""

    channels: tuple[str, ...]
    faqs: tuple[Faq, ...]


def is_filed_late(entries: Sequence[Mapping[str, Any]], deadline: datetime | None, now: datetime) -> bool:
    """Say whether one of an entrant's entries is late by its record, or none is filed and it is late by now (FQH-3)."""
    filed = [entry for entry in entries if not entry["faq_awaited"]]
    return any(_is_late(entry, deadline, now) for entry in filed) if filed else is_late(None, deadline, now)


def _is_late(entry: Mapping[str, Any], deadline: datetime | None, now: datetime) -> bool:
    if entry["faq_filing"] == "at":
        return is_late(entry["faq_filed_at"], deadline, now)
    return bool(entry["faq_filing"] == "never")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the form or of a file, as it was typed."""

    cells: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing but a code was typed."""
        return not any(self.cells.get(name, "").strip() for name in COLUMNS[1:])


def rows_of_form(form: Mapping[str, str]) -> Sequence[Row]:
    """Return the lines of the form that hold something, each with a code of its own."""
    rows = []
    for number in range(1, MOST_FAQS + 1):
        cells = {name: form.get(f"{name}-{number}", "").strip().replace("\r\n", "\n")[:4_000] for name in COLUMNS}
        row = Row(cells={**cells, "faq": cells["faq"] or f"faq-{number}"})
        if not row.is_empty:
            rows.append(row)
    return rows


def faq_of(row: Row) -> Faq:
    """Return a line that has no problem as a FAQ; where one language is empty the other stands in."""
    texts = {}
    for name in ("question", "answer"):
        en, zh = row.cells.get(f"{name}_en", ""), row.cells.get(f"{name}_zh", "")
        texts[name] = {"en": en or zh, "zh-Hant": zh or en}
    return Faq(code=row.cells["faq"], question=texts["question"], answer=texts["answer"])


def row_of(faq: Faq) -> Row:
    """Return a FAQ as a line of the form."""
    cells = {"faq": faq.code}
    for name, text in (("question", faq.question), ("answer", faq.answer)):
        cells |= {f"{name}_en": text["en"], f"{name}_zh": text["zh-Hant"]}
    return Row(cells=cells)


def list_problem(rows: Sequence[Row], channels: Sequence[str]) -> Sentence | None:
    """Return what is wrong with the list as a whole; None: nothing."""
    if not channels:
        return sentence(N_("Choose at least one way in which it is assessed."))
    if not rows:
        return sentence(N_("Fill in at least one question with its answer."))
    codes = [row.cells["faq"] for row in rows]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    return None if twice is None else sentence(N_("The code {code} stands twice. Give each its own."), code=twice)


def items_of(form: Mapping[str, str], codes: Sequence[str]) -> Mapping[str, str]:
    """Return what is said of single FAQs that are sent back, by code: "not-unique: words" (FQH-2)."""
    items = {}
    for number, code in enumerate(codes, start=1):
        reason, words = form.get(f"reason-{number}", ""), form.get(f"words-{number}", "").strip()[:1_000]
        if reason in REASONS or words:
            items[code] = f"{reason if reason in REASONS else ''}: {words}"
    return items


def item_words(item: str) -> tuple[Sentence | None, str]:
    """Return the reason and the words of what `items_of` made."""
    reason, is_parted, words = item.partition(": ")
    if not is_parted:
        return None, item
    return (sentence(REASONS[reason]) if reason in REASONS else None), words
