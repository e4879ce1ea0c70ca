"""Answers as people read them on the page of an assessment."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checklists.forms.file import shipped_forms
from checklists.record.assessment import Answer
from checklists.record.sheet import sheet
from sync_server.pages.answers import answer_words, duration_words
from tests.builders import NOON

PHONE = sheet(shipped_forms()["phone_in@1"])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        pytest.param(45, "45 s", id="seconds"),
        pytest.param(Fraction(91, 2), "45.5 s", id="exact seconds"),
        pytest.param(Fraction(158101, 172800), "≈ 0.915 s", id="no fraction for a time"),
        pytest.param(36640, "36640 s (10 h 10 min)", id="hours of holding"),
        pytest.param(150, "150 s (2 min 30 s)", id="minutes beside them"),
        pytest.param(18352, "18352 s (5 h 5 min)", id="hours beside them"),
    ],
)
def test_a_duration_is_exact_and_readable(seconds, words):
    assert str(duration_words(Fraction(seconds))) == words


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        pytest.param("PA1", True, "Yes", id="yes"),
        pytest.param("PA1", False, "No", id="no"),
        pytest.param("PC1", 3, "3 of 4", id="a scale"),
        pytest.param("PA3", 150, "150 s (2 min 30 s)", id="a measured wait"),
        pytest.param("PA3", "soon", "soon", id="what does not fit is shown as it is"),
        pytest.param("PA2", 2, "2", id="a count"),
        pytest.param("PG5", "Print", "Print", id="the assessor's own words"),
    ],
)
def test_an_answer_in_words(key, value, words):
    question = PHONE.items[key].question
    assert str(answer_words(question, Answer(value=value, at=NOON), PHONE)) == words


def test_no_answer_has_no_words():
    assert answer_words(PHONE.items["PA1"].question, None, PHONE) is None
