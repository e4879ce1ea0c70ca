"""Reading the entries of a season file: channel, FAQ, service hours, history, and the rounds around the assessments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from fractions import Fraction

from checklists.award.badge import PastResult
from checklists.award.consistency import refusal
from checklists.award.grades import Grade
from checklists.forms.form import AWARD_CHANNELS, Channel
from checklists.language import N_
from checklists.problems import Misfit, Place, Problems, short
from checklists.record.assignment import ServiceHours
from checklists.record.service_hours import minute_of_day
from checklists.rules.programme import Programme
from checklists.rules.score_rules import ScoreRules
from checklists.season.assessments import AssessmentReader
from checklists.season.fields import JsonObject, choice, day, flag, moment, number, score, year
from checklists.season.model import SeasonAssessment, SeasonEntry, SeasonRound

CHANNELS = tuple(channel.value for channel in AWARD_CHANNELS)
_SERVICE = ("days", "hours", "closed_on", "suspended")
_GRADES = tuple(grade.value for grade in Grade)


class EntryReader:
    """Reads the entries of one file. `editions` None takes every year a history names; `years_named` gathers them."""

    def __init__(
        self,
        problems: Problems,
        programme: Programme,
        assessments: AssessmentReader,
        *,
        editions: frozenset[int] | None,
    ) -> None:
        self._problems = problems
        self._rules = ScoreRules.of(programme.rules)
        self._variants = programme.rules.texts("onsite.variants")
        self._industry = industry_of(programme)
        self._assessments = assessments
        self._editions = editions
        self.years_named: set[int] = set()

    def read(self, raw: object, place: Place, channels: set[str]) -> SeasonEntry | None:
        """Return one entry of an entrant whose `channels` are taken; None when it is no object."""
        fields = JsonObject(
            raw,
            place,
            self._problems,
            ("channel", "onsite_variant", "faq_filed_at", "withdrawn", "service", "history", "rounds", "ivrs_panel"),
        )
        if not fields.is_object:
            return None
        channel = fields.needed("channel", choice(CHANNELS))
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
            faq_filed_at=fields.unless_null("faq_filed_at", moment),
            faq_in_time="faq_filed_at" not in fields,
            is_withdrawn=bool(fields.take("withdrawn", flag)),
            service=self._service(fields) if fields.raw.get("service") is not None else None,
            history=self._history(fields),
            onsite_variant=self._variant(fields, channel),
            rounds=self._rounds(fields, channel),
            ivrs_panel=self._ivrs_panel(fields, channel),
        )

    def _ivrs_panel(self, fields: JsonObject, channel: str | None) -> Fraction | None:
        if fields.raw.get("ivrs_panel") is None:
            return None
        if channel not in (None, "phone_in"):
            self._problems.add(fields.at("ivrs_panel"), "ivrs-not-here", N_("is for phone_in entries only; remove it"))
            return None
        return fields.take("ivrs_panel", score)

    def _variant(self, fields: JsonObject, channel: str | None) -> str | None:
        if fields.raw.get("onsite_variant") is None:
            return None
        if channel not in (None, Channel.ONSITE):
            template = N_("is for onsite entries only; remove it")
            self._problems.add(fields.at("onsite_variant"), "variant-not-here", template)
            return None
        return fields.take("onsite_variant", choice(self._variants))

    def _service(self, entry: JsonObject) -> ServiceHours:
        fields = JsonObject(entry.raw["service"], entry.at("service"), self._problems, _SERVICE)
        days, hours, closed = fields.each("days", _weekday), fields.each("hours", _span), fields.each("closed_on", day)
        for key, values in (("days", days), ("hours", hours), ("closed_on", closed)):
            counts = Counter(value for value in values if value is not None)
            for value, times in counts.items():
                if times > 1:
                    report_doubled(str(value), fields.at(key), self._problems)
        always = ServiceHours()
        return ServiceHours(
            days=tuple(value for value in days if value) if "days" in fields else always.days,
            hours=tuple(value for value in hours if value) if "hours" in fields else always.hours,
            closed_on=tuple(value for value in closed if value),
            suspended=tuple(value for value in fields.each("suspended", _suspension) if value),
        )

    def _history(self, entry: JsonObject) -> Mapping[int, PastResult]:
        history: dict[int, PastResult] = {}
        for place, item in entry.items("history"):
            fields = JsonObject(item, place, self._problems, ("year", "industry", "channel", "final", "grade"))
            if not fields.is_object:
                continue
            on, industry = fields.needed("year", year), fields.needed("industry", self._industry)
            channel, final = fields.needed("channel", choice(CHANNELS)), fields.needed("final", score)
            grade = fields.needed("grade", choice(_GRADES))
            if on is None:
                continue
            if on in history:
                report_doubled(on, fields.at("year"), self._problems)
            if self._editions is not None and on not in self._editions:
                self._problems.add(
                    fields.at("year"),
                    "not-held",
                    N_("{value} is not in editions_held; add it there, or correct the year"),
                    value=str(on),
                )
            self.years_named.add(on)
            if industry is not None and channel is not None and final is not None and grade is not None:
                history[on] = PastResult(year=on, industry=industry, channel=channel, final=final, grade=Grade(grade))
        return history

    def _rounds(self, fields: JsonObject, channel: str | None) -> tuple[SeasonRound, ...]:
        wanted = len(self._rules.weights)
        listed = fields.raw.get("rounds")
        if isinstance(listed, list) and len(listed) != wanted:
            self._problems.add(
                fields.at("rounds"),
                "rounds-count",
                N_("holds {count} rounds; give {wanted}, {{}} for one without assessments"),
                count=len(listed),
                wanted=wanted,
            )
        ids: set[str] = set()
        rounds = fields.items("rounds", is_needed=True)
        return tuple(self._round(item, place, channel, ids) for place, item in rounds)

    def _round(self, raw: object, place: Place, channel: str | None, ids: set[str]) -> SeasonRound:
        fields = JsonObject(raw, place, self._problems, ("assessments", "ivrs", "consistency"))
        on = Channel(channel or "phone_in")
        assessments: list[SeasonAssessment] = []
        for place_of_assessment, item in fields.items("assessments"):
            assessment = self._assessments.read(item, place_of_assessment, on, ids)
            if assessment is not None:
                assessments.append(assessment)
        return SeasonRound(
            assessments=tuple(assessments), ivrs=self._ivrs(fields, channel), consistency=self._consistency(fields)
        )

    def _ivrs(self, fields: JsonObject, channel: str | None) -> tuple[Fraction, ...]:
        if fields.raw.get("ivrs") and isinstance(fields.raw["ivrs"], list) and channel not in (None, "phone_in"):
            self._problems.add(fields.at("ivrs"), "ivrs-not-here", N_("is for phone_in entries only; remove it"))
        return tuple(read for read in fields.each("ivrs", score) if read is not None)

    def _consistency(self, fields: JsonObject) -> Fraction | None:
        if fields.raw.get("consistency") is None:
            return None
        place = fields.at("consistency")
        figure = fields.take("consistency", number)
        if self._rules.consistency.method != "manual":
            self._problems.add(
                place,
                "consistency-not-manual",
                N_("is given while consistency.method is {method}; remove it, or set the method to manual"),
                method=self._rules.consistency.method,
            )
        elif figure is not None:
            refused = refusal(figure, self._rules.consistency)
            if refused:
                self._problems.add(place, "out-of-range", N_("{reason}; correct it"), reason=refused)
        return figure


def industry_of(programme: Programme) -> Callable[[object], str]:
    """Return the reader of an industry group's code, which understands its older spellings (R-PRG-2)."""
    listed = choice([industry.code for industry in programme.industries])

    def read(raw: object) -> str:
        return (programme.industry_code(raw) if isinstance(raw, str) else None) or listed(raw)

    return read


def _weekday(raw: object) -> int:
    if type(raw) is int and 1 <= raw <= 7:
        return raw
    raise Misfit("not-a-weekday", N_("must be a weekday from 1 (Monday) to 7 (Sunday), not {value}"))


def _span(raw: object) -> tuple[str, str]:
    if isinstance(raw, list) and len(raw) == 2 and all(isinstance(part, str) for part in raw):
        start, end = (minute_of_day(part) for part in raw)
        if start is not None and end is not None and start != end and start < 24 * 60:
            return str(raw[0]), str(raw[1])
    raise Misfit("not-a-span", N_('must be a span such as ["09:00", "18:00"], not {value}'))


def _suspension(raw: object) -> tuple[datetime, datetime]:
    if isinstance(raw, list) and len(raw) == 2:
        begins, ends = moment(raw[0]), moment(raw[1])
        if begins < ends:
            return begins, ends
    raise Misfit("not-a-span", N_("must be a span of two moments, the earlier first, not {value}"))


def report_doubled(value: object, place: Place | None, problems: Problems) -> None:
    """Report a value that may stand once only."""
    problems.add(place, "doubled", N_("{value} stands twice; keep one"), value=short(value))
