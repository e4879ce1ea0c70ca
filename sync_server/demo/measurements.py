"""The measurements of a visit: one course of events, long or short by how well the entrant serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from msgspec.structs import replace

from checklists.forms.form import MeasurementItem, MeasurementKind
from checklists.record.assessment import Assessment, Measurement, MenuStep
from checklists.record.assignment import Assignment
from checklists.record.sheet import Sheet

# Seconds after the stamp before it: at best, at worst.
DELAYS_S: Mapping[str, tuple[int, int]] = {
    "t_first_answer": (3, 25),
    "t_queue_in": (12, 60),
    "t_agent": (6, 200),
    "t_end": (180, 520),
    "t_prompt": (2, 8),
    "t_agent_queue": (20, 95),
    "t_ticket": (20, 90),
    "t_served": (60, 900),
    "t_leave": (420, 1200),
    "t_asked": (60, 180),
    "t_retrieved": (120, 1300),
    "t_ack": (8, 130),
    "t_auto": (1, 40),
    "t_opening": (120, 600),
    "t_closing": (7200, 14_400),
}
REPLY_S: Mapping[str, tuple[int, int]] = {
    "chat": (12, 320), "social": (240, 16_000), "email": (4_000, 90_000), "form": (4_000, 90_000),
}  # fmt: skip
COUNTS: Mapping[str, tuple[int, int]] = {
    "ring_count": (1, 8), "menu_levels": (1, 4), "turns": (2, 6), "clicks": (1, 4), "people_ahead": (0, 9),
    "max_options": (3, 8), "target_levels": (2, 4),
}  # fmt: skip
BEFORE_S = 30
DETOURS = 0.25  # of calls, in which a wrong key was pressed


class Course(NamedTuple):
    """What is decided once for a visit, so that measurements and answers agree."""

    quality: float
    hold_s: int  # 0: no hold
    transfers: int
    length_s: int
    subchannel: str | None

    @classmethod
    def of(cls, assignment: Assignment, quality: float, random: Random) -> Course:
        """Decide the course of one visit."""
        hold_s = random.choice((0, 0, 20, 45, 100))
        longest_s = (
            100_000
            if assignment.subchannel in ("email", "form")
            else 18_000
            if assignment.subchannel == "social"
            else 2_400
        )
        return cls(quality, hold_s, random.choice((0, 0, 0, 1)), longest_s, assignment.subchannel)


def measured(sheet: Sheet, at: datetime, course: Course, random: Random) -> Iterator[tuple[str, Measurement, datetime]]:
    """Yield every measurement of `sheet` in its order, with the moment it was taken."""
    now = at
    for key, item in sheet.measurements.items():
        now += timedelta(seconds=_delay_s(key, item, course, random))
        yield key, _measurement(key, item, now, course, random), now


def _delay_s(key: str, item: MeasurementItem, course: Course, random: Random) -> int:
    if key in ("t_human", "t_resolved") and course.subchannel:
        return _between(REPLY_S[course.subchannel], course.quality, random)
    if item.kind in (MeasurementKind.STAMP, MeasurementKind.STAMP_PLACE, MeasurementKind.STAMP_CHOICE):
        return _between(DELAYS_S.get(key, (0, 0)), course.quality, random)
    return 0


def _measurement(key: str, item: MeasurementItem, now: datetime, course: Course, random: Random) -> Measurement:
    match item.kind:
        case MeasurementKind.INTEGER:
            return Measurement(
                number=course.transfers if key == "transfer_count" else _between(COUNTS[key], course.quality, random)
            )
        case MeasurementKind.INTEGER_PAIR:
            return Measurement(pair=(random.randrange(1, 4), 4))
        case MeasurementKind.SPANS:
            if key != "hold_spans" or not course.hold_s:
                return Measurement()
            start = now + timedelta(seconds=BEFORE_S)
            return Measurement(spans=((start, start + timedelta(seconds=course.hold_s)),))
        case MeasurementKind.CODED:
            return Measurement(code=f"agent-{random.randrange(1, 9)}")
        case MeasurementKind.STAMP_CHOICE:
            return Measurement(at=now, choice=random.choice(item.options).code)
        case _:
            return Measurement(at=now)


def _between(limits: tuple[int, int], quality: float, random: Random) -> int:
    """Return a number nearer the first limit the better the quality."""
    best, worst = limits
    return round(best + (worst - best) * min(1.0, random.random() * (1.25 - quality)))


def with_menu(record: Assessment) -> Assessment:
    """Take down as many keys as levels were counted: each entrant has its menu, and one detour in it."""
    levels, began = record.measurements.get("menu_levels"), record.measurements.get("t_first_answer")
    if levels is None or not levels.number or began is None or began.at is None:
        return record
    menu, chance = Random(record.entrant_id), Random(record.id)  # noqa: S311 - a demo
    keys, heard = [menu.choice("123459") for _ in range(4)], [menu.randrange(3, 7) for _ in range(4)]
    is_detour = chance.random() < DETOURS
    steps = [
        MenuStep(at=began.at + timedelta(seconds=4 + 3 * level), key=keys[level], heard=heard[level])
        for level in range(min(levels.number, len(keys)))
    ]
    if is_detour:
        steps.insert(1, MenuStep(at=steps[0].at + timedelta(seconds=1), key="8", heard=heard[0], repeats=True))
    return replace(record, menu=tuple(steps))
