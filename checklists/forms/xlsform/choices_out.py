"""The lists of choices that the questions of a form need, each written once."""

from __future__ import annotations

from checklists.forms.form import Kind, Question
from checklists.forms.xlsform import own_columns as own
from checklists.forms.xlsform.own_sheets import Rows, labels
from checklists.language import Text
from checklists.number import as_answer

YES: Text = {"en": "Yes", "zh-Hant": "是"}
NO: Text = {"en": "No", "zh-Hant": "否"}
HEADING = [
    "list_name",
    "name",
    *(f"label::{language}" for language in own.LANGUAGE_COLUMNS.values()),
    "fieldtool_share",
]
SCALE = ("0", "1", "2", "3", "4")
Choice = tuple[str, str, str, str]  # name, both labels, share


class ChoicesOut:
    """Gives each question the name of its list; questions with the same choices share one."""

    def __init__(self) -> None:
        self._lists: dict[tuple[Choice, ...], str] = {}

    def list_for(self, question: Question) -> str | None:
        """Return the name of the list of a question; None: it is not answered from one."""
        choices = _choices(question)
        if not choices:
            return None
        name = {Kind.YES_NO: "yes_no", Kind.SCALE: "scale", Kind.MATURITY: "maturity"}.get(
            question.kind, f"{question.id}_choices"
        )
        names = set(self._lists.values())
        if choices not in self._lists:
            self._lists[choices] = f"{question.id}_{name}" if name in names else name
        return self._lists[choices]

    @property
    def rows(self) -> Rows:
        """The sheet, its heading first."""
        return [HEADING, *([name, *choice] for choices, name in self._lists.items() for choice in choices)]


def _choices(question: Question) -> tuple[Choice, ...]:
    match question.kind:
        case Kind.YES_NO:
            choices = [_choice("yes", YES), _choice("no", NO)]
        case Kind.SCALE:
            choices = [_choice(step, {"en": step, "zh-Hant": step}) for step in SCALE]
        case Kind.MATURITY:
            choices = [_choice(step, {"en": step, "zh-Hant": step}) for step in SCALE[:4]]
        case Kind.CHOICE | Kind.FAQ:
            choices = [_choice(each.code, each.label, str(as_answer(each.share))) for each in question.options]
        case _:
            return ()
    na = [_choice("na", question.not_applicable)] if question.not_applicable else []
    return tuple(choices + na)


def _choice(name: str, label: Text, share: str = "") -> Choice:
    english, chinese = labels(label)
    return (name, english, chinese, share)
