"""The season: who takes part, what is asked, by which rules."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from checklists.forms.form import Channel
from checklists.record.assignment import RecordingPolicy
from sync_server.database.columns import Json, Moment, Serial, one_of
from sync_server.database.tables.schema import metadata

rulesets = Table(  # append-only; the highest version is in force
    "rulesets",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("programme", Text, nullable=False),  # "mystery_caller_2021"
    Column("overrides", Json, nullable=False),  # {"unreachable.score_mode": "zero"}
    Column("rules", Json, nullable=False),  # every parameter in force, by dotted name
    Column("digest", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("frozen_at", Moment),  # once a round has opened
    CheckConstraint("version >= 1", name="version_from_one"),
)

round_rules = Table(  # append-only: which version a round is scored under since it opened; the newest row holds
    "round_rules",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("what", Text, nullable=False),  # "round-1"; "season": finals, grades, marks, sizes and awards
    Column("version", Integer, ForeignKey("rulesets.version"), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),  # "": it opened
    Column(
        "effects", Json, nullable=False, server_default="[]"
    ),  # what a decision changed: [[entry, figure, from, to]]
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

proposed_rules = Table(  # a frozen copy: only its confirmation or its withdrawal is added to it
    "proposed_rules",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("base_version", Integer, ForeignKey("rulesets.version"), nullable=False),  # the newest when it was proposed
    Column("lines", Json, nullable=False),  # ["cap.assessment=50"], as typed
    Column("about", Json, nullable=False),  # ["round-1", "season"]: what had opened and would come under them
    Column("effects", Json, nullable=False),  # what was shown: [[entry, figure, from, to]]
    Column("reason", Text, nullable=False),
    Column("proposed_by", Text, ForeignKey("users.id"), nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("confirmed_by", Text, ForeignKey("users.id")),
    Column("confirmed_at", Moment),
    Column("version", Integer, ForeignKey("rulesets.version")),  # what it became
    Column("withdrawn_by", Text, ForeignKey("users.id")),  # whoever proposed it took it back, anybody else refused it
    Column("withdrawn_at", Moment),
    Column("withdrawn_because", Text, nullable=False, server_default=""),
    CheckConstraint("reason <> ''", name="reason_given"),
    CheckConstraint("confirmed_by <> proposed_by", name="two_people"),
    CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"),
    CheckConstraint("(confirmed_by IS NULL) = (version IS NULL)", name="confirmed_as_a_version"),
    CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_because = '')", name="withdrawn_with_a_reason"),
    CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawn_by_somebody"),
    CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name="ended_once"),
    sqlite_autoincrement=True,
)

rounds = Table(
    "rounds",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("opens_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),  # exclusive
    CheckConstraint("number BETWEEN 1 AND 9", name="number_in_range"),
    CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
)

releases = Table(  # append-only: what entrants see of a round begins here, and so does its retention
    "releases",
    metadata,
    Column("what", Text, primary_key=True),  # "round-1", "results", "finding-1", "index-2021"
    Column("round", Integer, unique=True),
    Column("release_at", Moment, nullable=False),  # its moment, as the rules had it then
    Column("released_at", Moment, nullable=False),  # when the server saw that it had passed
    Column("released_by", Text, nullable=False),  # "system"; "upgrade": it was released under an earlier release
    CheckConstraint("(substr(what, 1, 6) = 'round-') = (round IS NOT NULL)", name="round_or_results"),
    CheckConstraint("release_at <= released_at", name="not_before_its_moment"),
)

form_versions = Table(  # a form never changes: another content is another version
    "form_versions",
    metadata,
    Column("id", Text, primary_key=True),  # "phone_in@1"
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),  # wire JSON of checklists.forms.form.Form
    Column("digest", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("name", "version"),
)

form_drafts = Table(  # the next version of a form while the desk writes it: one of each form
    "form_drafts",
    metadata,
    Column("name", Text, primary_key=True),  # "phone_in"
    Column("based_on", Text, ForeignKey("form_versions.id"), nullable=False),
    Column("body", Text, nullable=False),  # its file, whatever is still wrong with it
    Column("updated_at", Moment, nullable=False),
    Column("updated_by", Text, ForeignKey("users.id"), nullable=False),
)

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Json, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

organisations = Table(  # who pays, is a member or joins, and owns entrants: `entrants.organisation`
    "organisations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Json, nullable=False),
    Column("is_member", Boolean, nullable=False, server_default=text("false")),
    Column("took_part", Boolean, nullable=False, server_default=text("false")),  # in an earlier edition
    Column("certifications", Integer, nullable=False, server_default="0"),  # for how many entries it takes one
    Column("contact", Json, nullable=False, server_default="{}"),  # {"name", "email", "telephone"}, each where given
    Column("created_at", Moment, nullable=False),
    CheckConstraint("certifications >= 0", name="certifications_not_negative"),
)

entrants = Table(
    "entrants",
    metadata,
    Column("id", Text, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("name", Json, nullable=False),  # {"en": ..., "zh-Hant": ...}
    Column("industry", Text, nullable=False),
    Column("seats", Integer),
    Column("branches", Integer),  # how many it declares; the listed ones are in `branches`
    Column("recording_policy", Text, nullable=False, server_default="none"),
    Column("staff_notice", Json),  # when and how staff were told (privacy E1)
    Column("created_at", Moment, nullable=False),
    one_of("recording_policy", RecordingPolicy),
    CheckConstraint("seats >= 0", name="seats_not_negative"),
    CheckConstraint("branches >= 0", name="branches_not_negative"),
)

groupings = Table(  # append-only: the industry group of an entrant, as somebody decided it; the newest row holds
    "groupings",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("entrant_id", Text, nullable=False, index=True),  # no foreign key: it stays when an enrolment is taken back
    Column("proposed", Text),  # by the organisation; NULL: by nobody
    Column("industry", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("is_ruling", Boolean, nullable=False),  # after the close of enrolment
    Column("effects", Json, nullable=False, server_default="[]"),  # [[entry, figure, from, to]]
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

entries = Table(
    "entries",
    metadata,
    Column("entrant_id", Text, ForeignKey("entrants.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("faq_filing", Text, nullable=False, server_default="in_time"),
    Column("faq_filed_at", Moment),
    Column("faq_awaited", Boolean, nullable=False, server_default=text("false")),  # "never" until its deadline decides
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    Column("service", Json),  # checklists.assignment.ServiceHours; NULL: always open
    Column("history", Json, nullable=False, server_default="[]"),  # [{year, industry, channel, final, grade}]
    Column("onsite_variant", Text),  # recording, branch, both; NULL: not said
    Column("direction", Text),  # inbound, outbound, both; NULL: not said
    PrimaryKeyConstraint("entrant_id", "channel"),
    one_of("channel", Channel),
    one_of("onsite_variant", ("recording", "branch", "both")),
    one_of("direction", ("inbound", "outbound", "both")),
    one_of("faq_filing", ("in_time", "at", "never")),
    CheckConstraint("(faq_filing = 'at') = (faq_filed_at IS NOT NULL)", name="faq_filed_at_when_dated"),
)

branches = Table(
    "branches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("entrant_id", Text, ForeignKey("entrants.id"), nullable=False, index=True),
    Column("name", Json, nullable=False),
    Column("address", Json, nullable=False),
    Column("lat", Double),  # degrees, WGS 84
    Column("lon", Double),
    Column("district", Text),
    Column("service", Json),  # as an entry's; NULL: the entry's
)

filed_faqs = Table(
    "filed_faqs",
    metadata,
    Column("entrant_id", Text, ForeignKey("entrants.id"), nullable=False),
    Column("code", Text, nullable=False),  # the FAQ's name within the entrant, named by scenarios
    Column("version", Integer, nullable=False),
    Column("question", Json, nullable=False),
    Column("answer", Json, nullable=False),
    Column("in_force_from", Text, nullable=False),  # a day, "2021-03-01"
    Column("filed_at", Moment, nullable=False),
    PrimaryKeyConstraint("entrant_id", "code", "version"),
    CheckConstraint("version >= 1", name="version_from_one"),
)

contact_points = Table(
    "contact_points",
    metadata,
    Column("id", Text, primary_key=True),
    Column("entrant_id", Text, ForeignKey("entrants.id"), nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("subchannel", Text),  # chat, email, form, social; NULL: any
    Column("branch_id", Text, ForeignKey("branches.id")),
    Column("label", Json, nullable=False),
    Column("value", Text, nullable=False),
    one_of("channel", Channel),
)

scenarios = Table(
    "scenarios",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("title", Json, nullable=False),
    Column("briefing", Json, nullable=False),
    Column("stop_rules", Json, nullable=False, server_default="[]"),
    Column("faq_codes", Json, nullable=False, server_default="[]"),  # in the order they are asked
    Column("approved_by", Json, nullable=False, server_default="[]"),  # two names (privacy E13)
    one_of("channel", Channel),
)
