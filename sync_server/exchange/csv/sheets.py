"""Which CSV files a season is read from, and their columns: the one table behind reading, templates and help.

Files are read in this order, so that a row may name a row of an earlier file or one the server already holds.
A row that is not in a file is left as it is: nothing is ever deleted by an import.

SHT-1  What the programme decides is said by the programme: `sheets_of` knows its industries and its rounds.
"""

# ruff: noqa: E501 - one line a column reads as the table it is

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import msgspec

from checklists.forms.form import AWARD_CHANNELS
from checklists.language import N_
from checklists.record.assignment import RecordingPolicy
from checklists.rules.programme import Programme
from checklists.workbook.writing import workbook
from sync_server.exchange.csv import cell_hours, cells
from sync_server.exchange.csv.calendar_sheets import EDITIONS, SUSPENSIONS
from sync_server.exchange.csv.cells import Cell
from sync_server.exchange.csv.columns import Column, Sheet, both, may, needed
from sync_server.exchange.csv.problems import Place

CHANNELS = tuple(channel.value for channel in AWARD_CHANNELS)
SUBCHANNELS = ("chat", "email", "form", "social")
POLICIES = tuple(policy.value for policy in RecordingPolicy)
VARIANTS = ("branch", "recording", "both")
LANGUAGES = ("yue", "en", "cmn")
DIRECTIONS = ("inbound", "outbound", "both")


_ENTRANT = needed("entrant", cells.code, N_("the entrant's code"), "harbour-ferry")
_CHANNEL = needed("channel", cells.one_of(*CHANNELS), N_("how the entrant is assessed"), "phone_in")

