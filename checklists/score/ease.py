"""Was the service easy to get through to (R11)? The test that earns the ease-of-access bonus of one assessment.

EASE-1  Phone: an agent within `agent_wait_s` of asking for one, on the first try (where `first_attempt`), and no more
        than `menu_levels` menus. A hotline without an IVRS has no levels.
EASE-2  Online: the first meaningful reply within `chat_s`, `social_s` or, in service hours, `email_form_service_s`.
EASE-3  Face to face: acknowledged within `ack_s` and served within `served_s`.
EASE-4  Onsite: never; a visit is walked into and a recording check arranged, and waiting is scored already.
EASE-5  A limit is met when it is not exceeded. What was not measured is not met: the bonus is earned, not presumed.

Only a reached contact can earn it. What it is worth is the ruleset's `ease.points`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import takewhile

import msgspec

from checklists.forms.form import Channel
from checklists.language import N_, Sentence, Template, sentence
from checklists.number import as_answer
from checklists.record.assessment import Assessment, Attempt, Contact, Outcome
from checklists.record.attempts import FAILURES
from checklists.record.derived import Circumstances, Quantities
from checklists.record.sheet import Sheet
from checklists.rules.ruleset import Ruleset


class EaseTest(msgspec.Struct, frozen=True, kw_only=True):
    """The thresholds, `ease.test.*` of the ruleset; seconds unless the name says otherwise."""

    agent_wait_s: int = 20
    first_attempt: bool = True
    menu_levels: int = 3
    chat_s: int = 30
    social_s: int = 900
    email_form_service_s: int = 14400
    ack_s: int = 30
    served_s: int = 180

    @classmethod
    def of(cls, rules: Ruleset) -> EaseTest:
        """Read the thresholds from `rules`."""
        return cls(
            agent_wait_s=rules.whole("ease.test.agent_wait_s"),
            first_attempt=rules.flag("ease.test.first_attempt"),
            menu_levels=rules.whole("ease.test.menu_levels"),
            chat_s=rules.whole("ease.test.chat_s"),
            social_s=rules.whole("ease.test.social_s"),
            email_form_service_s=rules.whole("ease.test.email_form_service_s"),
            ack_s=rules.whole("ease.test.ack_s"),
            served_s=rules.whole("ease.test.served_s"),
        )


class EaseResult(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the test is met, and one sentence for each condition looked at."""

    met: bool
    why: tuple[Sentence, ...]


Condition = tuple[bool, Sentence]


def ease(
    assessment: Assessment,
    sheet: Sheet,
    test: EaseTest,
    *,
    circumstances: Circumstances,
    earlier_attempts: Sequence[Attempt] = (),
) -> EaseResult:
    """Judge one assessment. `earlier_attempts` are other assessors' tries on the same assignment, before its own."""
    if assessment.channel is Channel.ONSITE:
        return EaseResult(met=False, why=(sentence(N_("An onsite assessment never earns the ease-of-access bonus.")),))
    if assessment.channel is Channel.SITE_VISIT:
        return EaseResult(met=False, why=(sentence(N_("A site visit is of another programme: no bonus is its.")),))
    if assessment.contact is not Contact.CONNECTED:
        return EaseResult(met=False, why=(sentence(N_("Nobody was reached.")),))
    quantities = Quantities(sheet, assessment.measurements, circumstances=circumstances)
    log = (*earlier_attempts, *assessment.attempts)
    tries = tuple(attempt for attempt in log if attempt.taken_back_at is None)
    conditions = CONDITIONS[assessment.channel](assessment, quantities.number, tries, test)
    return EaseResult(met=all(met for met, _ in conditions), why=tuple(why for _, why in conditions))


Numbers = Callable[[str], Fraction | None]  # a count or a quantity, worked out when it is asked for


def _phone_in(assessment: Assessment, numbers: Numbers, tries: Sequence[Attempt], test: EaseTest) -> list[Condition]:
    levels = numbers("menu_levels")
    has_ivrs = "t_queue_in" in assessment.measurements
    if levels is None and not has_ivrs:
        levels = Fraction(0)
    conditions = [
        _within(N_("Waited {value} s for an agent; at most {limit} s"), numbers("wait_sec"), test.agent_wait_s),
        _within(N_("Passed {value} menu levels; at most {limit}"), levels, test.menu_levels),
    ]
    return [*conditions, _first_try(tries)] if test.first_attempt else conditions


def _online(assessment: Assessment, numbers: Numbers, tries: Sequence[Attempt], test: EaseTest) -> list[Condition]:
    del tries
    limits = {"chat": test.chat_s, "social": test.social_s}
    limit = limits.get(assessment.subchannel or "", test.email_form_service_s)
    return [_within(N_("First meaningful reply after {value} s; at most {limit} s"), numbers("frt_sec"), limit)]


def _face_to_face(
    assessment: Assessment, numbers: Numbers, tries: Sequence[Attempt], test: EaseTest
) -> list[Condition]:
    del assessment, tries
    return [
        _within(N_("Acknowledged after {value} s; at most {limit} s"), numbers("ack_sec"), test.ack_s),
        _within(N_("Served after {value} s; at most {limit} s"), numbers("served_sec"), test.served_s),
    ]


CONDITIONS: Mapping[Channel, Callable[[Assessment, Numbers, Sequence[Attempt], EaseTest], list[Condition]]] = {
    Channel.PHONE_IN: _phone_in,
    Channel.ONLINE: _online,
    Channel.FACE_TO_FACE: _face_to_face,
}


def _within(template: Template, value: Fraction | None, limit: int) -> Condition:
    if value is None:
        return False, sentence(N_("{condition}: not measured."), condition=sentence(template, value="?", limit=limit))
    met = value <= limit
    condition = sentence(template, value=as_answer(value), limit=limit)
    return met, sentence(N_("{condition}: met.") if met else N_("{condition}: not met."), condition=condition)


def _first_try(tries: Sequence[Attempt]) -> Condition:
    if not tries:
        return False, sentence(N_("Reached on the first try: no try is logged."))
    before = takewhile(lambda attempt: attempt.outcome is not Outcome.CONNECTED, tries)
    failures = sum(attempt.outcome in FAILURES for attempt in before)
    if failures:
        return False, sentence(N_("Reached on the first try: not met, {count} failed before."), count=failures)
    return True, sentence(N_("Reached on the first try: met."))
