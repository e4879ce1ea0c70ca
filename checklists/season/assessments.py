"""Reading the assessments of a season file: by far the most of it, so a good one takes a few looks only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, TypeVar

from checklists.forms.form import Channel, Form
from checklists.language import N_
from checklists.plan.quota import Variant
from checklists.problems import Place, Problems, place_text, short
from checklists.record.assessment import Attempt, Outcome
from checklists.record.sheet import SheetError
from checklists.score.scoring import Scorers
from checklists.season.fields import (
    FIRST_YEAR,
    LAST_YEAR,
    MISSING,
    NOT_AN_OBJECT,
    choice,
    flag,
    items,
    moment,
    report_unknown,
    score,
    size,
    text,
)
from checklists.season.model import SeasonAssessment

SUBCHANNELS = ("chat", "email", "form", "social")
VARIANTS = tuple(variant.value for variant in Variant)
_KEYS = frozenset(
    {"id", "base", "ease", "penalty", "unreached", "attempts", "form", "answers", "subchannel", "void"}
    | {"variant", "recordings"}
)
_ATTEMPT_KEYS = frozenset({"at", "outcome", "in_service_hours", "call_back"})
_OUTCOMES: Mapping[object, Outcome] = {outcome.value: outcome for outcome in Outcome}
_LARGEST = 10**40

Value = TypeVar("Value")


class AssessmentReader:
    """Reads assessments of one file; remembers the bases it has read, since few texts stand for most of them."""

    def __init__(self, problems: Problems, scorers: Scorers, forms: Mapping[str, Form]) -> None:
        self._problems = problems
        self._scorers = scorers
        self._forms = forms
        self._bases: dict[str, Fraction] = {}

    def read(self, raw: object, place: Place, channel: Channel, ids: set[str]) -> SeasonAssessment | None:
        """Return one assessment of an entry on `channel` whose `ids` are taken; None when it has no use."""
        problems = self._problems
        if not isinstance(raw, dict):
            problems.add_misfit(place, NOT_AN_OBJECT, raw)
            return None
        if not raw.keys() <= _KEYS:
            report_unknown(raw, place, problems, _KEYS)
        assessment_id = self._id(raw, place, ids)
        flags = {"ease": False, "penalty": False, "unreached": False}
        for name in flags.keys() & raw.keys():
            flags[name] = bool(problems.fit((place, name), flag, raw[name]))
        void = None if raw.get("void") is None else problems.fit((place, "void"), text, raw["void"])
        subchannel = self._subchannel(raw, place, channel) if "subchannel" in raw else None
        form = self._form(raw, place, channel) if "form" in raw else None
        if len(raw) > 2:
            self._check_together(raw, place, flags)
        answers = raw.get("answers")
        if answers is not None or "answers" in raw:
            answers = self._answers(answers, place, form, subchannel, raw)
        return SeasonAssessment(
            id=assessment_id,
            base=self._base(raw["base"], place) if "base" in raw else None,
            ease=flags["ease"],
            penalty=flags["penalty"],
            unreached=flags["unreached"],
            attempts=self._attempts(raw["attempts"], place) if "attempts" in raw else None,
            form=form,
            answers=answers,
            subchannel=subchannel,
            variant=self._onsite(raw, "variant", choice(VARIANTS), place, channel) if "variant" in raw else None,
            recordings=self._onsite(raw, "recordings", size, place, channel) if "recordings" in raw else None,
            void=void,
            # Said in the working alone; of the other keys that start with x_ nothing is kept.
            notes={"settled": raw["x_settled"]} if isinstance(raw.get("x_settled"), dict) else {},
        )

    def _id(self, raw: dict[str, Any], place: Place, ids: set[str]) -> str:
        if "id" not in raw:
            self._problems.add_misfit((place, "id"), MISSING)
            return ""
        assessment_id = self._problems.fit((place, "id"), text, raw["id"])
        if assessment_id is None:
            return ""
        if assessment_id in ids:
            template = N_("{value} stands twice in this entry; give each assessment its own")
            self._problems.add((place, "id"), "doubled-id", template, value=short(assessment_id))
        ids.add(assessment_id)
        return assessment_id

    def _subchannel(self, raw: dict[str, Any], place: Place, channel: Channel) -> str | None:
        value = raw["subchannel"]
        if value is None:
            return None
        if channel is not Channel.ONLINE:
            self._problems.add(
                (place, "subchannel"), "subchannel-not-here", N_("is for online entries only; remove it")
            )
        else:
            return self._problems.fit((place, "subchannel"), choice(SUBCHANNELS), value)
        return None

    def _onsite(
        self, raw: dict[str, Any], key: str, read: Callable[[object], Value], place: Place, channel: Channel
    ) -> Value | None:
        if raw[key] is None:
            return None
        if channel is not Channel.ONSITE:
            self._problems.add((place, key), f"{key}-not-here", N_("is for onsite entries only; remove it"))
            return None
        return self._problems.fit((place, key), read, raw[key])

    def _form(self, raw: dict[str, Any], place: Place, channel: Channel) -> Form | None:
        value = raw["form"]
        form = self._forms.get(value) if isinstance(value, str) else None
        own = [form_id for form_id, known in self._forms.items() if known.channel is channel and not known.annex]
        if form is None or form.annex or form.channel is not channel:
            self._problems.add(
                (place, "form"),
                "form-unknown",
                N_("{value} is not a form of {channel}; use {options}"),
                value=short(value),
                channel=channel.value,
                options=tuple(own),
            )
            return None
        return form

    def _check_together(self, raw: dict[str, Any], place: Place, flags: Mapping[str, bool]) -> None:
        problems = self._problems
        has_score = "base" in raw or "answers" in raw
        if "base" in raw and "answers" in raw:
            problems.add(place, "base-and-answers", N_("has both base and answers; keep one"))
        if "attempts" in raw and (flags["penalty"] or flags["unreached"]):
            problems.add(
                place,
                "log-and-decision",
                N_("has attempts beside penalty or unreached; keep the log, or the decision"),
            )
        if flags["unreached"] and has_score:
            problems.add(
                place, "unreached-and-scored", N_("is unreached, yet has a base or answers; remove one of them")
            )

    def _base(self, value: object, place: Place) -> Fraction | None:
        base = self._bases.get(value) if isinstance(value, str) else None
        if base is None:
            base = self._problems.fit((place, "base"), score, value)
            if base is not None and isinstance(value, str):
                self._bases[value] = base
        return base

    def _attempts(self, raw: object, place: Place) -> tuple[Attempt, ...]:
        place = (place, "attempts")
        attempts: list[Attempt] = []
        previous: datetime | None = None
        for index, item in enumerate(self._problems.fit(place, items, raw) or ()):
            attempt = _attempt(item) or self._bad_attempt(item, (place, index))
            if attempt is None:
                continue
            if previous is not None and attempt.at < previous:
                template = N_("is earlier than the attempt before it; put attempts in order, oldest first")
                self._problems.add((place, index), "out-of-order", template)
            previous = attempt.at
            attempts.append(attempt)
        return tuple(attempts)

    def _bad_attempt(self, raw: object, place: Place) -> Attempt | None:
        """Report what is wrong with an attempt; return it when only a key is."""
        problems = self._problems
        if not isinstance(raw, dict):
            problems.add_misfit(place, NOT_AN_OBJECT, raw)
            return None
        report_unknown(raw, place, problems, _ATTEMPT_KEYS)
        readers = {
            "at": moment,
            "outcome": choice(tuple(map(str, _OUTCOMES))),
            "in_service_hours": flag,
            "call_back": flag,
        }
        for key, read in readers.items():
            if key in raw:
                problems.fit((place, key), read, raw[key])
            elif key in ("at", "outcome"):
                problems.add_misfit((place, key), MISSING)
        return _attempt({key: value for key, value in raw.items() if key in _ATTEMPT_KEYS})

    def _answers(
        self, raw: object, place: Place, form: Form | None, subchannel: str | None, whole: Mapping[str, Any]
    ) -> Mapping[str, object] | None:
        """Return answers that can be scored. One voided half way may lack answers: it is left out of everything."""
        problems = self._problems
        if not isinstance(raw, dict):
            problems.add_misfit((place, "answers"), NOT_AN_OBJECT, raw)
            return None
        if form is None:
            if "form" not in whole:
                problems.add((place, "form"), "missing", N_("is missing; name the form the answers were given on"))
            return None
        try:
            scorer = self._scorers.for_answers(form, raw, subchannel)
        except SheetError as error:
            problems.add((place, "answers"), "form-layout", N_("{reason}"), reason=error.message)
            return None
        if scorer.problems(raw):
            wrong = scorer.problems(raw, place=place_text((place, "answers")))
            problems.extend(p for p in wrong if not (whole.get("void") and p.code == "answer-missing"))
            return None
        for key, value in raw.items():
            if type(value) is int and value >= _LARGEST:
                problems.fit(((place, "answers"), key), score, value)
        return raw


def _attempt(raw: object) -> Attempt | None:
    """Return a good attempt, quickly; None of one that is not."""
    if not isinstance(raw, dict):
        return None
    try:
        at, outcome = datetime.fromisoformat(raw["at"]), _OUTCOMES[raw["outcome"]]
    except (KeyError, TypeError, ValueError):
        return None
    if at.tzinfo is None or not FIRST_YEAR < at.year < LAST_YEAR:
        return None
    if len(raw) == 2:
        return Attempt(at=at, outcome=outcome)
    inside, call_back = raw.get("in_service_hours"), raw.get("call_back", False)
    if not _ATTEMPT_KEYS.issuperset(raw) or not isinstance(call_back, bool):
        return None
    if "in_service_hours" in raw and not isinstance(inside, bool):
        return None
    return Attempt(at=at, outcome=outcome, in_service_hours=inside, call_back=call_back)