ROUNDS = Sheet(
    name="rounds",
    about=N_("When each round opens and closes (in the season's time zone)."),
    key=("round",),
    columns=(
        needed("round", cells.whole(1, 9), N_("the round's number, from 1"), "1"),
        needed("opens_at", cells.moment, N_("its first moment"), "2021-03-01"),
        needed("closes_at", cells.end_moment, N_("its last day, or the moment it ends"), "2021-04-30"),
        may("released_at", cells.moment, N_("when entrants may see its results"), "2021-05-14 09:00"),
    ),
)
ORGANISATIONS = Sheet(
    name="organisations",
    about=N_("Who owns entrants, pays for them, and is written to."),
    key=("organisation",),
    columns=(
        needed("organisation", cells.code, N_("the organisation's code, as entrants.csv writes it"), "harbour"),
        *both("name", N_("the name people read"), "Harbour Ferry Company", "港灣渡輪公司"),
        may("member", cells.yes_no, N_("yes where it is a member: it pays the member price"), "yes"),
        may("took_part", cells.yes_no, N_("yes where it took part in an earlier edition"), "no"),
        may("certifications", cells.whole(0, 99), N_("for how many entries it takes the quality certification"), "0"),
        may("contact_name", cells.words, N_("the person to write to"), "Chan Tai Man"),
        may("email", cells.words, N_("that person's e-mail"), "c@example.org"),
        may("telephone", cells.words, N_("that person's telephone"), "+852 2000 0002"),
    ),
)
ENTRANTS = Sheet(
    name="entrants",
    about=N_("Who takes part."),
    key=("entrant",),
    columns=(
        _ENTRANT,
        may("organisation", cells.code, N_("entrants of one organisation share it; default: the entrant's code"), "harbour"),
        *both("name", N_("the name people read"), "Harbour Ferry Hotline", "港灣渡輪熱線"),
        needed("industry", cells.code, N_("the industry group"), "transport_logistics"),
        may("seats", cells.whole(0, 100_000), N_("seats of the service centre"), "35"),
        may("branches", cells.whole(0, 100_000), N_("how many branches it has"), "4"),
        may("recording_policy", cells.one_of(*POLICIES), N_("whether a contact may be recorded; default none"), "none"),
        may("staff_notice_on", cells.day, N_("the day staff were told that assessments may happen"), "2021-02-15"),
        *both("staff_notice", N_("the wording of that notice"), "Mystery assessments run from March to August.", "三月至八月將進行神秘顧客評審。"),
    ),
)  # fmt: skip
ENTRIES = Sheet(
    name="entries",
    about=N_("One row for each channel an entrant is assessed on."),
    key=("entrant", "channel"),
    columns=(
        _ENTRANT,
        _CHANNEL,
        may("faq_filing", cells.one_of("in_time", "at", "never"), N_("in_time, never, or at with faq_filed_at; empty: not yet filed"), "at"),
        may("faq_filed_at", cells.moment, N_("when the FAQ was filed"), "2021-02-17 10:00"),
        may("withdrawn", cells.yes_no, N_("yes once the entry is withdrawn"), "no"),
        may("service_days", cell_hours.weekdays, N_("weekdays of service, Monday is 1; default every day"), "1-6"),
        may("service_hours", cell_hours.clock_spans, N_("hours of service; default all day"), "09:00-18:00"),
        may("closed_on", cells.listed(cells.day), N_("days without service, separated by ;"), "2021-04-02"),
        may("onsite_variant", cells.one_of(*VARIANTS), N_("onsite only: recording, branch or both; default recording, or branch where only branches are filed"), ""),
        may("direction", cells.one_of(*DIRECTIONS), N_("inbound, outbound or both"), "inbound"),
    ),
)  # fmt: skip
HISTORY = Sheet(
    name="history",
    about=N_("Results of past editions, for stars, crowns and the most improved."),
    key=("entrant", "channel", "year"),
    columns=(
        _ENTRANT,
        _CHANNEL,
        needed("year", cells.whole(1900, cells.LAST_YEAR), N_("the edition's year"), "2020"),
        needed("industry", cells.code, N_("the industry group of that year"), "transport_logistics"),
        needed("final", cells.score, N_("the final score, 0 to 100"), "88.2"),
        needed("grade", cells.one_of("gold", "silver", "bronze", "below_pass"), N_("the published grade"), "silver"),
    ),
)
BRANCHES = Sheet(
    name="branches",
    about=N_("Places to visit."),
    key=("branch",),
    columns=(
        needed("branch", cells.code, N_("the branch's code"), "central-pier"),
        _ENTRANT,
        *both("name", N_("the name people read"), "Central Pier", "中環碼頭"),
        *both("address", N_("the address"), "Pier 7, Central", "中環七號碼頭"),
        may("lat", cells.degrees(90), N_("latitude in degrees, such as 22.2870; with lon"), "22.2870"),
        may("lon", cells.degrees(180), N_("longitude in degrees, such as 114.1616; with lat"), "114.1616"),
        may("district", cells.words, N_("the district it lies in, as assessors.csv writes it"), "Central and Western"),
        may("service_days", cell_hours.weekdays, N_("weekdays of service, Monday is 1; default the entry's"), ""),
        may("service_hours", cell_hours.clock_spans, N_("hours of service; default the entry's"), ""),
    ),
)  # fmt: skip
CONTACT_POINTS = Sheet(
    name="contact_points",
    about=N_("The filed numbers, addresses and links: nothing else may be contacted."),
    key=("contact_point",),
    columns=(
        needed("contact_point", cells.code, N_("the contact point's code"), "harbour-ferry-hotline"),
        _ENTRANT,
        _CHANNEL,
        may("subchannel", cells.one_of(*SUBCHANNELS), N_("online only; empty: any"), ""),
        may("branch", cells.code, N_("the branch it belongs to; empty: any"), ""),
        *both("label", N_("what it is"), "Hotline", "熱線"),
        needed("value", cells.words, N_("the number, address or link"), "+852 2000 0001"),
    ),
)
SCENARIOS = Sheet(
    name="scenarios",
    about=N_("The parts assessors play. A scenario needs two names of approval before it can be assigned."),
    key=("scenario",),
    columns=(
        needed("scenario", cells.code, N_("the scenario's code"), "lost-umbrella"),
        _CHANNEL,
        *both("title", N_("a short title"), "A lost umbrella", "遺失雨傘"),
        *both("briefing", N_("the whole briefing"), "You left an umbrella on the 08:10 ferry.", "你把雨傘遺留在八時十分的渡輪上。"),
        may("stop_rules_en", cells.listed_words, N_("when to stop, separated by ;"), "Stop if you are recognised."),
        may("stop_rules_zh", cells.listed_words, N_("when to stop, separated by ;"), "如被認出，請即停止。"),
        may("faqs", cells.listed(cells.code), N_("codes of the FAQs asked, in order, separated by ;"), "lost-property"),
        may("approved_by", cells.listed_words, N_("two names, separated by ;"), "May Chan; K. T. Lo"),
    ),
)  # fmt: skip
FAQS = Sheet(
    name="faqs",
    about=N_("The answers entrants filed. A changed answer is a new version with a later first day."),
    key=("entrant", "faq", "version"),
    columns=(
        _ENTRANT,
        needed("faq", cells.code, N_("the FAQ's code within the entrant"), "lost-property"),
        may("version", cells.whole(1, 999), N_("from 1; default 1"), "1"),
        *both("question", N_("the question"), "Where is the lost property office?", "失物處在哪裏？"),
        *both(
            "answer", N_("the filed answer"), "At Pier 7, 09:00 to 18:00 daily.", "七號碼頭，每日上午九時至下午六時。"
        ),
        needed("in_force_from", cells.day, N_("its first day"), "2021-03-01"),
    ),
)
ASSESSORS = Sheet(
    name="assessors",
    about=N_("The people who assess. Their names stay with the coordinators."),
    key=("assessor",),
    columns=(
        needed("assessor", cells.code, N_("the assessor's code"), "A-07"),
        needed("name", cells.words, N_("the name coordinators know"), "Wong Mei Yee"),
        may("languages", cells.listed(cells.one_of(*LANGUAGES)), N_("yue, en, cmn, separated by ;"), "yue;en"),
        may("districts", cells.listed(cells.words), N_("where the assessor visits branches, separated by ;"), "Central and Western"),
        may("left_on", cells.first_moment, N_("the day the assessor left"), ""),
    ),
)  # fmt: skip
CONFLICTS = Sheet(
    name="conflicts",
    about=N_("Organisations that an assessor must not assess: worked for, a rival, family, a supplier, a dispute."),
    key=("assessor", "organisation"),
    columns=(
        needed("assessor", cells.code, N_("the assessor's code"), "A-07"),
        needed("organisation", cells.code, N_("the organisation's code, as entrants.csv writes it"), "peak-tram"),
        may("until", cells.day, N_("the last day it holds; empty: for good"), "2021-12-31"),
        needed("reason", cells.words, N_("what the conflict is"), "Worked there until 2019."),
    ),
)
CERTIFICATES = Sheet(
    name="certificates",
    about=N_("For which channel an assessor showed to score as the panel does: three trial contacts, anew for each round."),
    key=("assessor", "channel", "round"),
    columns=(
        needed("assessor", cells.code, N_("the assessor's code"), "A-07"),
        needed("channel", cells.one_of(*CHANNELS), N_("the channel it is for"), "phone_in"),
        needed("round", cells.whole(1, 9), N_("the round it is for"), "1"),
        needed("passed_on", cells.day, N_("the day it was passed"), "2021-02-20"),
        may("note", cells.words, N_("what it rests on"), "Three trial calls, each within 5 points of the panel."),
    ),
)  # fmt: skip
ASSIGNMENTS = Sheet(
    name="assignments",
    about=N_("Who assesses what, and when."),
    key=("assignment",),
    columns=(
        needed("assignment", cells.code, N_("the assignment's code"), "r1-harbour-ferry-01"),
        needed("assessor", cells.code, N_("the assessor's code"), "A-07"),
        _ENTRANT,
        _CHANNEL,
        needed("round", cells.whole(1, 9), N_("the round's number, from 1"), "1"),
        needed("scenario", cells.code, N_("the scenario's code"), "lost-umbrella"),
        may("due_from", cells.moment, N_("its first moment; default: the round's"), "2021-03-08"),
        may("due_until", cells.end_moment, N_("its last day, or the moment it ends; default: the round's"), "2021-03-19"),
        may("language", cells.one_of(*LANGUAGES), N_("yue, en or cmn; default yue"), "yue"),
        may("subchannel", cells.one_of(*SUBCHANNELS), N_("online only: chat, email, form, social"), ""),
        may("variant", cells.one_of(*VARIANTS), N_("onsite only: branch, recording, both"), ""),
        may("branch", cells.code, N_("the branch to visit"), ""),
        may("ivrs", cells.yes_no, N_("yes: with the IVRS annex, phone only"), "no"),
        may("form", cells.code, N_("the form and its version; default: the newest of the channel"), "phone_in@1"),
        may("recording_policy", cells.one_of(*POLICIES), N_("default: the entrant's"), ""),
        may("recordings_to_draw", cells.whole(0, 20), N_("recordings to draw, onsite only; default 2 where they are drawn"), ""),
        may("reply_target_min", cells.whole(1, 100_000), N_("promised minutes to a complete answer, online only"), ""),
        may("withdrawn", cells.yes_no, N_("yes takes it back from the assessor"), "no"),
        may("exception", cells.words, N_("a reason that lets it break a rule about languages, rotation, conflicts or red lines"), ""),
    ),
)  # fmt: skip

