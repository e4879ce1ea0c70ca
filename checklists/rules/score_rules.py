"""The parameters of scores and grades (award-rules 1.7), read from a ruleset once, not once an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

import msgspec

from checklists.number import Rounding
from checklists.rules.ruleset import Ruleset

_ROUNDINGS: Mapping[str, Rounding] = {"half_up": "half_up", "floor": "floor", "half_even": "half_even", "none": "none"}


class Limits(msgspec.Struct, frozen=True):
    """A cap and a floor; None is no limit."""

    cap: Fraction | None
    floor: Fraction | None

    def clamp(self, value: Fraction) -> Fraction:
        """Return `value` within the limits."""
        # In integers: fractions compare slowly, and a season asks this for every assessment.
        top, bottom = value.as_integer_ratio()
        if self.cap is not None:
            most, of = self.cap.as_integer_ratio()
            if top * of > most * bottom:
                return self.cap
        if self.floor is not None:
            least, of = self.floor.as_integer_ratio()
            if top * of < least * bottom:
                return self.floor
        return value


class ConsistencyRules(msgspec.Struct, frozen=True, kw_only=True):
    """R10. `tiers` are [standard deviation at most, points], `share_tiers` [share at least, points]."""

    method: str
    tiers: tuple[tuple[Fraction, Fraction], ...]
    within: Fraction
    share_tiers: tuple[tuple[Fraction, Fraction], ...]
    min_n: int
    min_mean: Fraction
    most: Fraction


class GradeRules(msgspec.Struct, frozen=True, kw_only=True):
    """R13. `bands` are (grade, lowest rounded final), best first."""

    dp: int
    rounding: Rounding
    bands: tuple[tuple[str, Fraction], ...]
    pass_mark: Fraction


class ScoreRules(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that turns assessments into a final and a grade. Points taken off are held as 0 or more."""

    weights: tuple[Fraction, ...]
    missing: str
    ease_points: Mapping[str, Fraction | None]
    unreached_penalty: Fraction
    unreached_mode: str
    unreached_all: str
    consistency: ConsistencyRules
    faq_deadline: datetime | None  # None: not set yet, so that no FAQ is late
    faq_penalty: Fraction
    faq_round: int
    assessment_limits: Limits
    round_limits: Limits
    final_limits: Limits
    critical_cap: Fraction | None  # in force under critical.effect = assessment_cap alone
    grades: GradeRules

    @classmethod
    def of(cls, rules: Ruleset) -> ScoreRules:
        """Read the parameters from `rules`."""
        floor = rules.number_or_none("cap.floor")
        capped = rules.text("critical.effect") == "assessment_cap"
        return cls(
            weights=rules.numbers("rounds.weights"),
            missing=rules.text("rounds.missing"),
            ease_points={
                channel: rules.number_or_none(f"ease.points.{channel}")
                for channel in ("phone_in", "onsite", "online", "face_to_face")
            },
            unreached_penalty=min(rules.number("unreachable.penalty"), rules.number("unreachable.max_penalty")),
            unreached_mode=rules.text("unreachable.score_mode"),
            unreached_all=rules.text("unreachable.all"),
            consistency=ConsistencyRules(
                method=rules.text("consistency.method"),
                tiers=rules.pairs("consistency.tiers"),
                within=rules.number("consistency.within"),
                share_tiers=rules.pairs("consistency.share_tiers"),
                min_n=rules.whole("consistency.min_n"),
                min_mean=rules.number("consistency.min_mean"),
                most=rules.number("consistency.max"),
            ),
            faq_deadline=rules.moment_or_none("faq.deadline"),
            faq_penalty=rules.number("faq.penalty"),
            faq_round=rules.whole("faq.round"),
            assessment_limits=Limits(rules.number_or_none("cap.assessment"), floor),
            round_limits=Limits(rules.number_or_none("cap.round"), floor),
            final_limits=Limits(rules.number_or_none("cap.final"), floor),
            critical_cap=rules.number("critical.cap") if capped else None,
            grades=GradeRules(
                dp=rules.whole("grade.dp"),
                rounding=_ROUNDINGS[rules.text("grade.rounding")],
                bands=tuple((band, rules.number(f"grade.bands.{band}")) for band in ("gold", "silver", "bronze")),
                pass_mark=rules.number("grade.pass"),
            ),
        )
