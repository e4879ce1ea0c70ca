"""The check list of an edition: every date with what is wrong with it. All of it is to be green before round 1 opens.

EDC-1  Nothing is missing: organiser, a way to reach the secretariat, a day of each milestone, dates and report of
       each round, the moment of the results.
EDC-2  Every day is of the edition's year. A season that begins in January prepares in the year before, one that ends
       after October is reported in the year after: by so much the year is longer at that end.
EDC-3  No day was already past when the edition was begun.
EDC-4  Milestones begin in their order; a round opens after the one before it, a report comes after its round, the
       ceremony after the last round, the results between the last round's end and the ceremony.
EDC-5  An item has one line, with the first thing that is wrong with it; without an edition there is one red line.
EDC-6  While a line is red, nothing new of round 1 is handed out by a file or a page before its day: it cannot open like
       that. A round that has opened goes on, and so does a season without an edition, as earlier releases kept it.

Pure: a page, the command and every page's notice print the same list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from checklists.days import day_words
from checklists.language import N_, Sentence, Template, sentence
from sync_server.season.edition import MILESTONES, OWN_MILESTONES, Edition, Session
from sync_server.season.round_dates import LATEST

PREPARING = timedelta(days=92)
NO_EDITION = N_("There is no edition yet. Type one in, or import editions.csv.")
_MISSING = N_("No day is set.")


@dataclass(frozen=True, kw_only=True)
class Check:
    """One line: what is looked at, its days, and what is wrong; None: it is green. `code` says where it is kept."""

    code: str
    name: Template
    sessions: Sequence[Session] = ()
    problem: Sentence | None = None

    @property
    def is_green(self) -> bool:
        """Whether nothing is wrong."""
        return self.problem is None


def checks(edition: Edition | None, zone: ZoneInfo) -> Sequence[Check]:
    """Return the list, from the edition's name to its results."""
    if edition is None:
        return (Check(code="edition", name=N_("Edition"), problem=sentence(NO_EDITION)),)
    return (*_about_names(edition), *(_milestone(edition, code) for code in MILESTONES), _results(edition, zone))


def reds(listed: Sequence[Check]) -> int:
    """Return how many lines are red."""
    return sum(not check.is_green for check in listed)


def why_round_waits(edition: Edition | None, zone: ZoneInfo, number: int, *, has_opened: bool) -> Sentence | None:
    """Return why nothing new of the round is handed out, or None (EDC-6)."""
    if number != 1 or edition is None or has_opened:
        return None
    red = reds(checks(edition, zone))
    return cannot_open(red) if red else None


def cannot_open(red: int) -> Sentence:
    """Say that so many red lines keep round 1 from opening."""
    words = N_("Red lines on the edition's check list: {red}. Put them right first: round 1 cannot open like this.")
    return sentence(words, red=red)


def _about_names(edition: Edition) -> Iterator[Check]:
    organiser = None if edition.organiser else sentence(N_("Nobody is named as the organiser."))
    yield Check(code="organiser", name=N_("Organiser"), problem=organiser)
    is_reached = edition.contact.get("telephone") or edition.contact.get("email")
    contact = None if is_reached else sentence(N_("Give a telephone number or an e-mail address."))
    yield Check(code="contact", name=N_("Contact details"), problem=contact)


def _milestone(edition: Edition, code: str) -> Check:
    sessions = edition.calendar[code]
    problem = _missing(edition, code) or _off(edition, sessions) or _misplaced(edition, code)
    return Check(code=code, name=MILESTONES[code], sessions=sessions, problem=problem)


def _missing(edition: Edition, code: str) -> Sentence | None:
    sessions = edition.calendar[code]
    if code not in ("assessment_period", "reports"):
        return None if sessions else sentence(_MISSING)
    gone = sorted(set(edition.rounds) - {one.round for one in sessions})
    if not gone:
        return None
    words = N_("No dates are set for round {numbers}.") if code == "assessment_period" else _NO_REPORT
    return sentence(words, numbers=tuple(map(str, gone)))