SHEETS: tuple[Sheet, ...] = (
    EDITIONS, ROUNDS, ORGANISATIONS, ENTRANTS, ENTRIES, HISTORY, BRANCHES, CONTACT_POINTS, SCENARIOS, FAQS, ASSESSORS, CONFLICTS, CERTIFICATES, SUSPENSIONS, ASSIGNMENTS,
)  # fmt: skip
BY_FILE: Mapping[str, Sheet] = {sheet.file: sheet for sheet in SHEETS}


def sheets_of(programme: Programme) -> tuple[Sheet, ...]:
    """Return the sheets for a season of `programme`."""
    return tuple(
        msgspec.structs.replace(sheet, columns=tuple(_in_programme(column, programme) for column in sheet.columns))
        for sheet in SHEETS
    )


def _in_programme(column: Column, programme: Programme) -> Column:
    if column.name == "industry":
        codes = [industry.code for industry in programme.industries]
        example = column.example if column.example in codes else next(iter(codes), "")
        return msgspec.structs.replace(column, read=_industry_of(programme), example=example)
    if column.name == "onsite_variant":
        return msgspec.structs.replace(column, read=cells.one_of(*programme.rules.texts("onsite.variants")))
    if column.name == "round":
        rounds = len(programme.rules.numbers("rounds.weights"))
        return msgspec.structs.replace(column, read=cells.whole(1, rounds))
    return column


