"""The pulse survey: its questions and industries as data, and what is missing or wrong in an answer.

SVY-1  Every question is answered unless it may be left; a number lies on its scale; words are no longer than they may
       be and hold no personal data: an answer is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from checklists.language import N_, Sentence, Text, sentence
from checklists.record.personal_data import PERSONAL_DATA, personal_data_in

Answers = Mapping[str, int | str]
Index = Literal["satisfaction", "loyalty", "nps"]
CONTACTS = ("phone", "branch", "online", "face_to_face", "other")
ORIGINS = ("local", "visitor")


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of a few answers, or an industry without its group."""

    code: str
    name: Text


class Industry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One industry of the index, and the award's group it belongs to."""

    code: str
    group: str
    name: Text


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question: a scale from `least` to `most`, one of `choices`, or words of at most `longest` characters."""

    key: str
    text: Text
    least: int | None = None
    most: int = 0
    low: Text = {}
    high: Text = {}
    choices: tuple[Choice, ...] = ()
    longest: int = 0
    index: Index | None = None
    may_be_left: bool = False

    @property
    def scale(self) -> range:
        """The numbers of the scale; none where it has none."""
        return range(0) if self.least is None else range(self.least, self.most + 1)


class Survey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What customers are asked, and from how many answers on figures are published."""

    version: int
    min_industry: int
    min_company: int
    scores_need: int
    industries: tuple[Industry, ...]
    questions: tuple[Question, ...]

    def industry(self, code: str) -> Industry | None:
        """Return the industry of a code."""
        return next((one for one in self.industries if one.code == code), None)


@cache
def pulse_survey() -> Survey:
    """Return the survey as shipped."""
    return msgspec.toml.decode((files("checklists.index") / "survey.toml").read_bytes(), type=Survey)


def read_answers(survey: Survey, typed: Mapping[str, str]) -> tuple[Answers, Mapping[str, Sentence]]:
    """Return the answers in what was typed, by key, and what is wrong with it, by key (SVY-1)."""
    answers: dict[str, int | str] = {}
    wrong: dict[str, Sentence] = {}
    for question in survey.questions:
        text = typed.get(question.key, "").strip()
        if not text:
            if not question.may_be_left:
                wrong[question.key] = sentence(N_("Choose an answer."))
            continue
        problem = next(_problems(question, text), None)
        if problem is not None:
            wrong[question.key] = problem
        else:
            answers[question.key] = int(text) if question.scale else text
    return answers, wrong


def _problems(question: Question, text: str) -> Iterator[Sentence]:
    if question.scale:
        if text not in map(str, question.scale):
            yield sentence(N_("Choose a number from {least} to {most}."), least=question.least, most=question.most)
    elif question.choices:
        if text not in {choice.code for choice in question.choices}:
            yield sentence(N_("Choose one of the answers."))
    elif len(text) > question.longest:
        words = N_("These are {count} characters; {longest} fit.")
        yield sentence(words, count=len(text), longest=question.longest)
    else:
        for found in personal_data_in(text):
            words = N_("There is {what} in it. Take it out: the survey is anonymous.")
            yield sentence(words, what=sentence(PERSONAL_DATA[found.kind]))
