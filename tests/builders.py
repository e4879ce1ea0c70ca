"""Builders every test arranges with: whole, valid records by default, keyword overrides for what the test is about.

`an_assessment(answers={"PA1": True})`, `an_assignment(channel=Channel.ONSITE)`, `a_form(a_section(a_question("Q1")))`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from checklists.forms.form import Band, Channel, Form, Kind, Option, Question, Section
from checklists.language import Text
from checklists.record.assessment import (
    Answer,
    AnswerValue,
    Assessment,
    Attempt,
    Contact,
    Evidence,
    Measurement,
    MediaKind,
    Outcome,
)
from checklists.record.assignment import Assignment, Branch, ContactPoint, FiledFaq, Scenario

NOON = datetime(2021, 3, 1, 4, 0, tzinfo=UTC)  # 12:00 in Hong Kong, a Monday, the first day of round 1

FORM_OF: Mapping[Channel, str] = {channel: f"{channel.value}@1" for channel in Channel}


def at(minutes: float = 0, *, seconds: float = 0) -> datetime:
    """A moment after NOON."""
    return NOON + timedelta(minutes=minutes, seconds=seconds)


def both(en: str, zh: str | None = None) -> Text:
    """A bilingual text; the Chinese defaults to a marked copy of the English."""
    return {"en": en, "zh-Hant": zh or f"（{en}）"}


def a_stamp(minutes: float = 0, *, seconds: float = 0) -> Measurement:
    return Measurement(at=at(minutes, seconds=seconds))


def a_count(number: int) -> Measurement:
    return Measurement(number=number)


def an_attempt(minutes: float = 0, outcome: Outcome = Outcome.NO_ANSWER, **changes: Any) -> Attempt:
    return Attempt(at=at(minutes), outcome=outcome, **changes)


def evidence(question: str | None = None, evidence_kind: str | None = None, **changes: Any) -> Evidence:
    """One kept photo, of `question` when given."""
    name = f"{question or 'visit'}-{evidence_kind or 'photo'}"
    fields: dict[str, Any] = {
        "id": name,
        "sha256": name.encode().hex().ljust(64, "0")[:64],
        "size_bytes": 1000,
        "kind": MediaKind.PHOTO,
        "content_type": "image/jpeg",
        "taken_at": NOON,
        "question": question,
        "evidence_kind": evidence_kind,
    }
    return Evidence(**(fields | changes))


def answered(values: Mapping[str, AnswerValue], when: datetime = NOON) -> dict[str, Answer]:
    return {key: Answer(value=value, at=when) for key, value in values.items()}


def an_assessment(*, answers: Mapping[str, AnswerValue | Answer] | None = None, **changes: Any) -> Assessment:
    """A connected phone-in draft; `answers` may be plain values."""
    channel = Channel(changes.get("channel", Channel.PHONE_IN))
    fields: dict[str, Any] = {
        "id": "0190b6f0-0000-7000-8000-000000000001",
        "revision": 1,
        "assignment_id": "assignment-1",
        "entrant_id": "harbour-ferry",
        "channel": channel,
        "form": FORM_OF[channel],
        "started_at": NOON,
        "contact": Contact.CONNECTED,
        "subchannel": "chat" if channel is Channel.ONLINE else None,
        "variant": "branch" if channel is Channel.ONSITE else None,
        "answers": {
            key: value if isinstance(value, Answer) else Answer(value=value, at=NOON)
            for key, value in (answers or {}).items()
        },
    }
    return Assessment(**(fields | changes | {"channel": channel}))


def an_assignment(**changes: Any) -> Assignment:
    """A phone-in assignment of round 1, whole enough to be done offline."""
    channel = Channel(changes.get("channel", Channel.PHONE_IN))
    fields: dict[str, Any] = {
        "id": "assignment-1",
        "assessor_id": "assessor-1",
        "entrant_id": "harbour-ferry",
        "entrant_name": both("Harbour Ferry Hotline", "港灣渡輪熱線"),
        "industry": "transport_logistics",
        "channel": channel,
        "round": 1,
        "form": FORM_OF[channel],
        "scenario": Scenario(
            id="lost-item",
            title=both("A lost umbrella", "遺失雨傘"),
            briefing=both("You left an umbrella on the 08:10 ferry.", "你把雨傘遺留在八時十分的渡輪上。"),
            stop_rules=(both("Stop if you are recognised.", "如被認出，請即停止。"),),
        ),
        "due_from": NOON - timedelta(days=1),
        "due_until": NOON + timedelta(days=30),
        "subchannel": "chat" if channel is Channel.ONLINE else None,
        "variant": "branch" if channel is Channel.ONSITE else None,
        "branch": Branch(
            id="central-pier", name=both("Central Pier", "中環碼頭"), address=both("Pier 7, Central", "中環七號碼頭")
        )
        if channel is Channel.ONSITE
        else None,
        "contact_points": (ContactPoint(label=both("Hotline", "熱線"), value="+852 2000 0000"),),
        "filed_faqs": (
            FiledFaq(
                number=1,
                question=both("Where is the lost property office?", "失物處在哪裏？"),
                answer=both("At Pier 7, open 09:00 to 18:00.", "七號碼頭，上午九時至下午六時。"),
                version=1,
                in_force_from=NOON.date(),
            ),
        ),
    }
    return Assignment(**(fields | changes | {"channel": channel}))


def an_option(code: str, share: str | int) -> Option:
    return Option(code=code, label=both(code), share=Fraction(share))


def bands(*limits: tuple[int | None, str | int]) -> tuple[Band, ...]:
    """`bands((20, 1), (40, "3/4"), (None, 0))`."""
    return tuple(
        Band(limit=None if limit is None else Fraction(limit), share=Fraction(share)) for limit, share in limits
    )


def a_question(id: str = "Q1", **changes: Any) -> Question:  # noqa: A002 - the field's own name
    """A yes/no question of one point."""
    fields: dict[str, Any] = {"id": id, "text": both(f"Is {id} so?"), "kind": Kind.YES_NO, "points": 1}
    return Question(**(fields | changes))


def a_section(*questions: Question, **changes: Any) -> Section:
    """A section named by its first question's letters, weighing 100."""
    questions = questions or (a_question(),)
    name = questions[0].id.rstrip("0123456789") or "S"
    fields: dict[str, Any] = {"id": name, "title": both(f"Section {name}"), "weight": 100, "questions": questions}
    return Section(**(fields | changes))


def a_form(*sections: Section, **changes: Any) -> Form:
    """A phone-in form of the given sections; one yes/no question by default."""
    fields: dict[str, Any] = {
        "name": "phone_in",
        "version": 1,
        "channel": Channel.PHONE_IN,
        "title": both("A form"),
        "unit": both("one call"),
        "sections": sections or (a_section(),),
    }
    return Form(**(fields | changes))
