"""PERM-3, PERM-4, OWN: what an entrant's people see on the dashboard: what was published, and of it their own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from sync_server.config import Config
from sync_server.database import tables
from sync_server.money.accounts import MANUAL, Line, issue
from sync_server.people.permissions import ENTRANTS, Role
from sync_server.publication.closing import take
from sync_server.reports.own import csv_rows, own_visits, reference
from sync_server.reports.round_copy import RoundCopy
from sync_server.season.observed_time import confirm_clock
from sync_server.season.rule_changes import set_release_moments
from tests.builders import NOON
from tests.sync_server.closed_season import BOOK, ENDED, a_round_that_ended, closed, desk_of, hold_photos, signed
from tests.sync_server.conftest import Running, run_server
from tests.sync_server.desk import (
    accept,
    add_accounts,
    browser,
    keep_file,
    push,
    release_rounds,
    send,
    sign_in,
    signed_in,
)
from tests.sync_server.season_kit import ANSWERS, ASSESSOR, TOKEN, a_call, a_photo, device_id
from tests.sync_server.signed_round import MOMENT, before_release, release
from tests.sync_server.whole_desk import forms_of

OWN = "/reports/harbour-ferry/phone_in/1/visits"
KEY = ("harbour-ferry", "phone_in")
RIVAL = {"id": "rival", "organisation": "rival", "name": {"en": "Rival"}, "industry": "telecommunications"}


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[Running]:
    yield from before_release(tmp_path)


@pytest.mark.parametrize("role", sorted(ENTRANTS))
def test_no_entrant_opens_the_offices_own_assessments(desk, role):
    """PERM-3: not even its own, accepted, of a round that was released."""
    call = a_call()
    push(desk, call)
    keep_file(desk, b"screenshot", "image/jpeg")
    accept(desk)
    release_rounds(desk)
    photo = a_photo(b"screenshot").sha256
    with signed_in(desk, role) as client:
        for path in ("/assessments", f"/assessments/{call.id}", f"/assessments/{call.id}/photos/{photo}", "/events"):
            assert client.get(path).status_code == 403, path
        assert client.get("/").headers["Location"] == "/reports"


def test_its_own_visits_are_there_from_the_moment_of_release_on(quiet: Any) -> None:
    """PERM-3, OWN-1, OWN-2"""
    with signed_in(quiet, Role.ENTRANT_READER) as client:
        assert [client.get(path).status_code for path in (OWN, f"{OWN}.csv")] == [404, 404]
        release(quiet)
        assert OWN in client.get("/reports").text
        page = client.get(OWN).text
        links = re.findall(rf'{OWN}/([0-9a-f]{{10}})"', page)
        assert len(links) == 3
        visit = client.get(f"{OWN}/{links[0]}").text
        for secret in (
            f"Name of {ASSESSOR}",
            ASSESSOR,
            "A phone",
            device_id(TOKEN),
            "call-1-",
            ANSWERS["PG5"],
            "12:00",
        ):
            assert secret not in page + visit, secret
        assert "Share of the points" in visit
        assert client.get(f"{OWN}/0000000000").status_code == 404
        answer = client.get(f"{OWN}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["visit"] for row in rows] == links
    assert {"day", "score", "PC1", "section_PA"} <= rows[0].keys()
    with signed_in(quiet, Role.ENTRANT, language="zh-Hant") as client:
        assert "得分比例" in client.get(f"{OWN}/{links[0]}").text


def test_it_sees_a_photo_once_a_reviewer_cleared_it_and_never_a_call_log(quiet: Any) -> None:
    """CLR-1 CLR-2 CLR-4: from the button on the bench to the picture at its question."""
    release(quiet)
    with quiet.services.database.transaction() as db:
        visit = db.execute(select(tables.assessments.c.id)).scalars().first()
        for name, made in hold_photos(db, str(visit)).items():
            quiet.services.media.put(name, made)
    place = f"{OWN}/{reference(str(visit))}"
    with signed_in(quiet, Role.ENTRANT_READER) as entrant, signed_in(quiet, Role.REVIEWER) as office:
        page = entrant.get(place).text
        assert ("nobody has looked at it" in page, "/photos/" in page) == (True, False)
        (form,) = [one for one in forms_of(office.get(f"/bench/{visit}").text) if "sha256" in one.fields]
        kept = office.post(form.action, data={**form.fields, "seen": "no", "kept_back": "A badge."})
        assert kept.headers["Location"].endswith("?done=photo-cleared")
        assert "Not shown: A badge." in entrant.get(place).text
        (form,) = [one for one in forms_of(office.get(f"/bench/{visit}").text) if "sha256" in one.fields]
        assert office.post(form.action, data={**form.fields, "seen": "no"}).status_code == 409
        assert office.post(form.action, data={**form.fields, "seen": "yes"}).status_code == 303
        photo = re.findall(rf'src="({place}/photos/[0-9a-f]{{10}})\?small=true"', entrant.get(place).text)
        assert len(photo) == 1  # and the call log beside it is not
        for address, of in ((photo[0], b"shown of"), (f"{photo[0]}?small=true", b"preview of")):
            answer = entrant.get(address)
            assert (answer.status_code, answer.content[: len(of)]) == (200, of)
            assert (answer.headers["Content-Type"], "private" in answer.headers["Cache-Control"]) == (
                "image/jpeg",
                True,
            )
        assert entrant.get(f"{place}/photos/0000000000").status_code == 404
        with quiet.services.database.transaction() as db:
            db.execute(insert(tables.entrants).values(**RIVAL, created_at=NOON))
            reader = tables.users.c.username == Role.ENTRANT_READER.value
            db.execute(update(tables.users).where(reader).values(entrant_id="rival"))
    with signed_in(quiet, Role.ENTRANT_READER) as rival:
        assert rival.get(photo[0]).status_code == 404


def test_no_entrant_sees_a_rivals_visits(quiet: Any) -> None:
    """PERM-3"""
    release(quiet)
    with quiet.services.database.transaction() as db:
        db.execute(insert(tables.entrants).values(**RIVAL, created_at=NOON))
        db.execute(update(tables.users).where(tables.users.c.role == "entrant").values(entrant_id="rival"))
    with signed_in(quiet, Role.ENTRANT) as client:
        assert [client.get(path).status_code for path in (OWN, f"{OWN}.csv")] == [404, 404]


def test_what_is_published_stays_when_the_season_goes_on(quiet: Any) -> None:
    release(quiet)
    with signed_in(quiet, Role.ENTRANT) as client:
        before = client.get(OWN).text.partition("<main")[2]
        with quiet.services.database.transaction() as db:
            db.execute(update(tables.assessments).values(status="void"))
        assert client.get(OWN).text.partition("<main")[2] == before


def test_visits_stand_by_day_and_reference_and_add_up(quiet: Any) -> None:
    """OWN-1, OWN-3"""
    with quiet.services.database.transaction() as db:
        copy = RoundCopy(take(desk_of(db), 1).file, 1, BOOK.forms(db))
    visits = own_visits(copy, KEY)
    assert [(one.on, one.ref) for one in visits] == sorted((one.on, one.ref) for one in visits)
    assert {one.ref for one in visits} == {reference(each.score.id) for each in copy.visits(KEY)}
    for one in visits:
        assert one.steps[0][0] == "base"
        assert one.score.score is not None
    head, *rows = csv_rows(visits)
    assert [len(row) for row in rows] == [len(head)] * 3


def test_its_people_see_what_their_organisation_was_billed_and_no_other(desk: Any) -> None:
    """PERM-3"""
    day = NOON.date()
    line = Line(key=MANUAL, what={"en": "Entry fee", "zh-Hant": "參賽費"}, amount=4_000)
    with desk.services.database.transaction() as db:
        db.execute(insert(tables.entrants).values(**RIVAL, created_at=NOON))
        own, other = (
            issue(db, name, [line], due_on=day, today=day, words="", by="me", now=NOON)
            for name in ("harbour-ferry", "rival")
        )
    with signed_in(desk, Role.ENTRANT_READER) as client:
        assert "/invoices" in client.get("/reports").text
        assert f'href="/invoices/{own.number}"' in client.get("/invoices").text
        assert "Entry fee" in client.get(f"/invoices/{own.number}").text
        assert client.get(f"/invoices/{other.number}").status_code == 404
        assert client.get("/money/harbour-ferry").status_code == 403
    with signed_in(desk, Role.VIEWER) as client:
        assert client.get("/invoices").status_code == 403


def test_a_lead_hands_in_and_a_reader_reads(desk: Any) -> None:
    """PERM-4"""
    for role, status in ((Role.ENTRANT_READER, 403), (Role.ENTRANT, 422)):
        with signed_in(desk, role) as client:
            assert client.get("/faq").status_code == 200
            assert (send(client, "/faq", {}).status_code == 403) == (status == 403)


def test_several_people_of_an_entrant_are_invited_by_role(desk: Any) -> None:
    """PERM-4: both roles need their entrant; no other role has one."""
    with signed_in(desk, Role.ADMIN) as client:
        refused = send(client, "/accounts/invitations", {"role": "entrant_reader"})
        assert refused.headers["Location"] == "/accounts?problem=role"
        page = send(client, "/accounts/invitations", {"role": "entrant_reader", "entrant": "harbour-ferry"}).text
        code = re.search(r"/invitation/([\w-]+)", page)
        assert code is not None
    with browser(desk) as client:
        words = {"username": "mei", "name": "Mei", "password": "correct horse battery"}
        token = re.search(r'name="csrf" value="([^"]+)"', client.get(f"/invitation/{code[1]}").text)
        assert token is not None
        answer = client.post(f"/invitation/{code[1]}", data={**words, "again": words["password"], "csrf": token[1]})
        assert answer.status_code == 303, answer.text
    with browser(desk) as client:
        sign_in(client, "mei")
        assert client.get("/reports").status_code == 200
    with signed_in(desk, Role.ADMIN) as client:
        assert "Entrant, reads only" in client.get("/accounts").text


def test_a_lead_disputes_an_answer_and_the_office_decides(tmp_path: Path) -> None:
    """DSP-1, DSP-3: from the button at the answer to what the entrant reads of the decision."""
    at = MOMENT + timedelta(days=2)
    for server in run_server(Config(data_dir=tmp_path / "data"), clock=lambda: at):
        with server.services.database.transaction() as db:
            people = a_round_that_ended(db)
            confirm_clock(db, ENDED)
            signed(db, closed(db, people[0]), *people)
            set_release_moments(db, {1: MOMENT}, created_by="admin", now=NOON)
            confirm_clock(db, at)
        release(server)
        add_accounts(server)
        with signed_in(server, Role.ENTRANT) as client:
            ref = re.findall(rf'{OWN}/([0-9a-f]{{10}})"', client.get(OWN).text)[0]
            refused = send(client, f"{OWN}/{ref}/disputes", {"question": "ZZ9", "words": "No."})
            assert (refused.status_code, "no such question" in refused.text) == (409, True)
            answer = send(client, f"{OWN}/{ref}/disputes", {"question": "PC1", "words": "It was restated twice."})
            assert answer.headers["Location"].endswith("?done=disputed")
            send(client, f"{OWN}/{ref}/disputes", {"question": "PA3", "words": "We answered later."})
        with signed_in(server, Role.ENTRANT_READER) as client:
            page = client.get(f"{OWN}/{ref}").text
            assert ("It was restated twice." in page, "What is wrong with it" in page) == (True, False)
            assert send(client, f"{OWN}/{ref}/disputes", {"words": "Me too."}).status_code == 403
        with signed_in(server, Role.COORDINATOR) as client:
            assert 'href="/disputes/1"' in client.get("/disputes").text
            page = client.get("/disputes/1").text
            assert re.search(r"4 of 4 \(\d+\.\d\d, round \d+\.\d\d\)", page)
            (form,) = [one for one in forms_of(page) if one.action.endswith("/decide")]
            other = {"outcome": "stands", "reason": ""}
            assert client.post(form.action, data={**form.fields, **other}).status_code == 409
            words = {"outcome": "stands", "reason": "Both of us heard it once."}
            assert client.post(form.action, data={**form.fields, **words}).status_code == 303
            page = client.get("/disputes/2").text
            assert (
                len(set(re.findall(r"(?:up to|more than) \S+ s \((\d+\.\d\d), round", page))) > 2
            )  # each span, its base
            (form,) = [one for one in forms_of(page) if one.action.endswith("/decide")]
            late = {"outcome": "corrected", "reason": "Timed again.", "answer": "soon"}
            assert "measured number" in client.post(form.action, data={**form.fields, **late}).text
            assert client.post(form.action, data={**form.fields, **late, "answer": "4000"}).status_code == 303
            (slowest,) = re.findall(r"more than [^<·]*\((\d+\.\d\d), round", page)
            assert f"→ {slowest}</p>" in client.get("/disputes/2").text
        with signed_in(server, Role.ENTRANT, language="zh-Hant") as client:
            page = client.get(f"{OWN}/{ref}").text
            assert ("維持原判" in page, "Both of us heard it once." in page) == (True, True)
