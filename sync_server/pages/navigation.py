"""The pages in the order of the bar on top. A reader sees those its role may open."""

from __future__ import annotations

from dataclasses import dataclass

from checklists.language import N_
from sync_server.people.permissions import Role, permits


@dataclass(frozen=True, slots=True)
class Place:
    """One page: its address (which is its route), its English name, to be translated, and pages reached from it."""

    path: str
    name: str
    leads_to: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Say whether the page at `path` is this one, lies under it, or is reached from it."""
        return any(path == own or path.startswith(f"{own}/") for own in (self.path, *self.leads_to))


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together."""

    name: str
    places: tuple[Place, ...]


NAVIGATION = (
    Group(
        N_("The season"),
        (
            Place("/today", N_("Today")),
            Place("/season", N_("Season")),
            Place("/edition", N_("Edition")),
            Place("/reminders", N_("Reminders")),
            Place("/letters", N_("Letters sent")),
            Place("/consortium", N_("Consortium"), ("/findings",)),
        ),
    ),
    Group(
        N_("Planning"),
        (
            Place("/plan", N_("Plan")),
            Place("/assignments", N_("Assignments")),
            Place("/imports", N_("Import")),
            Place("/forms", N_("Forms")),
        ),
    ),
    Group(
        N_("Fieldwork"),
        (
            Place("/bench", N_("Review bench")),
            Place("/assessments", N_("Assessments")),
            Place("/hand-overs", N_("Hand-overs")),
            Place("/submissions", N_("From other apps")),
            Place("/quality", N_("Quality")),
            Place("/csqs", N_("CSQS visits"), ("/register",)),
        ),
    ),
    Group(
        N_("Award"),
        (
            Place("/standings", N_("Standings")),
            Place("/awards", N_("Awards")),
            Place("/borderline", N_("Borderline")),
            Place("/what-if", N_("Rules")),
            Place("/release", N_("Release")),
            Place("/index", N_("Customer index"), ("/customer-index",)),
            Place("/reports", N_("Reports"), ("/results", "/digests", "/papers", "/faq", "/invoices")),
            Place("/disputes", N_("Disputes")),
        ),
    ),
    Group(
        N_("People"),
        (
            Place("/enrolments", N_("Enrolments")),
            Place("/grouping", N_("Industry groups")),
            Place("/faqs", N_("FAQ desk")),
            Place("/proposals", N_("Proposals")),
            Place("/money", N_("Money")),
            Place("/records", N_("Season records")),
            Place("/assessors", N_("Assessors")),
            Place("/enrolment-codes", N_("Enrolment codes")),
            Place("/devices", N_("Devices")),
        ),
    ),
    Group(
        N_("Administration"),
        (
            Place("/accounts", N_("Accounts")),
            Place("/tokens", N_("API tokens")),
            Place("/webhooks", N_("Webhooks")),
            Place("/audit", N_("Audit log")),
        ),
    ),
)


def first_page(role: Role) -> str:
    """Return the page that somebody who signed in comes to: Today for the office, its own for everybody else."""
    if role is Role.JUDGE:
        return "/judging"
    if role is Role.MEMBER:
        return "/consortium"
    return "/today" if permits("GET", "/today", role) else "/reports"


def visible_to(role: Role) -> tuple[Group, ...]:
    """Return the groups and pages that `role` may open; a group without pages is left out."""
    shown = (Group(g.name, tuple(p for p in g.places if permits("GET", p.path, role))) for g in NAVIGATION)
    return tuple(group for group in shown if group.places)


def group_of(path: str, groups: tuple[Group, ...]) -> Group | None:
    """Return the group that holds the page at `path`."""
    return next((group for group in groups if any(place.holds(path) for place in group.places)), None)
