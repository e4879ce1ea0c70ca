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


class EaseFigures(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the test looks at, whatever its thresholds: each threshold's name with the exact figure, None: not measured.

    `failed_before`: how many tries failed before somebody answered; None: no try is logged. 0 where it is not asked.
    """

    measured: tuple[tuple[str, str | None], ...]
    failed_before: int | None = 0

    def met(self, test: EaseTest) -> bool:
        """Whether these figures pass `test`."""
        if test.first_attempt and self.failed_before != 0:
            return False
        return all(figure is not None and _within(figure, getattr(test, name)) for name, figure in self.measured)


class EaseResult(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the test is met, and one sentence for each condition looked at. `figures` None: no test can be met."""

    met: bool
    why: tuple[Sentence, ...]
    figures: EaseFigures | None = None


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
    looked_at = FIGURES[assessment.channel](assessment, quantities.number)
    is_asked = assessment.channel is Channel.PHONE_IN
    figures = EaseFigures(
        tuple((name, None if value is None else str(value)) for name, value in looked_at),
        _failed_before(tries) if is_asked else 0,
    )
    why = [_why(name, value, getattr(test, name)) for name, value in looked_at]
    if is_asked and test.first_attempt:
        why.append(_first_try(figures.failed_before))
    return EaseResult(met=figures.met(test), why=tuple(why), figures=figures)


Numbers = Callable[[str], Fraction | None]  # a count or a quantity, worked out when it is asked for
Looked = Sequence[tuple[str, Fraction | None]]  # a threshold's name, and what is held against it


def _phone_in(assessment: Assessment, numbers: Numbers) -> Looked:
    levels = numbers("menu_levels")
    has_ivrs = "t_queue_in" in assessment.measurements
    if levels is None and not has_ivrs:
        levels = Fraction(0)
    return (("agent_wait_s", numbers("wait_sec")), ("menu_levels", levels))


def _online(assessment: Assessment, numbers: Numbers) -> Looked:
    names = {"chat": "chat_s", "social": "social_s"}
    return ((names.get(assessment.subchannel or "", "email_form_service_s"), numbers("frt_sec")),)


def _face_to_face(assessment: Assessment, numbers: Numbers) -> Looked:
    del assessment
    return (("ack_s", numbers("ack_sec")), ("served_s", numbers("served_sec")))


FIGURES: Mapping[Channel, Callable[[Assessment, Numbers], Looked]] = {
    Channel.PHONE_IN: _phone_in,
    Channel.ONLINE: _online,
    Channel.FACE_TO_FACE: _face_to_face,
}
_REPLY = N_("First meaningful reply after {value} s; at most {limit} s")
_SAID: Mapping[str, Template] = {
    "agent_wait_s": N_("Waited {value} s for an agent; at most {limit} s"),
    "menu_levels": N_("Passed {value} menu levels; at most {limit}"),
    "chat_s": _REPLY,
    "social_s": _REPLY,
    "email_form_service_s": _REPLY,
    "ack_s": N_("Acknowledged after {value} s; at most {limit} s"),
    "served_s": N_("Served after {value} s; at most {limit} s"),
}


def _within(figure: str, limit: int) -> bool:
    # In integers: a season under other thresholds asks this for every assessment.
    numerator, _, denominator = figure.partition("/")
    return int(numerator) <= limit * int(denominator or 1)


def _why(name: str, value: Fraction | None, limit: int) -> Sentence:
    if value is None:
        condition = sentence(_SAID[name], value="?", limit=limit)
        return sentence(N_("{condition}: not measured."), condition=condition)
    condition = sentence(_SAID[name], value=as_answer(value), limit=limit)
    return sentence(N_("{condition}: met.") if value <= limit else N_("{condition}: not met."), condition=condition)


def _failed_before(tries: Sequence[Attempt]) -> int | None:
    before = takewhile(lambda attempt: attempt.outcome is not Outcome.CONNECTED, tries)
    return sum(attempt.outcome in FAILURES for attempt in before) if tries else None


def _first_try(failed_before: int | None) -> Sentence:
    if failed_before is None:
        return sentence(N_("Reached on the first try: no try is logged."))
    if failed_before:
        return sentence(N_("Reached on the first try: not met, {count} failed before."), count=failed_before)
    return sentence(N_("Reached on the first try: met."))
