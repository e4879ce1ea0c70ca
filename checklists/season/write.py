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
from checklists.rules.parameters import PARAMETERS
from checklists.season.file import FORMAT
from checklists.season.model import Season, SeasonAssessment, SeasonEntrant, SeasonEntry, SeasonRound

Json = dict[str, Any]


def season_json(season: Season) -> bytes:
    """Return `season` as a season file, the rules in force written out. Same season, same bytes."""
    season_object: Json = {
        "season_format": FORMAT,
        "programme": season.programme.name,
        "rules": dict(season.programme.rules.plain),
        **({"rules_by_round": by_round} if (by_round := _rules_by_round(season)) else {}),
        "editions_held": sorted(season.editions_held),
        "entrants": [entrant_json(entrant) for entrant in season.entrants],
    }
    return msgspec.json.format(msgspec.json.encode(season_object), indent=1) + b"\n"


def _rules_by_round(season: Season) -> Json:
    own = season.programme.rules
    return {
        str(number): {name: rules.plain_value(name) for name in PARAMETERS if rules.values[name] != own.values[name]}
        for number, rules in sorted(season.rules_by_round.items())
        if rules != own
    }


def entrant_json(entrant: SeasonEntrant) -> Json:
    """Return one entrant as a season file has it."""
    entrant_object: Json = {
        "id": entrant.id,
        "organisation": entrant.organisation,
        "name": dict(entrant.name),
        "industry": entrant.industry,
    }
    sizes = {"seats": entrant.seats, "branches": entrant.branches}
    entrant_object |= {name: size for name, size in sizes.items() if size is not None}
    return entrant_object | {"entries": [_entry(entry) for entry in entrant.entries]}


def _entry(entry: SeasonEntry) -> Json:
    entry_object: Json = {"channel": entry.channel.value}
    if not entry.faq_in_time:
        entry_object["faq_filed_at"] = None if entry.faq_filed_at is None else entry.faq_filed_at.isoformat()
    if entry.onsite_variant is not None:
        entry_object["onsite_variant"] = entry.onsite_variant
    if entry.is_withdrawn:
        entry_object["withdrawn"] = True
    if entry.service is not None:
        entry_object["service"] = {
            "days": list(entry.service.days),
            "hours": [list(span) for span in entry.service.hours],
            "closed_on": [day.isoformat() for day in entry.service.closed_on],
        }
        if entry.service.suspended:
            entry_object["service"]["suspended"] = [
                [begins.isoformat(), ends.isoformat()] for begins, ends in entry.service.suspended
            ]
    if entry.history:
        entry_object["history"] = [
            {
                "year": year,
                "industry": past.industry,
                "channel": past.channel,
                "final": exact_text(past.final),
                "grade": past.grade.value,
            }
            for year, past in sorted(entry.history.items())
        ]
    if entry.ivrs_panel is not None:
        entry_object["ivrs_panel"] = exact_text(entry.ivrs_panel)
    return entry_object | {"rounds": [_round(round_) for round_ in entry.rounds]}


def _round(round_: SeasonRound) -> Json:
    round_object: Json = {}
    if round_.assessments:
        round_object["assessments"] = [_assessment(assessment) for assessment in round_.assessments]
    if round_.ivrs:
        round_object["ivrs"] = [exact_text(score) for score in round_.ivrs]
    if round_.consistency is not None:
        round_object["consistency"] = exact_text(round_.consistency)
    return round_object


def _assessment(assessment: SeasonAssessment) -> Json:
    assessment_object: Json = {"id": assessment.id}
    if assessment.answers is not None and assessment.form is not None:
        assessment_object |= {"form": assessment.form.id, "answers": dict(assessment.answers)}
    elif assessment.base is not None:
        assessment_object["base"] = exact_text(assessment.base)
    flags = {"ease": assessment.ease, "penalty": assessment.penalty, "unreached": assessment.unreached}
    assessment_object |= {name: True for name, is_set in flags.items() if is_set}
    if assessment.attempts is not None:
        assessment_object["attempts"] = [
            _attempt(attempt) for attempt in assessment.attempts if not attempt.taken_back_at
        ]
    words: Mapping[str, str | None] = {
        "subchannel": assessment.subchannel,
        "variant": assessment.variant,
        "void": assessment.void,
    }
    assessment_object |= {name: word for name, word in words.items() if word is not None}
    if assessment.recordings is not None:
        assessment_object["recordings"] = assessment.recordings
    return assessment_object | {f"x_{name}": note for name, note in assessment.notes.items()}


def _attempt(attempt: Attempt) -> Json:
    attempt_object: Json = {"at": attempt.trusted_at.isoformat(), "outcome": attempt.outcome.value}
    if attempt.trusted_at != attempt.at:
        attempt_object["x_wall"] = attempt.at.isoformat()
    if attempt.in_service_hours is not None:
        attempt_object["in_service_hours"] = attempt.in_service_hours
    if attempt.call_back:
        attempt_object["call_back"] = True
    if not attempt.stamped and attempt.outcome is not Outcome.CONNECTED:
        # The file knows no stamps: a try that does not count for want of one is written as one that does not count.
        attempt_object |= {"in_service_hours": False, "x_stamped": False}
    return attempt_object