def _industry_of(programme: Programme) -> Cell:
    listed = cells.one_of(*(industry.code for industry in programme.industries))

    def read(cell: str) -> object:
        return programme.industry_code(cell.lower()) or listed(cell)

    return read


def meaning_of(place: Place) -> str:
    """Return what the column of a cell means, marked for translation; "" where there is no such column."""
    stem = PurePosixPath(place.file).stem
    sheet = BY_FILE.get(f"{stem}.csv")
    return next((column.about for column in sheet.columns if column.name == place.column), "") if sheet else ""


def template(sheet: Sheet, *, example: bool = True) -> bytes:
    """Return `sheet` as a CSV file: its header and, by default, one example row; UTF-8 with BOM, as Excel wants it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in sheet.columns])
    if example:
        writer.writerow([column.example for column in sheet.columns])
    return out.getvalue().encode("utf-8-sig")


def as_csv(sheet: Sheet, rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return cells as the file of their sheet, in UTF-8 with BOM."""
    out = io.StringIO(newline="")
    names = [column.name for column in sheet.columns]
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def text_template(sheet: Sheet) -> bytes:
    """Return `sheet` as a workbook whose columns are text, so that a spreadsheet changes nothing that is typed."""
    return workbook(
        sheet.name, [[column.name for column in sheet.columns], [column.example for column in sheet.columns]]
    )
