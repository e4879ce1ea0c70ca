"""Writing a season as a file that reads back to the same season, and so scores to the same result.

What was decided about an assessment is written as the file knows it (`penalty`, `unreached`, `void`), and why beside
it under keys that start with x_.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from checklists.number import exact_text
from checklists.record.assessment import Attempt, Outcome
from checklists.season.file import FORMAT
from checklists.season.model import Season, SeasonAssessment, SeasonEntrant, SeasonEntry, SeasonRound

Json = dict[str, Any]


def season_json(season: Season) -> bytes:
    """Return `season` as a season file, the rules in force written out. Same season, same bytes."""
    told = {
        "season_format": FORMAT,
        "programme": season.programme.name,
        "rules": dict(season.programme.rules.plain),
        "editions_held": sorted(season.editions_held),
        "entrants": [_entrant(entrant) for entrant in season.entrants],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def _entrant(entrant: SeasonEntrant) -> Json:
    told: Json = {
        "id": entrant.id,
        "organisation": entrant.organisation,
        "name": dict(entrant.name),
        "industry": entrant.industry,
    }
    sizes = {"seats": entrant.seats, "branches": entrant.branches}
    told |= {name: size for name, size in sizes.items() if size is not None}
    return told | {"entries": [_entry(entry) for entry in entrant.entries]}


def _entry(entry: SeasonEntry) -> Json:
    told: Json = {"channel": entry.channel.value}
    if not entry.faq_in_time:
        told["faq_filed_at"] = None if entry.faq_filed_at is None else entry.faq_filed_at.isoformat()
    if entry.is_withdrawn:
        told["withdrawn"] = True
    if entry.service is not None:
        told["service"] = {
            "days": list(entry.service.days),
            "hours": [list(span) for span in entry.service.hours],
            "closed_on": [day.isoformat() for day in entry.service.closed_on],
        }
    if entry.history:
        told["history"] = [
            {
                "year": year,
                "industry": past.industry,
                "channel": past.channel,
                "final": exact_text(past.final),
                "grade": past.grade.value,
            }
            for year, past in sorted(entry.history.items())
        ]
    return told | {"rounds": [_round(held) for held in entry.rounds]}


def _round(held: SeasonRound) -> Json:
    told: Json = {}
    if held.assessments:
        told["assessments"] = [_assessment(assessment) for assessment in held.assessments]
    if held.ivrs:
        told["ivrs"] = [exact_text(score) for score in held.ivrs]
    if held.consistency is not None:
        told["consistency"] = exact_text(held.consistency)
    return told


def _assessment(held: SeasonAssessment) -> Json:
    told: Json = {"id": held.id}
    if held.answers is not None and held.form is not None:
        told |= {"form": held.form.id, "answers": dict(held.answers)}
    elif held.base is not None:
        told["base"] = exact_text(held.base)
    flags = {"ease": held.ease, "penalty": held.penalty, "unreached": held.unreached}
    told |= {name: True for name, is_set in flags.items() if is_set}
    if held.attempts is not None:
        told["attempts"] = [_attempt(attempt) for attempt in held.attempts]
    words: Mapping[str, str | None] = {"subchannel": held.subchannel, "void": held.void}
    told |= {name: word for name, word in words.items() if word is not None}
    return told | {f"x_{name}": note for name, note in held.notes.items()}


def _attempt(attempt: Attempt) -> Json:
    told: Json = {"at": attempt.at.isoformat(), "outcome": attempt.outcome.value}
    if attempt.in_service_hours is not None:
        told["in_service_hours"] = attempt.in_service_hours
    if not attempt.stamped and attempt.outcome is not Outcome.CONNECTED:
        # The file knows no stamps: a try that does not count for want of one is written as one that does not count.
        told |= {"in_service_hours": False, "x_stamped": False}
    return told