_NO_REPORT = N_("No moment is set for the report of round {numbers}.")


def _off(edition: Edition, sessions: Sequence[Session]) -> Sentence | None:
    """Say which day is of another year, or was past from the first."""
    first, last = _span(edition)
    for one in sessions:
        for day in (one.on, one.last):
            if not first <= day <= last:
                return sentence(N_("{day} is not in {year}."), day=day_words(day), year=edition.year)
        if one.on < edition.begun_on:
            words = N_("{day} was past when this edition was begun on {begun}.")
            return sentence(words, day=day_words(one.on), begun=day_words(edition.begun_on))
    return None


def _span(edition: Edition) -> tuple[date, date]:
    """Return the first and last day that are of the edition (EDC-2)."""
    rounds = edition.calendar["assessment_period"]
    first, last = date(edition.year, 1, 1), date(edition.year, 12, 31)
    opens, ends = min((one.on for one in rounds), default=last), max((one.last for one in rounds), default=first)
    if opens.year == edition.year and opens.month == 1:
        first = opens - PREPARING
    if opens.year == edition.year and ends > date(edition.year, 10, 31):
        last = max(last, ends + LATEST)
    return first, last


def _misplaced(edition: Edition, code: str) -> Sentence | None:
    ends = {one.round: one.last for one in edition.calendar["assessment_period"]}
    own = edition.calendar[code]
    if code == "reports":
        for one in own:
            end = ends.get(one.round)
            if end is not None and one.on <= end:
                words = N_("The report of round {number} comes before the round ends ({end}).")
                return sentence(words, number=one.round, end=day_words(end))
        return None
    if code == "ceremony":
        return _before_the_end(own, ends)
    if code == "assessment_period":
        for before, after in pairwise(own):
            if after.on < before.last:
                words = N_("Round {number} opens before round {before} ends ({end}).")
                return sentence(words, number=after.round, before=before.round, end=day_words(before.last))
    return _before_an_earlier_one(edition, code)


def _before_the_end(own: Sequence[Session], ends: dict[int | None, date]) -> Sentence | None:
    last = max(ends.values(), default=None)
    if last is not None and own[0].on <= last:
        return sentence(
            N_("{day} lies before the last round ends ({end})."), day=day_words(own[0].on), end=day_words(last)
        )
    return None


def _before_an_earlier_one(edition: Edition, code: str) -> Sentence | None:
    begins = edition.calendar[code][0].on
    for earlier in list(MILESTONES)[: list(MILESTONES).index(code)]:
        sessions = edition.calendar[earlier]
        if sessions and begins < sessions[0].on:
            words = N_("{day} lies before “{earlier}” ({on}).")
            return sentence(
                words,
                day=day_words(begins),
                earlier=sentence(MILESTONES[earlier]),
                on=day_words(sessions[0].on),
            )
    return None


def _results(edition: Edition, zone: ZoneInfo) -> Check:
    name = N_("Results released")
    if edition.results_at is None:
        return Check(code="results", name=name, problem=sentence(N_("No moment is set for the results.")))
    session = Session(edition.results_at.astimezone(zone).date())
    last = max((one.last for one in edition.calendar["assessment_period"]), default=None)
    ceremony = max((one.last for one in edition.calendar["ceremony"]), default=None)
    problem = _off(edition, [session])
    if problem is None and last is not None and session.on <= last:
        words = N_("{day} lies before the last round ends ({end}).")
        problem = sentence(words, day=day_words(session.on), end=day_words(last))
    if problem is None and ceremony is not None and session.on > ceremony:
        words = N_("{day} lies after the ceremony ({on}), where the results are announced.")
        problem = sentence(words, day=day_words(session.on), on=day_words(ceremony))
    return Check(code="results", name=name, sessions=(session,), problem=problem)


OWN = frozenset(("organiser", "contact", "edition", *OWN_MILESTONES))  # what is kept with the edition itself
