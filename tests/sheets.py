"""Every layout of the shipped forms, and the answers that earn all their points."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from checklists.forms.file import shipped_forms
from checklists.forms.form import Form, Kind, Question
from checklists.record.sheet import Sheet, sheet
from checklists.score.scoring import Scorer

FORMS = shipped_forms()
PHONE = sheet(FORMS["phone_in@1"])


def laid_out(form_id: str, **layout: Any) -> Sheet:
    return sheet(FORMS[form_id], recording_form=FORMS["phone_in@1"], **layout)


SHEETS = {
    "phone_in": PHONE,
    "ivrs_annex": laid_out("ivrs_annex@1"),
    "branch": laid_out("onsite@1", variant="branch"),
    "recording": laid_out("onsite@1", variant="recording", recordings=2),
    "both": laid_out("onsite@1", variant="both"),
    **{code: laid_out("online@1", subchannel=code) for code in ("chat", "email", "form", "social")},
    "face_to_face": laid_out("face_to_face@1"),
}


def best(question: Question) -> Any:
    """An answer that earns all the points."""
    if question.kind in (Kind.CHOICE, Kind.FAQ):
        return max(question.options, key=lambda option: option.share).code
    return {Kind.YES_NO: True, Kind.SCALE: 4, Kind.BANDS: 0, Kind.TEXT: "The agent was clear and quick to help."}[
        question.kind
    ]


def all_best(layout: Sheet) -> dict[str, Any]:
    return {key: best(item.question) for key, item in layout.items.items()}


def base(form: Form, answers: dict[str, Any], **rules: Any) -> Fraction | None:
    return Scorer(sheet(form), **rules).base(answers)
