"""A second, plain reading of the award's rules that shares no code with the first.

It is written for the eye, not for speed: every rule one step after another, all on fractions.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

HK = timezone(timedelta(hours=8))
COUNTING = {"no_answer", "busy", "queue_timeout", "dropped_before_agent", "ivrs_dead_end", "voicemail"}
COUNTING |= {"network_announcement"}
ANY = {"queue_timeout", "ivrs_dead_end", "voicemail", "dropped_before_agent"}
DEFAULTS: dict[str, Any] = {
    "rounds.weights": ["0.2", "0.3", "0.5"], "rounds.missing": "block", "attempts.window": "anchored_calendar",
    "attempts.needed": 6, "attempts.min_gap_min": 15, "attempts.connected": "agent",
    "attempts.in_service_hours": True, "attempts.modes": ["phone_in", "online.chat"],
    "attempts.late_connect": "penalty_stands",
    "unreachable.score_mode": "impute_minus_penalty", "unreachable.all": "block", "consistency.method": "sd",
    "grade.rounding": "half_up", "grade.dp": 1, "cap.assessment": "100", "cap.round": "100", "cap.final": "100",
    "cap.floor": "0", "award.improved.metric": "points", "award.improved.last": "same",
    "badge.basis": "editions_held", "badge.crown_repeat": True,
    "award.industry.min_entrants": 4, "award.industry.count": "finalised_units", "award.ivrs.min_n": 3,
    "tie.breakers": ["R3", "R2", "sd_R3_low", "unreached_low"], "tie.dp": 4,
}  # fmt: skip


def clamp(value: Fraction, cap: str | None, floor: str | None) -> Fraction:
    value = value if cap is None else min(value, Fraction(cap))
    return value if floor is None else max(value, Fraction(floor))


def is_open(at: datetime, service: dict[str, Any] | None) -> bool:
    if service is None:
        return True
    clock = f"{at:%H:%M}"
    if at.isoweekday() not in service["days"] or f"{at:%Y-%m-%d}" in service["closed_on"]:
        return False
    return any(start <= clock < end for start, end in service["hours"])


def log_result(log: list[dict[str, Any]], rules: dict[str, Any], service: dict[str, Any] | None) -> tuple[bool, bool]:
    """Return (connected, rule met)."""
    counted: list[datetime] = []
    connected = False
    for entry in log:
        at = datetime.fromisoformat(entry["at"]).astimezone(HK)
        outcome = entry["outcome"]
        if outcome == "connected" or (rules["attempts.connected"] == "any_answer" and outcome in ANY):
            connected = True
            break
        inside = entry["in_service_hours"] if "in_service_hours" in entry else is_open(at, service)
        if outcome in COUNTING and (inside or not rules["attempts.in_service_hours"]):
            gap = timedelta(minutes=rules["attempts.min_gap_min"])
            if not counted or at - counted[-1] >= gap:
                counted.append(at)
    needed, window = rules["attempts.needed"], rules["attempts.window"]
    if window == "sliding_calendar":
        runs = [counted[i : i + needed] for i in range(len(counted) - needed + 1)]
        return connected, any((run[-1].date() - run[0].date()).days <= 2 for run in runs)
    met, first, held = False, None, 0
    for at in counted:
        if first is None or not within(first, at, window, service):
            first, held = at, 0
        held += 1
        met = met or held >= needed
    return connected, met


def within(first: datetime, at: datetime, window: str, service: dict[str, Any] | None) -> bool:
    if window == "anchored_72h":
        return at - first <= timedelta(hours=72)
    days = [first.date() + timedelta(days=n) for n in range(1, (at.date() - first.date()).days + 1)]
    if window == "service_days" and service is not None:
        days = [d for d in days if d.isoweekday() in service["days"] and d.isoformat() not in service["closed_on"]]
    return 1 + len(days) <= 3


def rounded(value: Fraction, dp: int, how: str) -> Fraction:
    scaled = value * 10**dp
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    if how == "none":
        return value
    up: bool = {"floor": False, "half_up": rest >= Fraction(1, 2)}.get(
        how, rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    )
    return Fraction(whole + up, 10**dp)


def bonus(bases: list[Fraction], method: str) -> int:
    n = len(bases)
    if method == "off" or n < 5 or sum(bases) / n < 70:
        return 0
    mean = sum(bases) / n
    if method == "share_within":
        near = Fraction(sum(abs(base - mean) <= 5 for base in bases), n)
        shares: list[tuple[Fraction, int]] = [(Fraction("0.95"), 3), (Fraction("0.85"), 2), (Fraction("0.75"), 1)]
        return next((points for share, points in shares if near >= share), 0)
    variance = sum((base - mean) ** 2 for base in bases) / (n - 1)
    return next((points for limit, points in ((3, 3), (5, 2), (7, 1)) if variance <= limit**2), 0)


def reference(season: dict[str, Any]) -> dict[str, Any]:
    rules = DEFAULTS | season.get("rules", {})
    weights = [Fraction(str(w)) for w in rules["rounds.weights"]]
    years = sorted({row["year"] for e in season["entrants"] for n in e["entries"] for row in n.get("history", [])})
    held = season.get("editions_held", years)
    entries = [
        _entry(entrant, entry, rules, weights, held) for entrant in season["entrants"] for entry in entrant["entries"]
    ]
    return {"entries": entries, "awards": _awards(season, entries, rules, weights)}


def _entry(  # noqa: C901, PLR0912 - one rule after another, to be read beside the rules page
    entrant: dict[str, Any], entry: dict[str, Any], rules: dict[str, Any], weights: list[Fraction], held: list[int]
) -> dict[str, Any]:
    rounds: list[dict[str, Any]] = []
    for number, given in enumerate(entry["rounds"], 1):
        scores, bases, lost, states = [], [], 0, []
        for a in given.get("assessments", []):
            state, penalty = "open", 0
            if "void" in a:
                states.append("void")
                continue
            if "base" in a:
                state = "connected"
            if a.get("unreached"):
                state = "unreachable"
            if a.get("penalty") and "base" in a:
                penalty = 1
            mode = entry["channel"] + ("." + a["subchannel"] if "subchannel" in a else "")
            if "attempts" in a and mode in rules["attempts.modes"]:
                connected, met = log_result(a["attempts"], rules, entry.get("service"))
                if "base" in a:
                    penalty = int(met and not (connected and rules["attempts.late_connect"] == "waive"))
                elif met and not connected:
                    state = "unreachable"
            states.append(state)
            if state == "unreachable":
                lost += 1
            if state == "connected":
                base = Fraction(a["base"])
                ease = 1 if a.get("ease") and entry["channel"] != "onsite" else 0
                scores.append(clamp(base + ease - penalty, rules["cap.assessment"], rules["cap.floor"]))
                bases.append(base)
        score = mean = None
        points = bonus(bases, rules["consistency.method"])
        filed = entry.get("faq_filed_at", "2021-01-01T00:00:00+08:00")
        late = filed is None or datetime.fromisoformat(filed) > datetime(2021, 2, 18, 23, 59, 59, tzinfo=HK)
        if scores:
            mean, deduct = sum(scores, Fraction(0)) / len(scores), 0
            everyone = len(scores) + lost
            if rules["unreachable.score_mode"] == "impute_minus_penalty":
                mean = (sum(scores, Fraction(0)) + lost * (mean - 1)) / everyone
            elif rules["unreachable.score_mode"] == "zero":
                mean = sum(scores, Fraction(0)) / everyone
            elif rules["unreachable.score_mode"] == "round_deduct":
                deduct = lost
        elif rules["unreachable.all"] == "zero":
            mean, deduct = Fraction(0), lost if rules["unreachable.score_mode"] == "round_deduct" else 0
        if mean is not None:
            raw = mean + points - (1 if late and number == 1 else 0) - deduct
            score = clamp(raw, rules["cap.round"], rules["cap.floor"])
        n = len(bases)
        variance = sum((b - sum(bases) / n) ** 2 for b in bases) / (n - 1) if n > 1 else Fraction(0)
        rounds.append({"score": score, "mean": mean, "lost": lost, "variance": variance, "states": states,
                       "ivrs": [Fraction(s) for s in given.get("ivrs", [])]})  # fmt: skip
    final: Fraction | None = None
    there = [(w, r["score"]) for w, r in zip(weights, rounds, strict=True) if r["score"] is not None]
    if len(there) == 3 or rules["rounds.missing"] == "zero":
        final = sum((w * s for w, s in there), Fraction(0))
    elif rules["rounds.missing"] == "renormalise" and sum(w for w, _ in there):
        final = sum((w * s for w, s in there), Fraction(0)) / sum(w for w, _ in there)
    withdrawn = entry.get("withdrawn", False)
    final = None if final is None or withdrawn else clamp(final, rules["cap.final"], rules["cap.floor"])
    grade = None
    if final is not None:
        figure = rounded(final, rules["grade.dp"], rules["grade.rounding"])
        grade = next((g for g, line in (("gold", 90), ("silver", 80), ("bronze", 70)) if figure >= line), "below_pass")
    run = 0
    history = {row["year"]: row for row in entry.get("history", [])}
    if grade == "gold":
        run = 1
        past = sorted(held, reverse=True) if rules["badge.basis"] == "editions_held" else range(2020, 1950, -1)
        for year in past:
            row = history.get(year)
            if not row or row["grade"] != "gold" or row["industry"] != entrant["industry"]:
                break
            if row["channel"] != entry["channel"]:
                break
            run += 1
    crowns = 0 if run < 3 else run // 5 if rules["badge.crown_repeat"] else min(1, run // 5)
    stars = run - 5 * crowns
    return {
        "entrant": entrant["id"], "organisation": entrant.get("organisation", entrant["id"]),
        "industry": entrant["industry"], "channel": entry["channel"], "rounds": rounds, "final": final, "grade": grade,
        "mark": None if withdrawn else (run, crowns, stars if stars >= 3 and run >= 3 else 0), "history": history,
    }  # fmt: skip


def _awards(  # noqa: C901 - as above
    season: dict[str, Any], entries: list[dict[str, Any]], rules: dict[str, Any], weights: list[Fraction]
) -> list[tuple[str, str | None, set[tuple[str, str]]]]:
    def key(e: dict[str, Any]) -> list[Any]:
        values: list[Any] = [rounded(e["final"], rules["tie.dp"], "half_up")]
        for name in rules["tie.breakers"]:
            score = e["rounds"][int(name[1]) - 1]["score"] if name in ("R1", "R2", "R3") else None
            if name in ("R1", "R2", "R3"):
                values.append(Fraction(-1000) if score is None else score)
            elif name == "unreached_low":
                values.append(-sum(r["lost"] for r in e["rounds"]))
            else:
                values.append(-e["rounds"][int(name[4]) - 1]["variance"])
        return values

    def best(group: list[dict[str, Any]], figure: Any) -> set[tuple[str, str]]:
        top = max((figure(e) for e in group), default=None)
        return {(e["entrant"], e["channel"]) for e in group if figure(e) == top}

    valid = [e for e in entries if e["final"] is not None]
    awards: list[tuple[str, str | None, set[tuple[str, str]]]] = []
    for industry in sorted({e["industry"] for e in season["entrants"]}):
        group = [e for e in valid if e["industry"] == industry]
        what = "entrant" if rules["award.industry.count"] == "finalised_units" else "organisation"
        enough = len({e[what] for e in group}) >= rules["award.industry.min_entrants"]
        awards.append(("industry", industry, best(group, key) if enough else set()))
    awards.append(("grand", None, best(valid, key)))

    def same(e: dict[str, Any], row: dict[str, Any]) -> bool:
        return (row["industry"], row["channel"]) == (e["industry"], e["channel"])

    def last(e: dict[str, Any]) -> dict[str, Any] | None:
        fitting = [row for row in e["history"].values() if rules["award.improved.last"] == "any" or same(e, row)]
        return max(fitting, key=lambda row: int(row["year"]), default=None)

    def rise(e: dict[str, Any]) -> Any:
        before = Fraction((last(e) or {})["final"])
        gain = e["final"] - before
        return 100 * gain / before if rules["award.improved.metric"] == "percent" else gain

    risen = []
    for e in valid:
        row = last(e)
        if row and same(e, row) and rise(e) > 0:
            risen.append(e)
    awards.append(("most_improved", None, best(risen, rise)))

    def voice(e: dict[str, Any]) -> Any:
        return sum(
            (w * sum(r["ivrs"]) / len(r["ivrs"]) for w, r in zip(weights, e["rounds"], strict=True)), Fraction(0)
        )

    heard = [
        e
        for e in valid
        if e["channel"] == "phone_in" and e["grade"] == "gold" and all(r["ivrs"] for r in e["rounds"])
        and sum(len(r["ivrs"]) for r in e["rounds"]) >= rules["award.ivrs.min_n"]
    ]  # fmt: skip
    awards.append(("best_ivrs", None, best(heard, voice)))
    return awards


def exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
