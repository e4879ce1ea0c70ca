"""One assessment on the screen: what is asked, what was answered, what is still to put right."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import flet as ft

from checklists.assessment import AnswerValue, Assessment, MediaKind, Outcome, Position
from checklists.assignment import Assignment
from checklists.findings import Finding
from checklists.form import Form
from checklists.language import Sentence
from fieldapp.kept import Delivery, Review
from fieldapp.ports import Ports

if TYPE_CHECKING:
    from checklists.attempts import NextTry, Series

    from checklists.sheet import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionProgress:
    """How far one section is. `findings` counts those that block finishing."""

    section_id: str
    answered: int
    asked: int
    findings: int


@dataclass(eq=False)
class Visit(ft.Observable):
    """Observable. Read the attributes, call the verbs (see the package docstring for what they return)."""

    assessment: Assessment
    assignment: Assignment
    form: Form
    sheet: Sheet  # sections and keyed questions that apply now, the annex's after the form's
    findings: tuple[Finding, ...]
    progress: tuple[SectionProgress, ...]
    series: Series | None  # the attempt log judged; None: the rule does not apply to this channel
    next_try: NextTry | None  # "try 4 of 6, closes Wed 24:00"
    derived: Mapping[str, Fraction]  # waits and counts worked out from the measurements
    delivery: Delivery | None  # None: nothing to send yet
    review: Review | None  # what a reviewer said last, comments by question key
    busy: bool = False  # a photo or sound is being prepared
    _ports: Ports = field(kw_only=True, repr=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, kw_only=True, repr=False)

    @property
    def is_draft(self) -> bool:
        """Whether answers may still be changed."""
        raise NotImplementedError

    @property
    def can_finish(self) -> bool:
        """Whether no finding blocks it."""
        raise NotImplementedError

    def may_answer(self, key: str) -> bool:
        """Whether this question takes an answer now: in a draft, or a late answer after finishing."""
        raise NotImplementedError

    async def attempt(self, outcome: Outcome, *, at: datetime | None = None, note: str = "") -> bool:
        """Log one try; `at` None stamps it now, else it was typed in afterwards (aware)."""
        raise NotImplementedError

    async def stamp(self, measurement_id: str, *, choice: str | None = None, position: Position | None = None) -> bool:
        """Tap a clock mark: now. A mark already there is kept; `edit_stamp` changes it."""
        raise NotImplementedError

    async def edit_stamp(self, measurement_id: str, at: datetime) -> bool:
        """Correct a stamp (aware); the first one stays beside it."""
        raise NotImplementedError

    async def count(self, measurement_id: str, number: int) -> bool:
        """Set a counted measurement."""
        raise NotImplementedError

    async def count_pair(self, measurement_id: str, first: int, second: int) -> bool:
        """Set a measurement of two counts."""
        raise NotImplementedError

    async def code(self, measurement_id: str, code: str) -> bool:
        """Set a coded measurement."""
        raise NotImplementedError

    async def toggle_span(self, measurement_id: str) -> bool:
        """Begin a span now, or end the open one."""
        raise NotImplementedError

    async def clear_mark(self, measurement_id: str) -> bool:
        """Take a measurement back."""
        raise NotImplementedError

    async def answer(self, key: str, value: AnswerValue | None) -> bool:
        """Record an answer; None takes it back. After finishing, a late answer becomes the next revision."""
        raise NotImplementedError

    async def note(self, key: str, kind: str, words: str) -> bool:
        """Keep a note or verbatim of a question; "" takes it back."""
        raise NotImplementedError

    async def draw(self, listed: int) -> bool:
        """Draw recordings from a list of `listed`, by a seed that anyone can repeat."""
        raise NotImplementedError

    async def add_photo(self, raw: bytes, *, key: str | None = None, evidence_kind: str | None = None) -> bool:
        """Prepare, keep, and only then refer to a picture. One that cannot be prepared is kept as it came, marked."""
        raise NotImplementedError

    async def add_sound(
        self, raw: bytes, content_type: str, *, key: str | None = None, kind: MediaKind = MediaKind.AUDIO_NOTE
    ) -> bool:
        """The same for the assessor's own voice, or a recording where the policy allows it."""
        raise NotImplementedError

    async def add_file(self, raw: bytes, content_type: str, *, key: str | None, evidence_kind: str | None) -> bool:
        """Keep a file (a transcript, a call log) as it came."""
        raise NotImplementedError

    async def remove_evidence(self, evidence_id: str) -> bool:
        """Take a file back from the draft."""
        raise NotImplementedError

    def media(self, sha256: str) -> bytes | None:
        """Return a file's bytes, None when it was freed after being safe."""
        raise NotImplementedError

    async def finish(self) -> bool:
        """Finish: immutable from here, and on its way. False, with findings, while something blocks it."""
        raise NotImplementedError

    async def void(self, reason: str) -> bool:
        """Declare the contact void, with the reason; it is sent like any finished one."""
        raise NotImplementedError

    async def reopen(self) -> bool:
        """Take up a returned assessment again: a draft of the next revision."""
        raise NotImplementedError

    def says(self, key: str) -> tuple[Sentence, ...]:
        """Return the findings at one question."""
        raise NotImplementedError
