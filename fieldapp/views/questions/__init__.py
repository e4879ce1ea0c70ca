"""How each kind of question is asked. `WIDGETS` names the component of every `Kind`."""

from fieldapp.views.questions.asked import Asked, OnAnswer
from fieldapp.views.questions.widgets import WIDGETS

__all__ = ["WIDGETS", "Asked", "OnAnswer"]
