"""An assignment row made whole: defaults from its round and entrant, faults by column, and the body phones receive.

IMP-A1  The scenario belongs to the row's channel and has two names of approval (privacy E13).
IMP-A2  Only filed contact points are handed out; an entrant without one for the channel cannot be assigned (E14).
IMP-A3  Staff must have been told that assessments may happen (E1).
IMP-A4  Every FAQ the scenario asks is filed; the version in force on the day is handed out.
IMP-A5  Sub-channel is for online, variant and recordings for onsite, the IVRS annex for phone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from checklists.forms.form import Channel
from checklists.language import N_, Sentence, sentence
from checklists.record.assignment import (
    Assignment,
    Branch,
    ContactPoint,
    FiledFaq,
    RecordingPolicy,
    Scenario,
    ServiceHours,
)
from checklists.wire import decode
from sync_server.exchange.csv.known import Known
from sync_server.exchange.csv.records import IVRS_ANNEX, Record

NAMES_OF_APPROVAL = 2
DEFAULT_RECORDINGS = 2


class Fault(NamedTuple):
    """What is wrong with one column of an assignment."""

    column: str
    code: str
    message: Sentence


def complete(row: Record, known: Known) -> Record:
    """Return `row` with its defaults filled in from the round, the entrant and the newest form of the channel."""
    around = known.row("rounds", row["round"]) or {}
    entrant = known.row("entrants", row["entrant_id"]) or {}
    newest = [name for name in known.forms if name.partition("@")[0] == row["channel"]]
    draws = DEFAULT_RECORDINGS if row["variant"] in ("recording", "both") else 0
    defaults = {
        "form": newest[-1] if newest else None,
        "recording_policy": entrant.get("recording_policy", "none"),
        "due_from": around.get("opens_at"),
        "due_until": around.get("closes_at"),
        "recordings_to_draw": draws,
    }
    return {**row, **{name: value for name, value in defaults.items() if row[name] is None}}


def faults(row: Record, known: Known) -> Iterator[Fault]:
    """Yield what is wrong with a complete row; a row without a fault can be built."""
    yield from _about_people_and_time(row, known)
    yield from _about_the_channel(row, known)
    yield from _about_the_scenario(row, known)


def build(row: Record, known: Known, today: date) -> Assignment:
    """Return what the assessor's phone receives for a faultless row."""
    entrant = _there(known, "entrants", row["entrant_id"])
    entry = _there(known, "entries", row["entrant_id"], row["channel"])
    scenario = _there(known, "scenarios", row["scenario_id"])
    branch = known.row("branches", row["branch_id"]) if row["branch_id"] else None
    before = decode(row["body"], Assignment) if row.get("body") else None
    return Assignment(
        id=row["id"],
        assessor_id=row["assessor_id"],
        entrant_id=row["entrant_id"],
        entrant_name=entrant["name"],
        industry=entrant["industry"],
        channel=Channel(row["channel"]),
        round=row["round"],
        form=row["form"],
        scenario=Scenario(
            id=scenario["id"],
            title=scenario["title"],
            briefing=scenario["briefing"],
            stop_rules=tuple(scenario["stop_rules"]),
        ),
        due_from=row["due_from"],
        due_until=row["due_until"],
        language=row["language"],
        subchannel=row["subchannel"],
        variant=row["variant"],
        annex=row["annex"],
        branch=Branch(id=branch["id"], name=branch["name"], address=branch["address"]) if branch else None,
        contact_points=tuple(_contact_points(row, known)),
        filed_faqs=tuple(_filed_faqs(row, scenario, known, today)),
        service=None if entry["service"] is None else msgspec.convert(entry["service"], ServiceHours),
        recording_policy=RecordingPolicy(row["recording_policy"]),
        recordings_to_draw=row["recordings_to_draw"],
        reply_target_s=row["reply_target_s"],
        earlier_attempts=before.earlier_attempts if before else (),
        withdrawn=row["withdrawn"],
        settings=before.settings if before else {},
    )


def _about_people_and_time(row: Record, known: Known) -> Iterator[Fault]:
    assessor = known.row("assessors", row["assessor_id"])
    if assessor is not None and assessor["left_at"] is not None and not row["withdrawn"]:
        yield Fault("assessor", "assessor-left", sentence(N_("has left; give the assignment to somebody else")))
    entrant = known.row("entrants", row["entrant_id"])
    if entrant is not None and not entrant["staff_notice"]:
        message = sentence(N_("has not told its staff; fill in staff_notice_on in entrants.csv first"))
        yield Fault("entrant", "staff-notice-missing", message)
    if row["due_from"] is not None and row["due_until"] is not None and row["due_from"] >= row["due_until"]:
        yield Fault("due_until", "ends-before-it-begins", sentence(N_("is not after due_from; correct one of them")))


