"""People and devices."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from sync_server.database.columns import Json, Moment, Serial, is_sha256, one_of
from sync_server.database.tables.schema import ROLES, metadata

assessors = Table(
    "assessors",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("languages", Json, nullable=False, server_default="[]"),
    Column("districts", Json, nullable=False, server_default="[]"),  # where the assessor visits branches
    Column("created_at", Moment, nullable=False),
    Column("left_at", Moment),
)

conflicts = Table(  # organisations an assessor must not assess (privacy E11)
    "conflicts",
    metadata,
    Column("assessor_id", Text, ForeignKey("assessors.id"), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("until", Text),  # the last day, "2021-12-31"; NULL: for good
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("assessor_id", "organisation"),
)

assessor_certificates = Table(  # who showed to score as the panel does, by channel and anew for each round
    "assessor_certificates",
    metadata,
    Column("assessor_id", Text, ForeignKey("assessors.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("passed_on", Text, nullable=False),  # "2021-02-20"
    Column("note", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("assessor_id", "channel", "round"),
)

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("entrant_id", Text, ForeignKey("entrants.id")),
    Column("language", Text, nullable=False, server_default="en"),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    Column(
        "reads_only", Boolean, nullable=False, server_default=text("false")
    ),  # of an entrant: looks, decides nothing
    one_of("role", ROLES),
    CheckConstraint("(role = 'entrant') = (entrant_id IS NOT NULL)", name="entrant_role_has_entrant"),
)

sessions = Table(  # the cookie holds the secret, this holds its SHA-256
    "sessions",
    metadata,
    Column("secret_hash", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("kept_words", Json),  # what was typed into a form when the session before this one ended
)

second_factors = Table(  # of accounts; the secret is kept as it is, for codes are worked out of it
    "second_factors",
    metadata,
    Column("user_id", Text, ForeignKey("users.id"), primary_key=True),
    Column("secret", Text, nullable=False),
    Column("last_step", Serial, nullable=False),  # the half minute whose code was used last
    Column("recovery", Json, nullable=False),  # hashes of the recovery codes that are left
    Column("created_at", Moment, nullable=False),
    Column("confirmed_at", Moment),  # NULL: it does not count yet
)

pending_sign_ins = Table(  # the password was right, the code is waited for
    "pending_sign_ins",
    metadata,
    Column("secret_hash", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    Column("expires_at", Moment, nullable=False),
)

provider_links = Table(  # who an account of the office is at the provider that vouches for people
    "provider_links",
    metadata,
    Column("user_id", Text, ForeignKey("users.id"), primary_key=True),
    Column("name", Text, nullable=False, unique=True),  # as the provider names the person; counts once
    Column("issuer", Text),  # NULL: waits for the first sign-in under that name
    Column("subject", Text),
    Column("created_at", Moment, nullable=False),
    Column("linked_at", Moment),
    UniqueConstraint("issuer", "subject"),
)

provider_tries = Table(  # sign-ins that the provider has been asked about, each for some minutes and for one answer
    "provider_tries",
    metadata,
    Column("state_hash", Text, primary_key=True),
    Column("browser_hash", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("onward", Text, nullable=False),
    Column("kept_words", Json),
    Column("expires_at", Moment, nullable=False),
)

sign_in_throttles = Table(  # shared by every process of one database
    "sign_in_throttles",
    metadata,
    Column("name", Text, primary_key=True),  # a hash of what is throttled: a username, an address
    Column("failures", Integer, nullable=False),
    Column("last_failed_at", Moment, nullable=False),
)

invitations = Table(  # one-time links that make an account: the first administrator, a reviewer, an entrant
    "invitations",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("entrant_id", Text, ForeignKey("entrants.id")),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column(
        "reads_only", Boolean, nullable=False, server_default=text("false")
    ),  # of an entrant: looks, decides nothing
    one_of("role", ROLES),
)

password_resets = Table(  # one-time codes for a new password; who has the code sees only what is hashed here
    "password_resets",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    is_sha256("code_hash"),
)

devices = Table(
    "devices",
    metadata,
    Column("id", Text, primary_key=True),  # a UUID made by the device
    Column("assessor_id", Text, ForeignKey("assessors.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("enrolled_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("clock_offset_ms", Serial),  # device minus server, at the last push
    Column("clock_checked_at", Moment),
    is_sha256("token_hash"),
)

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("hint", Text, nullable=False),  # the last characters, so that a coordinator can tell them apart
    Column("assessor_id", Text, ForeignKey("assessors.id"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("device_id", Text),
    Column("revoked_at", Moment),
    is_sha256("code_hash"),
)
