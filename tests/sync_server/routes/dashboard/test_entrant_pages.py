"""PERM-3: what an entrant sees on the dashboard: its own, once released, and never who assessed it."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from checklists.record.assessment import MediaKind
from sync_server.database import tables
from sync_server.people.permissions import Role
from tests.builders import NOON
from tests.sync_server.desk import accept, keep_file, push, release_rounds, signed_in
from tests.sync_server.season_kit import ASSESSOR, TOKEN, a_call, a_photo, device_id


def test_an_entrant_sees_its_own_only_after_the_release_and_never_who_assessed_it(desk, arrived):
    """PERM-3"""
    call, _ = arrived
    note = a_photo(b"a voice", "PG5", None, kind=MediaKind.AUDIO_NOTE, content_type="audio/mpeg")
    spoken = a_call(files=(*call.evidence, note))
    push(desk, spoken)
    keep_file(desk, b"a voice", "audio/mpeg")
    with signed_in(desk, Role.ENTRANT) as client:
        assert "No results yet" in client.get("/assessments").text
        assert client.get(f"/assessments/{spoken.id}").status_code == 404
        accept(desk)
        assert client.get(f"/assessments/{spoken.id}").status_code == 404
        release_rounds(desk)
        everything = client.get("/assessments").text + client.get(f"/assessments/{spoken.id}").text
        assert "88.25" in everything
        for secret in (f"Name of {ASSESSOR}", "A phone", "<audio", "assignment-1", device_id(TOKEN), "/sound/"):
            assert secret not in everything, secret
        assert client.get(f"/assessments/{spoken.id}/sound/{note.sha256}").status_code == 403
        assert client.get(f"/assessments/{spoken.id}/photos/{note.sha256}").status_code == 404
        assert "88.25" not in client.get(f"/assessments?search=Name+of+{ASSESSOR}").text
        assert client.get("/events").status_code == 403


@pytest.mark.parametrize("status", ["draft", "finished", "returned", "void"])
def test_an_entrant_sees_only_what_was_accepted(desk, arrived, status):
    release_rounds(desk)
    with desk.services.database.transaction() as db:
        db.execute(update(tables.assessments).values(status=status))
    with signed_in(desk, Role.ENTRANT) as client:
        assert arrived[0].id not in client.get("/assessments").text
        assert client.get(f"/assessments/{arrived[0].id}").status_code == 404


def test_an_entrant_does_not_see_its_rivals(desk, arrived):
    """PERM-3"""
    accept(desk)
    release_rounds(desk)
    with desk.services.database.transaction() as db:
        db.execute(
            tables.entrants.insert().values(
                id="rival", organisation="rival", name={"en": "Rival"}, industry="telecom", created_at=NOON
            )
        )
        db.execute(update(tables.users).where(tables.users.c.role == "entrant").values(entrant_id="rival"))
    with signed_in(desk, Role.ENTRANT) as client:
        assert arrived[0].id not in client.get("/assessments").text
        assert client.get(f"/assessments/{arrived[0].id}").status_code == 404
