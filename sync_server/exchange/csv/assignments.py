"""An assignment row made whole: its defaults, what is wrong with it, and the body phones receive.

IMP-A1  The scenario belongs to the row's channel and has two names of approval (privacy E13).
IMP-A2  Only filed contact points are handed out; an entrant without one for the channel cannot be assigned (E14).
IMP-A3  Staff must have been told that assessments may happen (E1).
IMP-A4  Every FAQ the scenario asks is filed; the version in force on the day is handed out.
IMP-A5  Sub-channel is for online, variant and recordings for onsite, the IVRS annex for phone.
IMP-A6  It is due within its round, on days on which the entry is open (RND-5).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel
from checklists.language import N_, Sentence, sentence
from checklists.record.assignment import (
    Assignment,
    Branch,
    Conflict,
    ContactPoint,
    FiledFaq,
    RecordingPolicy,
    Scenario,
    ServiceHours,
)
from checklists.wire import decode
from sync_server.exchange.csv.overlay import Overlay
from sync_server.exchange.csv.problems import Place, SheetProblem, problem
from sync_server.exchange.csv.records import Record, dates_of
from sync_server.season.approval import is_approved
from sync_server.season.branch_hours import hours_at
from sync_server.season.round_dates import due_misfits

DEFAULT_RECORDINGS = 2
WINDOWS_RUN_ON = timedelta(days=14)

Misfit = tuple[str, str, Sentence]  # the column of the sheet, a permanent code, what is wrong and what to do


def complete(row: Record, season: Overlay) -> Record:
    """Return `row` with its defaults filled in from the round, the entrant and the newest forms."""
    around = season.row("rounds", row["round"]) or {}
    entrant = season.row("entrants", row["entrant_id"]) or {}
    draws = DEFAULT_RECORDINGS if row["variant"] in ("recording", "both") else 0
    defaults = {
        "form": season.newest_form(row["channel"]),
        "recording_policy": entrant.get("recording_policy", "none"),
        "due_from": around.get("opens_at"),
        "due_until": around.get("closes_at"),
        "recordings_to_draw": draws,
    }
    filled = {name: value for name, value in defaults.items() if row[name] is None}
    return {**row, **filled, "annex": _newest_annex(season) if row["annex"] else None}


def problems(row: Record, season: Overlay, at: Place) -> Iterator[SheetProblem]:
    """Yield what is wrong with a complete row, which is at `at`; a row without a problem can be built."""
    for column, code, message in _misfits(row, season):
        yield problem(at.at_column(column), code, message)


def build(row: Record, season: Overlay, today: date) -> Assignment:
    """Return what the assessor's phone receives for a row without a problem."""
    entrant = _there(season, "entrants", row["entrant_id"])
    entry = _there(season, "entries", row["entrant_id"], row["channel"])
    scenario = _there(season, "scenarios", row["scenario_id"])
    assessor = _there(season, "assessors", row["assessor_id"])
    branch = season.row("branches", row["branch_id"]) if row["branch_id"] else None
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
        branch=_branch(branch) if branch else None,
        contact_points=tuple(_contact_points(row, season)),
        filed_faqs=tuple(_filed_faqs(row, scenario, season, today)),
        service=_suspended(hours_at(entry["service"], branch["service"] if branch else None), row, season),
        recording_policy=RecordingPolicy(row["recording_policy"]),
        recordings_to_draw=row["recordings_to_draw"],
        reply_target_s=row["reply_target_s"],
        earlier_attempts=before.earlier_attempts if before else (),
        withdrawn=row["withdrawn"],
        settings=before.settings if before else {},
        onsite_variant=entry["onsite_variant"],
        direction=entry["direction"],
        assessor_languages=tuple(assessor["languages"]),
        assessor_districts=tuple(assessor["districts"]),
        conflicts=tuple(_conflicts(row, entrant, season)),
        exception=row["exception"],
    )


def _branch(branch: Record) -> Branch:
    return Branch(**{name: branch[name] for name in ("id", "name", "address", "lat", "lon", "district")})


def _suspended(service: ServiceHours | None, row: Record, season: Overlay) -> ServiceHours | None:
    """Return the hours with what suspends them while the visit is due and a window begun then may run."""
    spans = season.suspensions(row["entrant_id"], row["due_from"], row["due_until"] + WINDOWS_RUN_ON)
    return msgspec.structs.replace(service or ServiceHours(), suspended=tuple(spans)) if spans else service


def _conflicts(row: Record, entrant: Record, season: Overlay) -> Iterator[Conflict]:
    for organisation in dict.fromkeys((entrant["organisation"], entrant["id"])):
        conflict = season.row("conflicts", row["assessor_id"], organisation)
        if conflict is not None:
            until = None if conflict["until"] is None else date.fromisoformat(conflict["until"])
            yield Conflict(organisation=organisation, reason=conflict["reason"], until=until)


def _misfits(row: Record, season: Overlay) -> Iterator[Misfit]:
    yield from _about_people_and_time(row, season)
    yield from _about_the_channel(row, season)
    yield from _about_the_scenario(row, season)


def _about_people_and_time(row: Record, season: Overlay) -> Iterator[Misfit]:
    assessor = season.row("assessors", row["assessor_id"])
    if assessor is not None and assessor["left_at"] is not None and not row["withdrawn"]:
        yield ("assessor", "assessor-left", sentence(N_("has left; give the assignment to somebody else")))
    entrant = season.row("entrants", row["entrant_id"])
    if entrant is not None and not entrant["staff_notice"]:
        message = sentence(N_("has not told its staff; fill in staff_notice_on in entrants.csv first"))
        yield ("entrant", "staff-notice-missing", message)
    if row["due_from"] is not None and row["due_until"] is not None and row["due_from"] >= row["due_until"]:
        yield ("due_until", "ends-before-it-begins", sentence(N_("is not after due_from; correct one of them")))
    elif not row["withdrawn"]:
        yield from _about_when_it_is_due(row, season)


