"""How each kind of question is asked. `WIDGETS` names the component of every `Kind`."""

from fieldapp.views.questions.question_item import OnAnswer, QuestionItem, named
from fieldapp.views.questions.widgets import WIDGETS

__all__ = ["WIDGETS", "OnAnswer", "QuestionItem", "named"]
