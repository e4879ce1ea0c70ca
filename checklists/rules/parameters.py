"""Every parameter of a ruleset: its dotted name and the values it may hold (award-rules 1.7).

A table of the rules page is its leaves here (`grade.bands.gold`); `TABLES` says which leaves make up which table. A
list is one value; its items may be replaced singly, by number from 0 or by name ("quota.contacts.B").
"""

from __future__ import annotations

from collections.abc import Mapping

from checklists.rules.kinds import Choice, Flag, Items, Kind, Moment, Number, Zone

_WHOLE = Number(whole=True)
_POSITIVE = Number(least=1, whole=True)
_POINTS = Number()
_POINTS_OR_NEVER = Number(or_null=True)
_SHARE = Number(least=0, most=1)
_SCORE = Number(least=None, or_null=True)
_GROUPS = ("A", "B", "C", "D")
_MODES = (
    "phone_in",
    "onsite",
    "online",
    "face_to_face",
    "online.chat",
    "online.email",
    "online.form",
    "online.social",
)
_BASIS = Choice(("seats", "branches"))
_SAME = Items(item=Choice(("industry", "channel")))
_BREAKERS = ("R1", "R2", "R3", "sd_R1_low", "sd_R2_low", "sd_R3_low", "unreached_low")

PARAMETERS: Mapping[str, Kind] = {
    "tz": Zone(),
    "rounds.weights": Items(item=_SHARE, length=3),
    "rounds.months": Items(item=Items(item=Number(least=1, most=24, whole=True), at_least=1), length=3),
    "rounds.assign_by": Choice(("first_attempt_or_start",)),
    "rounds.missing": Choice(("block", "renormalise", "zero")),
    "size.bands": Items(item=_POSITIVE, length=3, names=_GROUPS[:3]),
    "size.branch_bands": Items(item=_POSITIVE, length=3, names=_GROUPS[:3]),
    "quota.basis.phone_in": _BASIS,
    "quota.basis.online": _BASIS,
    "quota.basis.face_to_face": _BASIS,
    "quota.basis.onsite.recording": _BASIS,
    "quota.basis.onsite.branch": _BASIS,
    "quota.contacts": Items(item=_WHOLE, length=4, names=_GROUPS),
    "quota.visits": Items(item=_WHOLE, length=4, names=_GROUPS),
    "quota.branches": Items(item=_WHOLE, length=4, names=_GROUPS),
    "quota.visits_per_branch": _POSITIVE,
    "quota.close_min": _SHARE,
    "attempts.needed": Number(least=1, most=1000, whole=True),
    "attempts.days": Number(least=1, most=366, whole=True),
    "attempts.window": Choice(("anchored_calendar", "anchored_72h", "sliding_calendar", "service_days")),
    "attempts.min_gap_min": Number(most=10080, whole=True),
    "attempts.in_service_hours": Flag(),
    "attempts.require_stamp": Flag(),
    "attempts.connected": Choice(("agent", "any_answer")),
    "attempts.queue_timeout_s": _POSITIVE,
    "attempts.late_connect": Choice(("penalty_stands", "waive")),
    "attempts.modes": Items(item=Choice(_MODES)),
    "attempts.suggest_per_day": _POSITIVE,
    "unreachable.penalty": _POINTS,
    "unreachable.max_penalty": _POINTS,
    "unreachable.score_mode": Choice(("impute_minus_penalty", "zero", "exclude", "round_deduct")),
    "unreachable.all": Choice(("block", "zero")),
    "ease.points.phone_in": _POINTS_OR_NEVER,
    "ease.points.online": _POINTS_OR_NEVER,
    "ease.points.face_to_face": _POINTS_OR_NEVER,
    "ease.points.onsite": _POINTS_OR_NEVER,
    "ease.test.agent_wait_s": _WHOLE,
    "ease.test.first_attempt": Flag(),
    "ease.test.menu_levels": _WHOLE,
    "ease.test.chat_s": _WHOLE,
    "ease.test.social_s": _WHOLE,
    "ease.test.email_form_service_s": _WHOLE,
    "ease.test.ack_s": _WHOLE,
    "ease.test.served_s": _WHOLE,
    "consistency.method": Choice(("sd", "share_within", "manual", "off")),
    "consistency.tiers": Items(item=Items(item=_POINTS, length=2)),
    "consistency.within": _POINTS,
    "consistency.share_tiers": Items(item=Items(item=_POINTS, length=2)),
    "consistency.min_n": _POSITIVE,
    "consistency.min_mean": Number(least=None),
    "consistency.max": _POINTS,
    "faq.deadline": Moment(or_null=True),
    "faq.penalty": _POINTS,
    "faq.round": Number(least=1, most=3, whole=True),
    "cap.assessment": _SCORE,
    "cap.round": _SCORE,
    "cap.final": _SCORE,
    "cap.floor": _SCORE,
    "critical.effect": Choice(("section_zero", "flag_only", "assessment_cap")),
    "critical.cap": Number(least=None),
    "grade.dp": Number(most=10, whole=True),
    "grade.rounding": Choice(("half_up", "floor", "half_even", "none")),
    "grade.bands.gold": Number(least=None),
    "grade.bands.silver": Number(least=None),
    "grade.bands.bronze": Number(least=None),
    "grade.pass": Number(least=None),
    "award.industry.min_entrants": _POSITIVE,
    "award.industry.group_by": Choice(("industry", "industry_channel")),
    "award.industry.count": Choice(
        ("finalised_units", "finalised_organisations", "enrolled_units", "enrolled_organisations")
    ),
    "award.industry.min_score": _SCORE,
    "award.improved.metric": Choice(("points", "percent")),
    "award.improved.same": _SAME,
    "award.improved.last": Choice(("same", "any")),
    "award.improved.must_be_positive": Flag(),
    "award.improved.max_age": Number(least=1, whole=True, or_null=True),
    "award.ivrs.channel": Choice(("phone_in",)),
    "award.ivrs.needs": Choice(("gold", "silver", "bronze")),
    "award.ivrs.source": Choice(("annex_mean_weighted", "panel", "half_panel")),
    "award.ivrs.min_n": _WHOLE,
    "badge.min_run": _POSITIVE,
    "badge.star_min": _POSITIVE,
    "badge.crown_every": _POSITIVE,
    "badge.crown_repeat": Flag(),
    "badge.basis": Choice(("editions_held", "calendar_years")),
    "badge.same": _SAME,
    "badge.carry_over": Flag(),
    "tie.dp": Number(most=30, whole=True),
    "tie.breakers": Items(item=Choice(_BREAKERS)),
    "tie.then": Choice(("joint",)),
    "report.release_at": Items(item=Moment(or_null=True), length=3),
    "results.release_at": Moment(or_null=True),
    "fees.waiver": Choice(("on_top", "inside", "certification")),
    "fees.waiver_charged": _WHOLE,
    "onsite.variants": Items(item=Choice(("branch", "recording", "both")), at_least=1),
}

# Tables of the rules page: replaced whole, every leaf must be given, save those that may be null.
TABLES: Mapping[str, tuple[str, ...]] = {
    table: tuple(name for name in PARAMETERS if name.startswith(table + "."))
    for table in ("quota.basis", "quota.basis.onsite", "ease.points", "ease.test", "grade.bands")
}
