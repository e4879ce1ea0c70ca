"""The IVRS panel over HTTP: judges mark what they may, the office fixes what it came to."""

from __future__ import annotations

from typing import Any

from sync_server.people.permissions import Role
from tests.sync_server.desk import rule_anew, send, signed_in
from tests.sync_server.whole_desk import forms_of

ADDRESS = "/judging/ivrs/harbour-ferry"


def test_judges_mark_a_voice_menu_blind_and_a_coordinator_fixes_it(desk: Any) -> None:
    """IVP-1, IVP-2, PAN-1"""
    with signed_in(desk, Role.COORDINATOR) as client:
        assert "The rules ask for no panel" in client.get("/awards/ivrs").text
    with signed_in(desk, Role.JUDGE) as client:
        assert client.get(ADDRESS).status_code == 404
    with desk.services.database.transaction() as db:
        rule_anew(db, {"award.ivrs.source": "panel"})
    with signed_in(desk, Role.JUDGE) as client:
        assert ADDRESS in client.get("/judging").text
        asked = client.get(ADDRESS).text
        assert ("Before you dial" in asked, "Menu design" in asked) == (True, False)
        (tie,) = [form for form in forms_of(asked) if form.action.endswith("/tie")]
        assert client.post(tie.action, data={**tie.fields, "tie": "no"}).status_code == 303
        (marks,) = [form for form in forms_of(client.get(ADDRESS).text) if form.action.endswith("/marks")]
        wrong = client.post(marks.action, data={**marks.fields, "VA": "41", "act": "draft"})
        assert (wrong.status_code, "from 0 to 40" in wrong.text) == (409, True)
        points = {"VA": "35", "VB": "25", "VC": "20.5", "act": "final"}
        assert client.post(marks.action, data={**marks.fields, **points}).status_code == 303
        assert "Your marks are final" in client.get(ADDRESS).text
        assert client.get("/awards/ivrs").status_code == 403
    with signed_in(desk, Role.COORDINATOR) as client:
        page = client.get("/awards/ivrs").text
        assert ("wait for judges" in page, "80.50" in page) == (True, True)
        refused = send(client, "/awards/ivrs", {"entrant": "harbour-ferry", "reason": "Heard."})
        assert (refused.status_code, "1 judges have marked" in refused.text) == (409, True)
        assert "IVRS panel" in client.get("/awards").text
