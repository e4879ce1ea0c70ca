"""ORO, ORC: forms out and submissions in, over real HTTP. Ids are those in routes/openrosa and exchange/openrosa."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from datetime import UTC, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from checklists import wire
from checklists.record.assessment import Assessment, Contact, RecordStatus
from sync_server.database import tables
from sync_server.database.queries.submissions import forget_before
from sync_server.people.permissions import Role
from tests.builders import NOON
from tests.sync_server.desk import count, send, signed_in
from tests.sync_server.openrosa_kit import VALUES, collect_token, instance, message, phone, sent
from tests.sync_server.season_kit import OTHER_ASSESSOR

FORMS = "{http://openrosa.org/xforms/xformsList}"
PHOTO = {"screen.jpg": b"\xff\xd8\xff\xe0 a picture"}


@pytest.fixture
def app(desk) -> httpx.Client:
    return phone(desk, collect_token(desk))


def records(server: Any) -> list[Assessment]:
    """Every revision that is kept, the oldest first."""
    r = tables.assessment_revisions.c
    with server.services.database.reading() as db:
        bodies = db.execute(select(r.body).order_by(r.assessment_id, r.revision)).scalars()
        return [wire.decode(body, Assessment) for body in bodies]


def states(server: Any) -> list[str]:
    with server.services.database.reading() as db:
        return list(db.execute(select(tables.submissions.c.state).order_by(tables.submissions.c.received_at)).scalars())


def test_an_assessor_s_app_finds_a_form_for_each_open_assignment(desk, app):
    """ORO-2, ORX-1, ORX-2"""
    listed = ET.fromstring(app.get("/openrosa/formList").content)
    forms = {one.findtext(f"{FORMS}formID"): one for one in listed}
    assert set(forms) == {"assignment-1", "assignment-recorded"}
    one = forms["assignment-1"]
    address, manifest = (str(one.findtext(f"{FORMS}{name}")) for name in ("downloadUrl", "manifestUrl"))
    form = app.get(address)
    assert form.headers["x-openrosa-version"] == "1.0"
    body = next(element for element in ET.fromstring(form.content).iter() if element.get("version") == "phone_in@1")
    assert body.get("id") == "assignment-1"
    names = {element.tag.rpartition("}")[2] for element in body.iter()}
    assert {"PA1", "PA1_screenshot", "PD1_verbatim", "fieldtool_start", "instanceID"} <= names
    assert all(word in form.text for word in ("08:10 ferry", "八時十分的渡輪", "In seconds."))
    assert app.get(manifest).text.endswith('<manifest xmlns="http://openrosa.org/xforms/xformsManifest"/>')
    alone = ET.fromstring(app.get("/openrosa/formList?formID=assignment-recorded").content)
    assert [one.findtext(f"{FORMS}formID") for one in alone] == ["assignment-recorded"]
    assert app.get("/openrosa/forms/assignment-2/form.xml").status_code == 404


def test_a_submission_becomes_a_finished_record_with_what_is_missing_told(desk, app):
    """ORC-3, ORR-1, MEA-4"""
    asked = app.head("/openrosa/submission")
    assert (asked.status_code, asked.headers["location"]) == (204, f"{desk.url}/openrosa/submission")
    assert int(asked.headers["x-openrosa-accept-content-length"]) > 10_000_000
    answer = sent(app, instance("assignment-1", VALUES), PHOTO)
    assert (answer.status_code, message(answer)) == (201, "Received.")
    (record,) = records(desk)
    assert (record.revision, record.status, record.contact) == (1, RecordStatus.FINISHED, Contact.CONNECTED)
    assert (record.answers["PA1"].value, record.answers["PA2"].value) == (True, 2)
    assert record.notes["PD1"] == {"verbatim": "It is kept for me."}
    (photo,) = record.evidence
    assert (photo.question, photo.evidence_kind, photo.prepared) == ("PA1", "screenshot", False)
    assert record.started_at.astimezone(UTC).hour == 4
    assert count(desk, tables.media, tables.media.c.sha256 == photo.sha256) == 1
    with signed_in(desk, Role.COORDINATOR) as client:
        page = client.get(f"/assessments/{record.id}").text
        assert "Sent by another app" in page
        assert "Add a picture of the call or message log" in page
        assert 'href="/assessments/' in client.get("/submissions").text
    assert "assignment-1" not in app.get("/openrosa/formList").text


def test_the_same_submission_is_one_record_however_often_it_comes(desk, app):
    """ORC-2, ORR-3"""
    document = instance("assignment-1", VALUES, instance_id="uuid:same")
    assert [sent(app, document, PHOTO).status_code for _ in range(3)] == [201, 201, 201]
    assert len(records(desk)) == 1
    assert states(desk) == ["taken"]


def test_files_in_parts_make_one_record_once_all_are_there(desk, app):
    """ORC-2, ORO-3"""
    both = {**VALUES, "PG4_call_log": "log.jpg"}
    document = instance("assignment-1", both)
    first = sent(app, document, PHOTO, **{"*isIncomplete*": "yes"})
    assert (first.status_code, records(desk)) == (202, [])
    assert sent(app, document, {"log.jpg": b"\xff\xd8\xff\xe0 another"}).status_code == 201
    (record,) = records(desk)
    assert [file.evidence_kind for file in record.evidence] == ["call_log", "screenshot"]


def test_a_file_that_comes_late_makes_the_next_revision(desk, app):
    """ORC-2"""
    document = instance("assignment-1", VALUES)
    assert sent(app, document).status_code == 201
    assert sent(app, document, PHOTO).status_code == 201
    assert [(one.revision, len(one.evidence)) for one in records(desk)] == [(1, 0), (2, 1)]
    assert sent(app, document, PHOTO).status_code == 201
    assert len(records(desk)) == 2


def test_a_corrected_submission_is_the_next_revision_of_the_same_record(desk, app):
    """ORC-2"""
    sent(app, instance("assignment-1", VALUES, instance_id="uuid:one"), PHOTO)
    sent(app, instance("assignment-1", {**VALUES, "PA1": "no"}, instance_id="uuid:two", replaces="uuid:one"), PHOTO)
    first, second = records(desk)
    assert (first.id, second.revision, second.answers["PA1"].value) == (second.id, 2, False)


IN_THE_TRAY = [
    pytest.param({"form_id": "build_Simple_1"}, "no assignment", id="ORC-1 a form of somebody else's"),
    pytest.param({"form_id": "assignment-2"}, "no assignment", id="ORC-1 another assessor's assignment"),
    pytest.param({"values": {**VALUES, "fieldtool_end": "x" * 9}}, None, id="ORR-1 a moment that is none is left out"),
]


@pytest.mark.parametrize(("changes", "why"), IN_THE_TRAY)
def test_what_answers_no_assignment_is_kept_in_the_tray(desk, app, changes, why):
    form_id, values = changes.get("form_id", "assignment-1"), changes.get("values", VALUES)
    answer = sent(app, instance(form_id, values), PHOTO)
    assert answer.status_code == (202 if why else 201)
    if why:
        assert records(desk) == []
        with signed_in(desk, Role.COORDINATOR) as client:
            page = client.get("/submissions").text
        assert why in page
        assert "It is kept for me." in page


def test_a_second_visit_for_an_assignment_waits_for_the_desk_which_takes_it_in(desk, app):
    """ORC-4, ORC-5"""
    sent(app, instance("assignment-1", VALUES), PHOTO)
    assert sent(app, instance("assignment-1", {**VALUES, "PA1": "no"}), PHOTO).status_code == 202
    with desk.services.database.reading() as db:
        s = tables.submissions.c
        row = db.execute(select(s.id, s.digest).where(s.state == "tray")).one()
    chosen = {"submission": row.id, "digest": row.digest, "assignment": "assignment-recorded", "decision": "take"}
    with signed_in(desk, Role.COORDINATOR) as client:
        nowhere = send(client, "/submissions", {**chosen, "assignment": "assignment-2"}, page="/submissions")
        assert nowhere.status_code == 409
        assert send(client, "/submissions", chosen, page="/submissions").status_code == 303
    assert sorted(one.assignment_id for one in records(desk)) == ["assignment-1", "assignment-recorded"]
    assert states(desk) == ["taken", "taken"]


def test_setting_aside_needs_a_reason_and_loses_nothing(desk, app):
    """ORC-5"""
    document = instance("another", VALUES)
    sent(app, document)
    with desk.services.database.reading() as db:
        row = db.execute(select(tables.submissions)).one()
    form = {"submission": row.id, "digest": row.digest, "decision": "aside"}
    with signed_in(desk, Role.COORDINATOR) as client:
        assert send(client, "/submissions", form, page="/submissions").status_code == 409
        assert send(client, "/submissions", {**form, "reason": "A rehearsal."}, page="/submissions").status_code == 303
    assert (states(desk), sent(app, document).status_code) == (["set_aside"], 202)


REFUSED = [
    pytest.param(b"no xml", id="ORS-1 no XML"),
    pytest.param(b'<!DOCTYPE d [<!ENTITY e "x">]><d id="a">&e;</d>', id="ORS-1 a DTD"),
    pytest.param(b"<d>" + b"<g>" * 60 + b"</g>" * 60 + b"</d>", id="ORS-1 too deep"),
    pytest.param(b"", id="ORS-1 nothing"),
]


def test_a_file_that_no_row_names_belongs_to_the_whole_visit(desk, app):
    """ORR-2"""
    sent(app, instance("assignment-1", VALUES), {**PHOTO, "more.jpg": b"\xff\xd8\xff\xe0 more"})
    (record,) = records(desk)
    assert sorted(str(file.question) for file in record.evidence) == ["None", "PA1"]


def test_a_value_that_does_not_fit_its_question_is_left_out_and_named(desk, app):
    """ORR-1"""
    sent(app, instance("assignment-1", {**VALUES, "PC1": "9", "PA3": "-4"}), PHOTO)
    (record,) = records(desk)
    assert record.answers.keys().isdisjoint({"PC1", "PA3"})
    with signed_in(desk, Role.COORDINATOR) as client:
        assert "PC1: &#34;9&#34; does not fit" in client.get("/submissions").text


def test_what_nobody_took_in_goes_when_its_time_is_over(desk, app):
    """ORC-1"""
    sent(app, instance("another", VALUES))
    now = desk.services.clock()
    with desk.services.database.transaction() as db:
        assert forget_before(db, now - timedelta(days=90)) == 0
        assert forget_before(db, now + timedelta(seconds=1)) == 1


@pytest.mark.parametrize("document", REFUSED)
def test_what_is_no_submission_is_refused_in_the_app_s_own_words(desk, app, document):
    answer = sent(app, document, PHOTO)
    assert (answer.status_code, answer.headers["x-openrosa-version"]) == (400, "1.0")
    assert 'nature="error"' in answer.text
    assert states(desk) == []


def test_a_picture_without_a_name_and_too_much_at_once_are_told_to_the_app(desk, app):
    """BND-4, ORO-3"""
    document = ("xml_submission_file", ("submission.xml", instance("assignment-1", VALUES), "text/xml"))
    nameless = app.post("/openrosa/submission", files=[("", ("", PHOTO["screen.jpg"], "image/jpeg")), document])
    assert (nameless.status_code, nameless.headers["content-type"]) == (400, "text/xml; charset=utf-8")
    much = app.post(
        "/openrosa/submission",
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        content=itertools.repeat(bytes(1_000_000), 46),
    )
    assert (much.status_code, "44 MB" in message(much)) == (413, True)
    assert "not yours to see" in message(app.get("/openrosa/forms/nothing/form.xml"))


def test_only_a_token_that_collects_comes_in(desk, app):
    """ORO-1"""
    with desk.client(None) as nobody:
        asked = nobody.get("/openrosa/formList")
    assert (asked.status_code, asked.headers["www-authenticate"][:5]) == (401, "Basic")
    with desk.services.database.transaction() as db:
        db.execute(update(tables.api_tokens).values(scopes=["season"]))
    assert (app.get("/openrosa/formList").status_code, app.head("/openrosa/submission").status_code) == (403, 403)
    assert sent(app, instance("assignment-1", VALUES)).status_code == 403
    other = phone(desk, collect_token(desk, OTHER_ASSESSOR))
    assert "assignment-2" in other.get("/openrosa/formList").text


def test_a_device_that_the_desk_withdraws_ends_its_token(desk, app):
    """ORO-1"""
    sent(app, instance("assignment-1", VALUES))
    with desk.services.database.transaction() as db:
        d = tables.devices
        db.execute(update(d).where(d.c.name == "ODK").values(revoked_at=NOON))
    assert app.get("/openrosa/formList").status_code == 401
