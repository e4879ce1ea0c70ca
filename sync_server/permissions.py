"""Who may call which route: one table for the whole server, read by one guard.

PERM-1  Every route of the application has exactly one row in `RULES`; a route without a row answers nobody.
PERM-2  A role that is not in the row is refused: a visitor is asked to sign in, everybody else reads "not allowed".
PERM-3  An entrant sees only its own entries, and only rounds that were released (the queries take its `Sight`).

A row names the roles, never the people. Static files and the built app are outside the table: they hold no data.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """Who is asking. The first five are accounts of the dashboard."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    VIEWER = "viewer"
    ENTRANT = "entrant"
    DEVICE = "assessor_device"  # a phone with a device token
    VISITOR = "visitor"  # nobody signed in


ACCOUNT_ROLES = (Role.ADMIN, Role.COORDINATOR, Role.REVIEWER, Role.VIEWER, Role.ENTRANT)

ANYONE = frozenset(Role)
SIGNED_IN = frozenset(ACCOUNT_ROLES)
STAFF = SIGNED_IN - {Role.ENTRANT}
REVIEWERS = frozenset({Role.ADMIN, Role.COORDINATOR, Role.REVIEWER})
COORDINATORS = frozenset({Role.ADMIN, Role.COORDINATOR})
ADMINS = frozenset({Role.ADMIN})
DEVICES = frozenset({Role.DEVICE})
NOT_DEVICES = ANYONE - DEVICES

# (method, path as the application declares it) -> who may call it.
RULES: Mapping[tuple[str, str], frozenset[Role]] = {}


def permits(method: str, path_template: str, role: Role) -> bool:
    """Say whether `role` may call the route. HEAD follows GET; a route that is not in the table answers nobody."""
    asked = "GET" if method == "HEAD" and ("HEAD", path_template) not in RULES else method
    return role in RULES.get((asked, path_template), frozenset())
