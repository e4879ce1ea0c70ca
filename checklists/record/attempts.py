"""The six-tries rule: which tries count, when a contact is written off, and what the next try would be.

R-ATT-1  A failure counts when its disposition does, inside service hours, with the app's stamp, and at least the
         minimum gap after the previous counted try. The gap runs across windows; `counted` is over the whole log.
R-ATT-2  `connected` counts at any hour and within any gap, and ends the log: later tries are ignored.
R-ATT-3  A window that gathers the needed tries meets the rule; one that lapses with fewer costs nothing, and the next
         counted try opens another.
R-ATT-4  Met and connected later: the penalty stands, or is waived, as `attempts.late_connect` says.
R-ATT-5  However many windows are full, one assessment loses `unreachable.penalty` once, at most
         `unreachable.max_penalty`: the season file's "penalty × unreached" knows one penalty an assessment.
R-ATT-6  The rule is for the channels of `attempts.modes` alone.
R-ATT-7  A try taken back is a mistake of the log: it neither counts nor connects, and stays to be seen.
R-ATT-8  Gaps, windows, service hours and the order of the log go by corrected time (`trusted_time`).

The phone shows the next try from it; the server and the season file take the penalty from it. It reads no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

import msgspec

from checklists.days import day_words
from checklists.forms.form import Channel
from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import Attempt, Contact, Outcome
from checklists.record.assignment import ServiceHours
from checklists.record.call_back import called_back
from checklists.record.service_hours import is_open, opening
from checklists.record.windows import closes_at, full_windows, numbers_in_windows, window_at
from checklists.rules.attempt_rules import AttemptRules, Window

FAILURES = frozenset(
    {
        Outcome.NO_ANSWER,
        Outcome.BUSY,
        Outcome.QUEUE_TIMEOUT,
        Outcome.DROPPED_BEFORE_AGENT,
        Outcome.IVRS_DEAD_END,
        Outcome.VOICEMAIL,
        Outcome.NETWORK_ANNOUNCEMENT,
    }
)
CONNECTS_BY_ANY_ANSWER = frozenset(
    {Outcome.QUEUE_TIMEOUT, Outcome.IVRS_DEAD_END, Outcome.VOICEMAIL, Outcome.DROPPED_BEFORE_AGENT}
)
NO_PENALTY = Fraction(0)


class Verdict(StrEnum):
    """How one try stands under the rule."""

    COUNTS = "counts"
    CONNECTS = "connects"
    AFTER_CONNECTION = "after-connection"
    TAKEN_BACK = "taken-back"
    CALLED_BACK = "called-back"
    NOT_A_FAILURE = "not-a-failure"
    OUTSIDE_SERVICE_HOURS = "outside-service-hours"
    NO_STAMP = "no-stamp"
    TOO_SOON = "too-soon"


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """A log in figures. `verdicts` go with the tries, oldest first; `counted_at` are the counted tries' moments."""

    connected: bool
    verdicts: tuple[Verdict, ...]
    counted_at: tuple[datetime, ...]
    windows_met: int


class JudgedTry(msgspec.Struct, frozen=True, kw_only=True):
    """One try, how it stands under the rule, and why. `number` is its place among the counted ones of its window."""

    attempt: Attempt
    verdict: Verdict
    why: Sentence
    number: int | None = None


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """A whole log judged. `penalty` is the points it costs (0 or more); `applies` is False outside `attempts.modes`."""

    state: Contact
    applies: bool
    counted: int
    windows_met: int
    penalty: Fraction
    tries: tuple[JudgedTry, ...]
    warnings: tuple[Sentence, ...]
    rules: AttemptRules
    service: ServiceHours | None = None

    @property
    def counted_at(self) -> tuple[datetime, ...]:
        """The moments of the counted tries, oldest first."""
        return tuple(judged.attempt.trusted_at for judged in self.tries if judged.verdict is Verdict.COUNTS)


class NextTry(msgspec.Struct, frozen=True, kw_only=True):
    """What the next try would be: its `number` of `needed`, and when the window it falls in closes.

    `closes_at` is exclusive (midnight is the 24:00 of the day before); None when no window is open, so that the next
    counted try opens one. `counts_from` is the first moment at which a failure would count, by gap and service hours at
    `now` (None: at once). `rule_met` says that the contact is already written off and may only still be connected.
    """

    number: int
    needed: int
    closes_at: datetime | None
    counts_from: datetime | None
    in_service_hours: bool
    rule_met: bool
    advice: tuple[Sentence, ...] = ()


