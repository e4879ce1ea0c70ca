"""Asking the customers of one counter, one after the other: the statement, one question a screen, thanks, the next.

KIO-1  The statement comes before the first question, in both languages, and nothing is kept before the last answer.
KIO-2  Thanks are said only once the answers are durable on the phone; then they go by themselves.
KIO-3  After some seconds of thanks, and after a minute in which nobody touched a question, the next customer begins:
       with the statement, and with nothing of whoever was there before.
KIO-4  Answers are taken while the phone stands at a counter and its survey is open, by the server's clock.
KIO-5  Each customer reads in the language chosen with the statement; what the assessor's own screens speak stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import flet as ft

from checklists.index.survey import ORIGINS, Choice, Question, pulse_survey, read_answers
from checklists.language import N_, Language, Sentence, sentence
from fieldapp.errors import NotKept
from fieldapp.ids import new_id
from fieldapp.kept import Counter, CounterAnswer
from fieldapp.ports import Ports
from fieldapp.state.device_clock import trusted_now
from fieldapp.state.notices import Notice

THANKS_S, LEFT_ALONE_S = 8, 60
AT_A_COUNTER = "branch"  # how the customer contacted the company
ORIGIN = Question(
    key="origin",
    text={"en": "And you?", "zh-Hant": "你是？"},
    choices=(
        Choice(code=ORIGINS[0], name={"en": "I live in Hong Kong", "zh-Hant": "我住在香港"}),
        Choice(code=ORIGINS[1], name={"en": "I am visiting", "zh-Hant": "我是訪客"}),
    ),
)


class Step(StrEnum):
    """Where the customer is."""

    STATEMENT = "statement"
    QUESTION = "question"
    THANKS = "thanks"
    STAFF = "staff"  # whoever has the PIN is asked for it


@dataclass(eq=False)
class Kiosk(ft.Observable):
    """Observable. `tell` says what went wrong."""

    ports: Ports = field(repr=False)
    tell: Callable[[Notice], None] = field(repr=False)
    step: Step = Step.STATEMENT
    counter: Counter | None = None  # where this phone stands, while answers are taken
    language: Language = "zh-Hant"
    place: int = 0  # of the question that is asked
    answers: Mapping[str, str] = field(default_factory=dict)
    wrong: Sentence | None = None  # with the question that is asked
    _id: str = field(default="", repr=False)  # of the answers: a button pressed twice keeps them once
    _touched_s: int = field(default=0, repr=False)

    def __post_init__(self) -> None:
        self._look_up()

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in order."""
        return (*pulse_survey().questions, ORIGIN)

    @property
    def question(self) -> Question:
        """The one that is asked."""
        return self.questions[self.place]

    def begin(self, language: Language) -> None:
        """The statement was read, by somebody who reads on in `language`."""
        self._look_up()
        if self.counter is not None:
            self.restart()
            self._id = new_id(trusted_now(self.ports.clock, self.ports.store))
            self.language, self.step = language, Step.QUESTION

    def call_staff(self) -> None:
        """Ask for the PIN."""
        self._touch()
        self.step = Step.STAFF

    def restart(self) -> None:
        """Show the statement, with nothing of whoever was there before."""
        self._touch()
        self.step, self.place, self.answers, self.wrong = Step.STATEMENT, 0, {}, None

    def choose(self, value: str) -> None:
        """Take an answer to the question that is asked."""
        self._touch()
        self.answers = {**self.answers, self.question.key: value}
        self.wrong = None

    def back(self) -> None:
        """Ask the question before; before the first stands the statement."""
        self._touch()
        self.wrong = None
        if self.place:
            self.place -= 1
        else:
            self.restart()

    async def go_on(self) -> bool:
        """Ask the next question; after the last, keep the answers. False where something is still to be said."""
        if self.step is not Step.QUESTION:
            return False
        self._touch()
        self.wrong = self._wrong_with(self.question)
        if self.wrong is not None:
            return False
        if self.place + 1 < len(self.questions):
            self.place += 1
            return True
        return await self._keep()

    def look(self) -> None:
        """Begin anew where the time is over (KIO-3), and see whether answers are taken now (KIO-4)."""
        self._look_up()
        over_s = THANKS_S if self.step is Step.THANKS else LEFT_ALONE_S
        if self.step is not Step.STATEMENT and self.ports.clock.monotonic_s() - self._touched_s >= over_s:
            self.restart()

    async def _keep(self) -> bool:
        self._look_up()
        counter = self.counter
        if counter is None:
            self.wrong = sentence(N_("No more answers are taken here just now. Thank you for coming."))
            return False
        now = trusted_now(self.ports.clock, self.ports.store)
        given = {"contact": AT_A_COUNTER, **self.answers}
        answer = CounterAnswer(id=self._id, company=counter.company, answers=given, answered_at=now)
        try:
            await self.ports.store.save_counter_answer(answer)
        except NotKept as problem:
            self.tell(Notice.of(problem))  # for whoever opens the phone; customers read what follows
            self.wrong = sentence(N_("This phone cannot keep your answers just now. Please tell the staff."))
            return False
        self.ports.sync.wake()
        self.restart()
        self.step = Step.THANKS
        return True

    def _wrong_with(self, question: Question) -> Sentence | None:
        if question is ORIGIN:
            return None if self.answers.get("origin") in ORIGINS else sentence(N_("Choose one of the answers."))
        return read_answers(pulse_survey(), self.answers)[1].get(question.key)

    def _look_up(self) -> None:
        counter, now = self.ports.store.feed().counter, trusted_now(self.ports.clock, self.ports.store)
        is_open = counter is not None and counter.opens_at <= now < counter.closes_at
        standing = counter if is_open else None
        if standing == self.counter:
            return
        is_another = standing is not None and self.counter is not None and standing.company != self.counter.company
        self.counter = standing
        if is_another and self.step is Step.QUESTION:
            self.restart()  # what was answered was about another company

    def _touch(self) -> None:
        self._touched_s = self.ports.clock.monotonic_s()
