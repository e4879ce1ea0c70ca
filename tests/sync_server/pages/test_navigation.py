"""The bar on top: whichever page of the desk is read, it says where that is."""

from __future__ import annotations

import pytest

from sync_server.pages.navigation import group_of, visible_to
from sync_server.people.permissions import RULES, Role

OF_ONESELF = {"", "account", "sign-in", "reset"}
FOR_OTHERS = {"enrol", "survey", "proposal", "invitation", "judging"}  # opened by a link that was sent
NO_PAGES = {"api", "odata", "openrosa", "static", "app", "ca", "events", "metrics", "healthz", "readyz"}
NO_PAGES |= {"calendar.ics", "season.json"}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.COORDINATOR, Role.VIEWER])
def test_every_page_of_the_desk_is_lit_in_one_place(role: Role) -> None:
    groups = visible_to(role)
    pages = [path for (method, path), roles in RULES.items() if method == "GET" and role in roles]
    for path in pages:
        if path.split("/")[1] in OF_ONESELF | FOR_OTHERS | NO_PAGES:
            continue
        lit = [place.path for group in groups for place in group.places if place.holds(path)]
        assert len(lit) == 1, path
        assert group_of(path, groups) is not None


def test_results_are_read_under_reports() -> None:
    groups = visible_to(Role.ENTRANT)
    assert [place.path for group in groups for place in group.places if place.holds("/results")] == ["/reports"]