def applies(rules: AttemptRules, channel: Channel, subchannel: str | None = None) -> bool:
    """Is the rule for this channel? `attempts.modes` names a whole channel, or one sub-channel as "online.chat"."""
    return channel.value in rules.modes or (subchannel is not None and f"{channel.value}.{subchannel}" in rules.modes)


def tally(attempts: Sequence[Attempt], rules: AttemptRules, service: ServiceHours | None = None) -> Tally:
    """Count `attempts`, oldest first, and the windows they fill."""
    is_open_at = opening(service, rules.tz)
    verdicts: list[Verdict] = []
    counted_at: list[datetime] = []
    connected = False
    answered = called_back(attempts, service, rules.tz) if any(tried.call_back for tried in attempts) else ()
    for place, attempt in enumerate(attempts):
        if attempt.taken_back_at is not None or connected or place in answered:
            verdicts.append(_aside(attempt, connected=connected))
            continue
        verdict = _verdict(attempt, counted_at[-1] if counted_at else None, rules, is_open_at)
        verdicts.append(verdict)
        if verdict is Verdict.COUNTS:
            counted_at.append(attempt.trusted_at)
        connected = verdict is Verdict.CONNECTS
    # A connection never empties a window: R-ATT-4 decides what a full one then costs.
    met = len(full_windows(counted_at, rules, service)) if len(counted_at) >= rules.needed else 0
    return Tally(connected=connected, verdicts=tuple(verdicts), counted_at=tuple(counted_at), windows_met=met)


