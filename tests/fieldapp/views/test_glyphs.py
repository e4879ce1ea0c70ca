"""GLY: characters that the app's font cannot draw are said."""

from __future__ import annotations

from fieldapp.views.questions.words_field import WordsField
from tests.fieldapp.drawn import Drawn


def test_a_field_says_what_it_draws_as_boxes() -> None:
    """GLY-1."""
    drawn = Drawn(WordsField, "Note", "好😀", None, "note-PB1", "A line.")
    (field,) = (control for control in drawn.controls if control.key == "note-PB1")
    assert field.helper == "A line.\nCharacters that this app draws as boxes, though they are kept and sent: 1."
