"""Reading the entries of a season file: channel, FAQ, service hours, history, and the rounds around the assessments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from checklists.award.badge import PastResult
from checklists.award.consistency import refusal
from checklists.award.grades import Grade
from checklists.forms.form import Channel
from checklists.language import N_
from checklists.record.assignment import ServiceHours
from checklists.record.service_hours import minute_of_day
from checklists.rules.ruleset import short
from checklists.rules.score_rules import ScoreRules
from checklists.season.assessments import AssessmentReader
from checklists.season.fields import Fields, day, number, score
from checklists.season.model import SeasonAssessment, SeasonEntry, SeasonRound
from checklists.season.problems import Place, Problems

CHANNELS = tuple(channel.value for channel in Channel)
_GRADES = tuple(grade.value for grade in Grade)


class EntryReader:
    """Reads the entries of one file. `editions` None takes every year a history names; `years_named` gathers them."""

    def __init__(
        self,
        problems: Problems,
        rules: ScoreRules,
        assessments: AssessmentReader,
        *,
        editions: frozenset[int] | None,
    ) -> None:
        self._problems = problems
        self._rules = rules
        self._assessments = assessments
        self._editions = editions
        self.years_named: set[int] = set()

    def read(self, raw: object, place: Place, channels: set[str]) -> SeasonEntry | None:
        """Return one entry of an entrant whose `channels` are taken; None when it is no object."""
        fields = Fields(
            raw, place, self._problems, ("channel", "faq_filed_at", "withdrawn", "service", "history", "rounds")
        )
        if not fields.is_object:
            return None
        channel = fields.choice("channel", CHANNELS)
        if channel is not None and channel in channels:
            self._problems.add(
                fields.at("channel"),
                "doubled-channel",
                N_("{value} stands twice in this entrant; keep one entry a channel"),
                value=channel,
            )
        channels.add(channel or "")
        return SeasonEntry(
            channel=Channel(channel or "phone_in"),
            faq_filed_at=fields.moment("faq_filed_at"),
            faq_in_time="faq_filed_at" not in fields.raw,
            is_withdrawn=fields.flag("withdrawn"),
            service=self._service(fields) if fields.has("service") else None,
            history=self._history(fields),
            rounds=self._rounds(fields, channel),
        )

    def _service(self, fields: Fields) -> ServiceHours:
        told = Fields(fields.raw["service"], fields.at("service"), self._problems, ("days", "hours", "closed_on"))
        days = [self._weekday(item, (told.at("days"), i)) for i, item in enumerate(told.items("days"))]
        hours = [self._span(item, (told.at("hours"), i)) for i, item in enumerate(told.items("hours"))]
        closed = [
            day(item, (told.at("closed_on"), i), self._problems) for i, item in enumerate(told.items("closed_on"))
        ]
        for key, values in (("days", days), ("hours", hours), ("closed_on", closed)):
            counts = Counter(value for value in values if value is not None)
            for value, times in counts.items():
                if times > 1:
                    doubled(str(value), told.at(key), self._problems)
        always = ServiceHours()
        return ServiceHours(
            days=tuple(value for value in days if value) if "days" in told.raw else always.days,
            hours=tuple(value for value in hours if value) if "hours" in told.raw else always.hours,
            closed_on=tuple(value for value in closed if value),
        )

    def _weekday(self, value: object, place: Place) -> int | None:
        if type(value) is int and 1 <= value <= 7:
            return value
        self._problems.add(
            place,
            "not-a-weekday",
            N_("must be a weekday from 1 (Monday) to 7 (Sunday), not {value}"),
            value=short(value),
        )
        return None

    def _span(self, value: object, place: Place) -> tuple[str, str] | None:
        if isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value):
            start, end = (minute_of_day(part) for part in value)
            if start is not None and end is not None and start != end and start < 24 * 60:
                return str(value[0]), str(value[1])
        self._problems.add(
            place, "not-a-span", N_('must be a span such as ["09:00", "18:00"], not {value}'), value=short(value)
        )
        return None

    def _history(self, fields: Fields) -> Mapping[int, PastResult]:
        history: dict[int, PastResult] = {}
        for index, item in enumerate(fields.items("history")):
            place = (fields.at("history"), index)
            told = Fields(item, place, self._problems, ("year", "industry", "channel", "final", "grade"))
            if not told.is_object:
                continue
            on, industry = told.year("year"), told.text("industry")
            channel, final = told.choice("channel", CHANNELS), told.score("final")
            grade = told.choice("grade", _GRADES)
            if on is None:
                continue
            if on in history:
                doubled(on, told.at("year"), self._problems)
            if self._editions is not None and on not in self._editions:
                self._problems.add(
                    told.at("year"),
                    "not-held",
                    N_("{value} is not in editions_held; add it there, or correct the year"),
                    value=str(on),
                )
            self.years_named.add(on)
            if industry is not None and channel is not None and final is not None and grade is not None:
                history[on] = PastResult(year=on, industry=industry, channel=channel, final=final, grade=Grade(grade))
        return history

    def _rounds(self, fields: Fields, channel: str | None) -> tuple[SeasonRound, ...]:
        wanted = len(self._rules.weights)
        listed = fields.items("rounds", is_needed=True)
        if "rounds" in fields.raw and isinstance(fields.raw["rounds"], list) and len(listed) != wanted:
            self._problems.add(
                fields.at("rounds"),
                "rounds-count",
                N_("holds {count} rounds; give {wanted}, {{}} for one without assessments"),
                count=len(listed),
                wanted=wanted,
            )
        ids: set[str] = set()
        return tuple(self._round(item, (fields.at("rounds"), index), channel, ids) for index, item in enumerate(listed))

    def _round(self, raw: object, place: Place, channel: str | None, ids: set[str]) -> SeasonRound:
        fields = Fields(raw, place, self._problems, ("assessments", "ivrs", "consistency"))
        listed = fields.items("assessments")
        at = fields.at("assessments")
        on = Channel(channel or "phone_in")
        assessments: list[SeasonAssessment] = []
        for index, item in enumerate(listed):
            told = self._assessments.read(item, (at, index), on, ids)
            if told is not None:
                assessments.append(told)
        return SeasonRound(
            assessments=tuple(assessments), ivrs=self._ivrs(fields, channel), consistency=self._consistency(fields)
        )

    def _ivrs(self, fields: Fields, channel: str | None) -> tuple[Fraction, ...]:
        place = fields.at("ivrs")
        listed = fields.items("ivrs")
        if listed and channel not in (None, "phone_in"):
            self._problems.add(place, "ivrs-not-here", N_("is for phone_in entries only; remove it"))
        scores = [score(item, (place, index), self._problems) for index, item in enumerate(listed)]
        return tuple(told for told in scores if told is not None)

    def _consistency(self, fields: Fields) -> Fraction | None:
        if not fields.has("consistency"):
            return None
        place = fields.at("consistency")
        told = number(fields.raw["consistency"], place, self._problems)
        if self._rules.consistency.method != "manual":
            self._problems.add(
                place,
                "consistency-not-manual",
                N_("is given while consistency.method is {method}; remove it, or set the method to manual"),
                method=self._rules.consistency.method,
            )
        elif told is not None:
            refused = refusal(told, self._rules.consistency)
            if refused:
                self._problems.add(place, "out-of-range", N_("{reason}; correct it"), reason=refused)
        return told


def doubled(value: object, place: Place, problems: Problems) -> None:
    """Tell a value that may stand once only."""
    problems.add(place, "doubled", N_("{value} stands twice; keep one"), value=short(value))