def in_order(attempts: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """Return `attempts`, oldest first by corrected time."""
    return tuple(sorted(attempts, key=lambda attempt: attempt.trusted_at))


def may_fill_a_window(attempts: Sequence[Attempt], rules: AttemptRules) -> bool:
    """Are there enough tries at all? A quick look that spares most logs of a season the counting."""
    return len(attempts) >= rules.needed and sum(attempt.outcome in FAILURES for attempt in attempts) >= rules.needed


def connects(outcome: Outcome, rules: AttemptRules) -> bool:
    """Does a try with this outcome end the log?"""
    return outcome is Outcome.CONNECTED or (rules.any_answer_connects and outcome in CONNECTS_BY_ANY_ANSWER)


def penalty(windows_met: int, *, connected: bool, rules: AttemptRules) -> Fraction:
    """Return the points a log with `windows_met` full windows costs, 0 or more."""
    if not windows_met or (connected and rules.late_connect == "waive"):
        return NO_PENALTY
    return min(rules.penalty, rules.max_penalty)


def judge(
    attempts: Sequence[Attempt],
    rules: AttemptRules,
    service: ServiceHours | None = None,
    channel: Channel = Channel.PHONE_IN,
    subchannel: str | None = None,
) -> Series:
    """Judge a whole log, oldest first: whether the contact was made, what it costs, and why each try counts or not.

    On a channel without the rule the log only says whether the contact was made: nothing counts and nothing is lost.
    """
    applied = applies(rules, channel, subchannel)
    figures = tally(attempts, rules, service)
    met = figures.windows_met if applied else 0
    state = Contact.CONNECTED if figures.connected else Contact.UNREACHABLE if met else Contact.OPEN
    numbers = iter(numbers_in_windows(figures.counted_at, rules, service))
    return Series(
        state=state,
        applies=applied,
        counted=len(figures.counted_at),
        windows_met=met,
        penalty=penalty(met, connected=figures.connected, rules=rules),
        tries=tuple(
            JudgedTry(
                attempt=attempt,
                verdict=verdict,
                why=_why(verdict, rules),
                number=next(numbers) if verdict is Verdict.COUNTS else None,
            )
            for attempt, verdict in zip(attempts, figures.verdicts, strict=True)
        ),
        warnings=_spread_warnings(figures.counted_at, rules),
        rules=rules,
        service=service,
    )


def next_try(series: Series, now: datetime) -> NextTry | None:
    """Return what a try at the aware moment `now` would be; None when connected, or where the rule does not apply."""
    if series.state is Contact.CONNECTED or not series.applies:
        return None
    rules, service, counted_at = series.rules, series.service, series.counted_at
    in_window = window_at(counted_at, now, rules, service)
    gap_ends = counted_at[-1] + rules.min_gap if counted_at else now
    today = now.astimezone(rules.tz).date()
    tries_today = sum(at.astimezone(rules.tz).date() == today for at in counted_at)
    advice = [sentence(N_("{count} tries are already counted today: try another day or time."), count=tries_today)]
    return NextTry(
        number=len(in_window) + 1,
        needed=rules.needed,
        closes_at=closes_at(in_window[0], rules, service) if in_window else None,
        counts_from=gap_ends if gap_ends > now else None,
        in_service_hours=not rules.in_service_hours or is_open(service, now, rules.tz),
        rule_met=series.windows_met > 0,
        advice=tuple(advice) if tries_today >= rules.suggest_per_day else (),
    )


_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def label(upcoming: NextTry, rules: AttemptRules) -> Sentence:
    """Return the short line a phone shows: "try 4 of 6, closes Wed 24:00"."""
    if upcoming.rule_met:
        return sentence(N_("{needed} tries failed: written off unless somebody answers"), needed=upcoming.needed)
    if upcoming.closes_at is None:
        return sentence(N_("try {number} of {needed}"), number=upcoming.number, needed=upcoming.needed)
    local = upcoming.closes_at.astimezone(rules.tz)
    at_midnight = (local.hour, local.minute) == (0, 0) and rules.window is not Window.ANCHORED_72H
    weekday = (local - timedelta(days=1) if at_midnight else local).weekday()
    return sentence(
        N_("try {number} of {needed}, closes {weekday} {clock}"),
        number=upcoming.number,
        needed=upcoming.needed,
        weekday=sentence(_WEEKDAYS[weekday]),
        clock="24:00" if at_midnight else f"{local:%H:%M}",
    )


def _aside(attempt: Attempt, *, connected: bool) -> Verdict:
    if attempt.taken_back_at is not None:
        return Verdict.TAKEN_BACK
    return Verdict.AFTER_CONNECTION if connected else Verdict.CALLED_BACK


def _verdict(
    attempt: Attempt, previous: datetime | None, rules: AttemptRules, is_open_at: Callable[[datetime], bool]
) -> Verdict:
    outcome = attempt.outcome
    if connects(outcome, rules):
        return Verdict.CONNECTS
    if outcome not in FAILURES:
        return Verdict.NOT_A_FAILURE
    if rules.in_service_hours:
        inside = attempt.in_service_hours
        if inside is None:
            inside = is_open_at(attempt.trusted_at)
        if not inside:
            return Verdict.OUTSIDE_SERVICE_HOURS
    if rules.require_stamp and not attempt.stamped:
        return Verdict.NO_STAMP
    if previous is not None and attempt.trusted_at - previous < rules.min_gap:
        return Verdict.TOO_SOON
    return Verdict.COUNTS


def _spread_warnings(counted_at: Sequence[datetime], rules: AttemptRules) -> tuple[Sentence, ...]:
    days = Counter(at.astimezone(rules.tz).date() for at in counted_at)
    return tuple(
        sentence(
            N_("{count} tries on {day}: spread them, at most {most} a day and at different times of day."),
            count=count,
            day=day_words(day),
            most=rules.suggest_per_day,
        )
        for day, count in days.items()
        if count > rules.suggest_per_day
    )


_WHY = {
    Verdict.COUNTS: N_("Counts as a failed try."),
    Verdict.CONNECTS: N_("Connected: ends the series."),
    Verdict.AFTER_CONNECTION: N_("Ignored: made after the connection."),
    Verdict.TAKEN_BACK: N_("Taken back: logged by mistake."),
    Verdict.CALLED_BACK: N_("Does not count: they called back within four service hours."),
    Verdict.NOT_A_FAILURE: N_("Does not count: this outcome is not a failure of the entrant."),
    Verdict.OUTSIDE_SERVICE_HOURS: N_("Does not count: outside the entrant's service hours."),
    Verdict.NO_STAMP: N_("Does not count: not stamped by the app."),
    Verdict.TOO_SOON: N_("Does not count: less than {minutes} minutes after the previous counted try."),
}


def _why(verdict: Verdict, rules: AttemptRules) -> Sentence:
    if verdict is Verdict.TOO_SOON:
        return sentence(_WHY[verdict], minutes=rules.min_gap // timedelta(minutes=1))
    return sentence(_WHY[verdict])
