"""What an assessor answered, against what the screen says: no wrong answer goes by unnoticed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from checklists.forms.form import Kind
from checklists.language import Language, in_language
from checklists.record.assessment import NOT_APPLICABLE, AnswerValue
from checklists.record.sheet import Item

WORDS = "The agent explained the fee and the next step without being asked twice."
SCALE = ("Poor", "Weak", "Nearly", "Meets", "Beyond")
MATURITY_WORDS = (
    "Nothing seen",
    "Intent: written and communicated",
    "Implementation: in use, records of three months",
    "Integration: reviewed, improved, tied to results",
)
MORE = "More: note, photo, clear"
EVIDENCE = {
    "document": "Document",
    "interview": "Interview",
    "report": "Report",
    "minutes": "Minutes",
    "record": "Record",
    "system_view": "System view",
    "dashboard": "Dashboard",
    "training_record": "Training record",
    "note": "Note",
    "verbatim": "Verbatim quote",
    "verbatim_redacted": "Quote without personal data",
    "photo_no_people": "Photo without people",
    "ticket_photo": "Photo of the ticket",
    "screenshot": "Screenshot",
    "timestamp_capture": "Capture with the time",
    "call_log": "Call log",
    "menu_map": "Map of the menu",
    "transcript": "Transcript",
    "receipt": "Receipt",
}


@dataclass
class Meant:
    """What is to stand at one item: the name of the chosen button, each field by its label, a figure by hand."""

    chosen: str = ""
    by_hand: bool = False
    written: dict[str, str] = field(default_factory=dict)


class Shown(NamedTuple):
    """What a section says: the names of its chosen buttons, what stands in its fields, by label, its figures."""

    chosen: set[str]
    written: dict[str, str]
    by_hand: int = 0  # figures typed where the clock gives none


class WrongAnswerError(AssertionError):
    """The screen holds other answers than the assessor gave."""

    def __init__(self, section: str, *, meant: Shown, shown: Shown) -> None:
        told = {
            "not chosen": sorted(meant.chosen - shown.chosen),
            "chosen": sorted(shown.chosen - meant.chosen),
            "figures by hand": shown.by_hand - meant.by_hand,
            "written": {
                label: shown.written.get(label)
                for label in meant.written.keys() | shown.written.keys()
                if meant.written.get(label) != shown.written.get(label)
            },
        }
        super().__init__(f"section {section}: {told}")


def answer_for(item: Item, *, filed: int) -> AnswerValue | None:
    """Return a fitting answer, or None where the clock marks or a later day give it. `filed` is how many FAQs are."""
    question = item.question
    if question.late_answer:
        return NOT_APPLICABLE if question.not_applicable else None
    if question.faq_number is not None and question.faq_number > filed:
        return NOT_APPLICABLE
    match question.kind:
        case Kind.YES_NO:
            return True
        case Kind.SCALE:
            return 3
        case Kind.MATURITY:
            return 3
        case Kind.CHOICE | Kind.FAQ:
            return question.options[0].code
        case Kind.TEXT:
            return WORDS
        case Kind.BANDS:
            return None if item.is_measured else 12


def said(item: Item, value: AnswerValue, language: Language) -> str:
    """Return what the button of an answer is called."""
    if value == NOT_APPLICABLE and isinstance(value, str):
        return "Not applicable"
    if item.question.kind is Kind.SCALE:
        return f"{value} {SCALE[int(value)]}"
    if item.question.kind is Kind.MATURITY:
        return f"{value} {MATURITY_WORDS[int(value)]}"
    if item.question.kind is Kind.YES_NO:
        return "Yes" if value else "No"
    return next(in_language(option.label, language) for option in item.question.options if option.code == value)