def _about_when_it_is_due(row: Record, season: Overlay) -> Iterator[Misfit]:
    around = season.row("rounds", row["round"])
    if around is None or row["due_from"] is None or row["due_until"] is None:
        return
    entry = season.row("entries", row["entrant_id"], row["channel"]) or {}
    service = None if entry.get("service") is None else msgspec.convert(entry["service"], ServiceHours)
    yield from due_misfits((row["due_from"], row["due_until"]), dates_of(around), service, season.zone)


def _about_the_channel(row: Record, season: Overlay) -> Iterator[Misfit]:
    online, onsite = row["channel"] == Channel.ONLINE, row["channel"] == Channel.ONSITE
    if online != (row["subchannel"] is not None):
        yield ("subchannel", "subchannel-not-online", sentence(N_("is filled in for online, and only there")))
    if onsite != (row["variant"] is not None):
        yield ("variant", "variant-not-onsite", sentence(N_("is filled in for onsite, and only there")))
    if row["reply_target_s"] is not None and not online:
        yield ("reply_target_min", "target-not-online", sentence(N_("belongs to the channel online only; empty it")))
    if row["recordings_to_draw"] and row["variant"] not in ("recording", "both"):
        yield ("recordings_to_draw", "draw-not-onsite", sentence(N_("goes with the variants recording and both only")))
    if row["annex"] and row["channel"] != Channel.PHONE_IN:
        yield ("ivrs", "ivrs-not-phone", sentence(N_("belongs to the channel phone_in only; empty it")))
    branch = season.row("branches", row["branch_id"]) if row["branch_id"] else None
    if branch is not None and branch["entrant_id"] != row["entrant_id"]:
        message = sentence(N_("belongs to {entrant}; name a branch of this entrant"), entrant=branch["entrant_id"])
        yield ("branch", "branch-of-another", message)
    if row["variant"] in ("branch", "both") and not row["branch_id"]:
        yield ("branch", "branch-missing", sentence(N_("is empty; say which branch to visit")))
    yield from _about_the_form(row, season)


def _about_the_form(row: Record, season: Overlay) -> Iterator[Misfit]:
    if row["form"] is None:
        yield ("form", "form-unknown", sentence(N_("has no form for this channel on the server; add one first")))
        return
    if row["form"] not in season.forms or row["form"].partition("@")[0] != row["channel"]:
        of_channel = ", ".join(name for name in season.forms if name.partition("@")[0] == row["channel"])
        message = sentence(N_("is not a form of this channel; write one of: {forms}"), forms=of_channel)
        yield ("form", "form-unknown", message)
    if row["annex"] and row["annex"] not in season.forms:
        message = sentence(N_("needs the form {form}, which the server does not hold"), form=row["annex"])
        yield ("ivrs", "form-unknown", message)


def _newest_annex(season: Overlay) -> str:
    """Return the annex's newest version, or its bare name where the server keeps none."""
    (name,) = {form.name for form in shipped_forms().values() if form.annex}
    return season.newest_form(name) or name


def _about_the_scenario(row: Record, season: Overlay) -> Iterator[Misfit]:
    scenario = season.row("scenarios", row["scenario_id"])
    if scenario is None:
        return
    if scenario["channel"] != row["channel"]:
        message = sentence(N_("is a scenario for {channel}; choose one for this channel"), channel=scenario["channel"])
        yield ("scenario", "scenario-of-another-channel", message)
    if not is_approved(scenario["approved_by"], season.accounts):
        message = sentence(
            N_(
                "is not approved by two people; two of the office approve it on its page, or write both names under"
                " approved_by in scenarios.csv"
            )
        )
        yield ("scenario", "scenario-not-approved", message)
    for code in scenario["faq_codes"]:
        if season.faq_in_force(row["entrant_id"], code, date.max) is None:
            message = sentence(N_("asks the FAQ {faq}, which this entrant has not filed; add it to faqs.csv"), faq=code)
            yield ("scenario", "faq-not-filed", message)
    if not list(_contact_points(row, season)):
        message = sentence(N_("has no filed contact point for this channel; add it to contact_points.csv"))
        yield ("entrant", "contact-point-missing", message)


def _contact_points(row: Record, season: Overlay) -> Iterator[ContactPoint]:
    for point in season.contact_points(row["entrant_id"], row["channel"]):
        fits = point["subchannel"] in (None, row["subchannel"]) and point["branch_id"] in (None, row["branch_id"])
        if fits:
            yield ContactPoint(label=point["label"], value=point["value"])


def _filed_faqs(row: Record, scenario: Record, season: Overlay, today: date) -> Iterator[FiledFaq]:
    first = row["due_from"].astimezone(season.zone).date()
    last = (row["due_until"] - timedelta(microseconds=1)).astimezone(season.zone).date()
    for number, code in enumerate(scenario["faq_codes"], start=1):
        filed = season.faq_in_force(row["entrant_id"], code, min(max(today, first), last))
        if filed is not None:
            yield FiledFaq(
                number=number,
                question=filed["question"],
                answer=filed["answer"],
                version=filed["version"],
                in_force_from=date.fromisoformat(filed["in_force_from"]),
            )


def _there(season: Overlay, name: str, *key: object) -> Record:
    row = season.row(name, *key)
    if row is None:
        raise LookupError(f"{name} {key} is not known, though it was checked")
    return row
