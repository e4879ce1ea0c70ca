"""A season by chance, as a season file has it: close figures, so that ties, caps and band edges come up."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

HK = timezone(timedelta(hours=8))


def random_rules(chance: random.Random) -> dict[str, Any]:
    choices: dict[str, list[Any]] = {
        "rounds.missing": ["block", "renormalise", "zero"],
        "rounds.weights": [["1/3", "1/3", "1/3"], ["0", "0.5", "0.5"]],
        "attempts.window": ["anchored_calendar", "anchored_72h", "sliding_calendar", "service_days"],
        "attempts.connected": ["agent", "any_answer"],
        "attempts.in_service_hours": [True, False],
        "attempts.min_gap_min": [0, 15, 60],
        "attempts.needed": [1, 2, 4, 6],
        "attempts.late_connect": ["penalty_stands", "waive"],
        "attempts.modes": [["online.chat", "online.email"], [], ["phone_in", "onsite"]],
        "unreachable.score_mode": ["impute_minus_penalty", "zero", "exclude", "round_deduct"],
        "unreachable.all": ["block", "zero"],
        "consistency.method": ["sd", "share_within", "off"],
        "grade.rounding": ["half_up", "floor", "half_even", "none"],
        "grade.dp": [0, 1, 2],
        "cap.assessment": [None, "95"],
        "cap.round": [None, "90"],
        "cap.final": [None, "88"],
        "cap.floor": [None, "50"],
        "award.improved.metric": ["points", "percent"],
        "award.improved.last": ["same", "any"],
        "badge.basis": ["editions_held", "calendar_years"],
        "badge.crown_repeat": [True, False],
        "award.ivrs.min_n": [3, 10],
        "award.industry.count": ["finalised_units", "finalised_organisations"],
        "award.industry.min_entrants": [1, 2, 4],
        "tie.breakers": [[], ["R1"], ["unreached_low", "sd_R1_low"]],
        "tie.dp": [0, 1, 4],
    }
    picked = chance.sample(sorted(choices), chance.randrange(0, 8))
    return {name: chance.choice(choices[name]) for name in picked}


def random_log(chance: random.Random) -> list[dict[str, Any]]:
    at = datetime(2021, 3, chance.randrange(1, 28), chance.randrange(24), chance.randrange(60), tzinfo=HK)
    log = []
    for _ in range(chance.randrange(1, 12)):
        outcome = chance.choice(
            ["no_answer"] * 6
            + ["busy", "voicemail", "queue_timeout", "closed", "misdial", "severe_weather", "connected"]
        )
        told: dict[str, Any] = {"at": at.isoformat(), "outcome": outcome}
        if chance.random() < 0.1:
            told["in_service_hours"] = chance.random() < 0.5
        log.append(told)
        at += timedelta(
            minutes=chance.choice([0, 5, 15, 20, 60, 300, 720, 1440, 4320]), seconds=chance.choice([0, 0, 1])
        )
    return log


def random_assessment(chance: random.Random, level: int, name: str, channel: str) -> dict[str, Any]:
    told: dict[str, Any] = {"id": name}
    if channel == "online" and chance.random() < 0.8:
        told["subchannel"] = chance.choice(["chat", "email"])
    kind = chance.random()
    base = str(
        min(Fraction(100), max(Fraction(0), level + Fraction(chance.choice(["-4", "-1", "0", "1/3", "0.05", "2"]))))
    )
    if kind < 0.7:
        told["base"] = base
        told["ease"] = chance.random() < 0.3
        if chance.random() < 0.4:
            told["attempts"] = random_log(chance)
        elif chance.random() < 0.2:
            told["penalty"] = True
    elif kind < 0.78:
        told["unreached"] = True
    elif kind < 0.95:
        told["attempts"] = random_log(chance)
    else:
        told |= {"base": base, "void": "recognised"}
    return told


def random_season(seed: int) -> dict[str, Any]:
    chance = random.Random(seed)
    level = chance.choice([60, 79, 80, 89, 90, 96, 99])
    entrants = []
    for number in range(chance.randrange(1, 9)):
        industry = chance.choice(["banks_loans", "transport_logistics"])
        entries = []
        for channel in chance.sample(["phone_in", "online", "onsite", "face_to_face"], chance.choice([1, 1, 2])):
            entry: dict[str, Any] = {"channel": channel, "rounds": []}
            for turn in range(3):
                size = chance.choice([0, 1, 2, 5, 6, 8]) if chance.random() < 0.3 else chance.choice([1, 5, 6])
                told: dict[str, Any] = {
                    "assessments": [random_assessment(chance, level, f"{turn}-{n}", channel) for n in range(size)]
                }
                if channel == "phone_in":
                    told["ivrs"] = [
                        str(chance.choice([90, 91, "92.5"])) for _ in range(chance.choice([0, 1, 1, 3, 4, 5]))
                    ]
                entry["rounds"].append(told)
            if chance.random() < 0.3:
                entry["faq_filed_at"] = chance.choice([None, "2021-02-18T15:59:59+00:00", "2021-02-19T00:00:00+08:00"])
            if chance.random() < 0.1:
                entry["withdrawn"] = True
            if chance.random() < 0.5:
                hours = [["09:00", "13:00"], ["14:00", "18:30"]]
                entry["service"] = {"days": [1, 2, 3, 4, 5], "hours": hours, "closed_on": ["2021-03-10", "2021-03-11"]}
            entry["history"] = [
                {
                    "year": year,
                    "industry": industry if chance.random() < 0.95 else "commerce",
                    "channel": channel if chance.random() < 0.95 else "online",
                    "final": str(level - chance.choice([0, 1, 5])),
                    "grade": "gold" if chance.random() < 0.9 else "silver",
                }
                for year in range(2021 - chance.choice([1, 1, 3, 6, 12]), 2021)
                if chance.random() < 0.9
            ]
            entries.append(entry)
        entrant: dict[str, Any] = {"id": f"e{number}", "industry": industry, "entries": entries}
        if chance.random() < 0.3:
            entrant["organisation"] = "shared"
        entrants.append(entrant)
    return {
        "season_format": 1, "programme": "mystery_caller_2021", "entrants": entrants, "rules": random_rules(chance)
    }  # fmt: skip
