"""EVI: the doors of an assessment's files. Ids are those in sync_server/routes/dashboard/evidence.py."""

from __future__ import annotations

import pytest

from checklists.record.assessment import MediaKind
from sync_server.people.permissions import Role
from tests.sync_server.desk import accept, browser, keep_file, push, release_rounds, signed_in
from tests.sync_server.season_kit import a_call, a_photo

JPEG = b"\xff\xd8\xff\xe0" + b"a picture" * 50


def test_a_photo_is_shown_once_it_is_held_and_only_through_its_assessment(desk):
    """EVI-1"""
    data = b"\xff\xd8\xff\xe0" + b"a picture" * 50
    call, other = a_call(files=(a_photo(data), a_photo(b"call log", "PG4", "call_log"))), a_call()
    push(desk, call)
    push(desk, other)
    sha256 = call.evidence[0].sha256
    keep_file(desk, data, "image/jpeg")
    with signed_in(desk, Role.VIEWER) as client:
        answer = client.get(f"/assessments/{call.id}/photos/{sha256}")
        assert answer.content == data
        assert answer.headers["content-type"] == "image/jpeg"
        assert "sandbox" in answer.headers["content-security-policy"]
        part = client.get(f"/assessments/{call.id}/previews/{sha256}", headers={"Range": "bytes=4-12"})
        assert (part.status_code, part.content) == (206, data[4:13])
        assert client.get(f"/assessments/{other.id}/photos/{sha256}").status_code == 404
        assert client.get(f"/assessments/{call.id}/photos/..%2f..%2fetc").status_code == 404
        assert client.get(f"/assessments/{call.id}/originals/{sha256}").status_code == 403
    with browser(desk) as stranger:
        assert stranger.get(f"/assessments/{call.id}/photos/{sha256}").status_code == 303


def test_a_photo_kept_as_it_came_is_for_coordinators_as_a_download(desk):
    """EVI-2"""
    data = b"\xff\xd8\xff\xe0" + b"with a position" * 50
    raw = a_photo(data, prepared=False, why_not_prepared="broken")
    call = a_call(files=(raw, a_photo(b"call log", "PG4", "call_log")))
    push(desk, call)
    keep_file(desk, data, "image/jpeg")
    with signed_in(desk, Role.VIEWER) as viewer, signed_in(desk, Role.COORDINATOR) as coordinator:
        assert viewer.get(f"/assessments/{call.id}/photos/{raw.sha256}").status_code == 404
        assert f"/previews/{raw.sha256}" not in viewer.get(f"/assessments/{call.id}").text
        answer = coordinator.get(f"/assessments/{call.id}/originals/{raw.sha256}")
    assert answer.content == data
    assert answer.headers["content-disposition"].startswith("attachment")


def test_an_entrant_reaches_no_file_of_any_revision(desk):
    """EVI-1, PERM-3"""
    before = a_photo(JPEG)
    call = a_call(files=(before, a_photo(b"call log", "PG4", "call_log")))
    push(desk, call)
    push(desk, a_call(id=call.id, revision=2))
    keep_file(desk, JPEG, "image/jpeg")
    accept(desk)
    release_rounds(desk)
    where = f"/assessments/{call.id}/photos/{before.sha256}"
    with signed_in(desk, Role.ENTRANT) as entrant, signed_in(desk, Role.VIEWER) as viewer:
        assert entrant.get(where).status_code == 403
        assert viewer.get(where).status_code == 200


def test_a_page_offers_a_picture_exactly_where_its_door_opens(desk):
    """EVI-2: one revision says that the phone prepared the file, another that it did not."""
    prepared = a_photo(JPEG)
    log = a_photo(b"call log", "PG4", "call_log")
    call = a_call(files=(prepared, log))
    digest = push(desk, call)
    keep_file(desk, JPEG, "image/jpeg")
    with signed_in(desk, Role.VIEWER) as client:
        assert f"/previews/{prepared.sha256}" in client.get(f"/assessments/{call.id}").text
        assert client.get(f"/assessments/{call.id}/previews/{prepared.sha256}").status_code == 200
        raw = a_photo(JPEG, prepared=False, why_not_prepared="broken")
        push(desk, a_call(id=call.id, revision=2, files=(raw, log)))
        for page in (f"/assessments/{call.id}", f"/assessments/{call.id}?digest={digest}"):
            assert f"/previews/{prepared.sha256}" not in client.get(page).text
        assert client.get(f"/assessments/{call.id}/previews/{prepared.sha256}").status_code == 404


def test_a_photo_used_before_is_told_to_the_office_with_where_and_to_no_entrant(desk):
    """REU-1, REU-2: by its bytes anywhere, by its look among the photos of one assessor."""
    log = a_photo(b"call log", "PG4", "call_log")
    first = a_call(files=(a_photo(JPEG, caption="The price list", look="00ff00ff00ff00ff"), log))
    same = a_call(files=(a_photo(JPEG), a_photo(b"log 2", "PG4", "call_log")))
    alike = a_call(files=(a_photo(JPEG + b"2", look="00ff00ff00ff00fe"), a_photo(b"log 3", "PG4", "call_log")))
    for call in (first, same, alike):
        push(desk, call)
    accept(desk)
    release_rounds(desk)
    with signed_in(desk, Role.VIEWER) as viewer, signed_in(desk, Role.ENTRANT) as entrant:
        text = viewer.get(f"/assessments/{first.id}").text
        assert "The price list" in text
        assert f'href="/assessments/{same.id}">Used before<' in text
        assert f'href="/assessments/{alike.id}">Looks like one used before<' in text
        assert entrant.get(f"/assessments/{first.id}").status_code == 403


@pytest.mark.parametrize("door", ["photos", "previews", "sound", "originals"])
def test_an_entrant_never_hears_a_voice(desk, door):
    """EVI-3"""
    note = a_photo(b"a voice", "PG5", None, kind=MediaKind.AUDIO_NOTE, content_type="audio/mpeg")
    call = a_call(files=(*a_call().evidence, note))
    push(desk, call)
    keep_file(desk, b"a voice", "audio/mpeg")
    accept(desk)
    release_rounds(desk)
    with signed_in(desk, Role.ENTRANT) as client:
        assert note.sha256 not in client.get(f"/assessments/{call.id}").text
        assert client.get(f"/assessments/{call.id}/{door}/{note.sha256}").status_code in (403, 404)