def _about_the_channel(row: Record, known: Known) -> Iterator[Fault]:
    online, onsite = row["channel"] == Channel.ONLINE, row["channel"] == Channel.ONSITE
    if online != (row["subchannel"] is not None):
        yield Fault("subchannel", "subchannel-not-online", sentence(N_("is filled in for online, and only there")))
    if onsite != (row["variant"] is not None):
        yield Fault("variant", "variant-not-onsite", sentence(N_("is filled in for onsite, and only there")))
    if row["reply_target_s"] is not None and not online:
        yield Fault(
            "reply_target_min", "target-not-online", sentence(N_("belongs to the channel online only; empty it"))
        )
    if row["recordings_to_draw"] and row["variant"] not in ("recording", "both"):
        yield Fault(
            "recordings_to_draw", "draw-not-onsite", sentence(N_("goes with the variants recording and both only"))
        )
    if row["annex"] and row["channel"] != Channel.PHONE_IN:
        yield Fault("ivrs", "ivrs-not-phone", sentence(N_("belongs to the channel phone_in only; empty it")))
    branch = known.row("branches", row["branch_id"]) if row["branch_id"] else None
    if branch is not None and branch["entrant_id"] != row["entrant_id"]:
        message = sentence(N_("belongs to {entrant}; name a branch of this entrant"), entrant=branch["entrant_id"])
        yield Fault("branch", "branch-of-another", message)
    if row["variant"] in ("branch", "both") and not row["branch_id"]:
        yield Fault("branch", "branch-missing", sentence(N_("is empty; say which branch to visit")))
    yield from _about_the_form(row, known)


def _about_the_form(row: Record, known: Known) -> Iterator[Fault]:
    if row["form"] is None:
        yield Fault("form", "form-unknown", sentence(N_("has no form for this channel on the server; add one first")))
        return
    if row["form"] not in known.forms or row["form"].partition("@")[0] != row["channel"]:
        of_channel = ", ".join(name for name in known.forms if name.partition("@")[0] == row["channel"])
        message = sentence(N_("is not a form of this channel; write one of: {forms}"), forms=of_channel)
        yield Fault("form", "form-unknown", message)
    if row["annex"] and row["annex"] not in known.forms:
        message = sentence(N_("needs the form {form}, which the server does not hold"), form=IVRS_ANNEX)
        yield Fault("ivrs", "form-unknown", message)


def _about_the_scenario(row: Record, known: Known) -> Iterator[Fault]:
    scenario = known.row("scenarios", row["scenario_id"])
    if scenario is None:
        return
    if scenario["channel"] != row["channel"]:
        message = sentence(N_("is a scenario for {channel}; choose one for this channel"), channel=scenario["channel"])
        yield Fault("scenario", "scenario-of-another-channel", message)
    if len(set(scenario["approved_by"])) < NAMES_OF_APPROVAL:
        message = sentence(N_("is not approved; fill in two names under approved_by in scenarios.csv"))
        yield Fault("scenario", "scenario-not-approved", message)
    for code in scenario["faq_codes"]:
        if known.faq_in_force(row["entrant_id"], code, date.max) is None:
            message = sentence(N_("asks the FAQ {faq}, which this entrant has not filed; add it to faqs.csv"), faq=code)
            yield Fault("scenario", "faq-not-filed", message)
    if not list(_contact_points(row, known)):
        message = sentence(N_("has no filed contact point for this channel; add it to contact_points.csv"))
        yield Fault("entrant", "contact-point-missing", message)


def _contact_points(row: Record, known: Known) -> Iterator[ContactPoint]:
    for point in known.contact_points(row["entrant_id"], row["channel"]):
        fits = point["subchannel"] in (None, row["subchannel"]) and point["branch_id"] in (None, row["branch_id"])
        if fits:
            yield ContactPoint(label=point["label"], value=point["value"])


def _filed_faqs(row: Record, scenario: Record, known: Known, today: date) -> Iterator[FiledFaq]:
    first = row["due_from"].astimezone(known.zone).date()
    last = (row["due_until"] - timedelta(microseconds=1)).astimezone(known.zone).date()
    for number, code in enumerate(scenario["faq_codes"], start=1):
        filed = known.faq_in_force(row["entrant_id"], code, min(max(today, first), last))
        if filed is not None:
            yield FiledFaq(
                number=number,
                question=filed["question"],
                answer=filed["answer"],
                version=filed["version"],
                in_force_from=date.fromisoformat(filed["in_force_from"]),
            )


def _there(known: Known, name: str, *key: object) -> Record:
    row = known.row(name, *key)
    if row is None:
        raise LookupError(f"{name} {key} is not known, though it was checked")
    return row
