"""The bench on the dashboard: one visit on one screen, what waits beside it, and decisions that go on to the next."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from sqlalchemy import select, update

from checklists.record.assessment import MediaKind
from sync_server.clock import now
from sync_server.database import tables
from sync_server.database.queries.derivatives import DerivativeRow, keep_derivatives, keep_waveform
from sync_server.database.queries.media import MediaRow, add_media
from sync_server.pages import drawing
from sync_server.people.permissions import Role
from sync_server.review.figures import Figures
from sync_server.season.forms import FormBook
from tests.builders import an_assignment, an_attempt
from tests.sync_server.desk import count, push, send, signed_in
from tests.sync_server.season_kit import a_call, a_photo, add_assignment
from tests.sync_server.whole_desk import forms_of


@pytest.fixture
def calls(desk, arrived):
    """Two visits that wait, the first of them with a correction to make."""
    with desk.services.database.transaction() as db:
        add_assignment(db, an_assignment(id="assignment-9"))
    other = a_call(id=str(uuid.uuid4()), assignment_id="assignment-9", attempts=(an_attempt(0, "connected"),))
    push(desk, other)
    write = Figures(desk.services.database, FormBook())(["harbour-ferry/phone_in"])
    desk.services.writer.run_from_thread(write)
    return arrived[0], other


def status_of(desk, name):
    with desk.services.database.reading() as db:
        return db.execute(select(tables.assessments.c.status).where(tables.assessments.c.id == name)).scalar_one()


def verdict_form(page):
    (form,) = [one for one in forms_of(page) if one.action.endswith("/review")]
    return form


def test_the_bench_opens_on_what_is_most_urgent_and_shows_it_whole(desk, calls):
    with signed_in(desk, Role.REVIEWER) as client:
        page = client.get("/bench").text
    assert "2 wait" in page
    for shown in ("Where points went", "The contact in time order", "Round 1", "first three", "If accepted:", "88.25"):
        assert shown in page, shown
    costs = [float(cost) for cost in re.findall(r"−(\d+\.\d+) <meter", page)]
    assert costs == sorted(costs, reverse=True)
    assert sum(costs) == pytest.approx(100 - 88.25, abs=0.1)


def test_an_acceptance_is_undone_from_the_next_visit(desk, calls):
    """SLP-1"""
    with signed_in(desk, Role.REVIEWER) as client:
        form = verdict_form(client.get(f"/bench/{calls[0].id}").text)
        following = client.get(
            client.post(form.action, data={**form.fields, "verdict": "accepted"}).headers["Location"]
        ).text
        (back,) = [one for one in forms_of(following) if one.action.endswith("/undo")]
        assert "data-guard" in back.buttons[0]
        answer = client.post(back.action, data=back.fields)
        assert answer.headers["Location"] == f"/bench/{calls[0].id}?done=decision-undone"
        assert "it waits for review again" in client.get(answer.headers["Location"]).text
        assert client.post(back.action, data=back.fields).status_code == 409
    assert status_of(desk, calls[0].id) == "finished"


def test_no_loop_looks_into_what_may_not_be_there():
    """Jinja reads what a loop runs over before its condition: a flagged visit that was decided broke its page."""
    guarded = re.compile(r"for \w+ in (\w+(?:\.\w+)*)\.\w+ if \1\b")
    folder = Path(drawing.__file__).parent / "templates"
    assert [str(file) for file in folder.rglob("*.html") if guarded.search(file.read_text("utf-8"))] == []


def test_accepting_goes_on_to_the_next_and_enter_decides_nothing(desk, calls):
    with signed_in(desk, Role.REVIEWER) as client:
        page = client.get(f"/bench/{calls[0].id}").text
        form = verdict_form(page)
        assert "data-guard" in form.buttons[0]  # FORM-1
        answer = client.post(form.action, data={**form.fields, "verdict": "accepted"})
        assert answer.headers["Location"].startswith(f"/bench/{calls[1].id}?done=accepted")
        assert "Accepted." in client.get(answer.headers["Location"]).text
    assert status_of(desk, calls[0].id) == "accepted"


def test_a_verdict_about_another_revision_comes_back_to_the_bench_with_what_was_typed(desk, calls):
    with signed_in(desk, Role.REVIEWER) as client:
        form = verdict_form(client.get(f"/bench/{calls[0].id}").text)
        words = {
            "verdict": "returned",
            "reason": "Look at the queue.",
            "comment-PA1": "Which page?",
            "digest": "0" * 64,
        }
        answer = client.post(form.action, data={**form.fields, **words})
    assert answer.status_code == 409
    for kept in ("Another revision arrived", "Look at the queue.", "Which page?", 'class="bench"'):
        assert kept in answer.text
    assert status_of(desk, calls[0].id) == "finished"


def test_a_correction_and_a_question_are_put_down_at_the_answer(desk, calls):
    name = calls[0].id
    with signed_in(desk, Role.REVIEWER) as client:
        forms = {
            (one.action.rpartition("/")[2], one.fields.get("question")): one
            for one in forms_of(client.get(f"/bench/{name}").text)
        }
        fields = {**forms["correction", "PC1"].fields, "answer": "0", "why": "It was never restated."}
        assert client.post(f"/bench/{name}/correction", data=fields).status_code == 303
        page = client.get(f"/bench/{name}").text
        assert "<del>4 of 4</del> → <ins>0 of 4</ins>" in page
        assert "It was never restated." in page
        asked = {**forms["query", "PC2"].fields, "query": "Is this a 3?", "basis": ""}
        assert client.post(f"/bench/{name}/query", data=asked).status_code == 303
        assert "Is this a 3?" in client.get(f"/bench/{name}").text
        number = str(count(desk, tables.queries))
        assert send(client, f"/bench/{name}/answer", {"number": number, "said": "Yes."}).status_code == 303
        refused = send(client, f"/bench/{name}/correction", {"question": "PC1", "answer": "0", "why": ""})
        assert refused.status_code == 409
    with signed_in(desk, Role.VIEWER) as client:
        assert client.get(f"/assessments/{name}").text.count("It was never restated.") == 1
        assert client.get("/bench").status_code == 403


def test_a_void_visit_can_have_a_replacement_at_once(desk, calls):
    """RPL-1"""
    with desk.services.database.transaction() as db:
        db.execute(update(tables.scenarios).values(approved_by=["a", "b"]))
    with signed_in(desk, Role.COORDINATOR) as client:
        fields = {"decision": "void-replace", "reason": "Recognised at once.", "bench": "1", "next": calls[1].id}
        answer = send(client, f"/assessments/{calls[0].id}/decisions", fields)
    assert status_of(desk, calls[0].id) == "void"
    with desk.services.database.reading() as db:
        rows = db.execute(select(tables.assignments.c.id, tables.assignments.c.due_until)).all()
    fresh = [row for row in rows if row.id == f"{calls[0].assignment_id}-r1"]
    # RPL-2: what an import would ask about is shown there, and the void stands.
    assert answer.headers["Location"].startswith(f"/bench/{calls[1].id}" if fresh else "/imports/")


def test_an_accepted_visit_with_a_failed_critical_item_waits_for_somebody_else(desk, calls):
    """SRD-1: on the page as in the rule."""
    name = calls[0].id
    with signed_in(desk, Role.REVIEWER) as client:
        sheet = FormBook()
        with desk.services.database.reading() as db:
            items = sheet.sheet_of(calls[0], db).items
        key = next(key for key, item in items.items() if item.question.critical and calls[0].answers[key].value is True)
        digest = verdict_form(client.get(f"/bench/{name}").text).fields["digest"]
        fields = {"question": key, "answer": "false", "why": "Not said.", "digest": digest}
        assert send(client, f"/bench/{name}/correction", fields).status_code == 303
        send(client, f"/assessments/{name}/review", {"verdict": "accepted", "digest": digest})
        write = Figures(desk.services.database, FormBook())(["harbour-ferry/phone_in"])
        desk.services.writer.run_from_thread(write)
        own = send(client, f"/bench/{name}/second", {"second": "agrees", "digest": digest})
        assert (own.status_code, "somebody else" in own.text) == (409, True)
        assert "wants a second reader" not in client.get("/bench").text, "QUE-3: it waits for others"
        assert f"/bench/{name}/second" not in client.get(f"/bench/{name}").text
    with signed_in(desk, Role.COORDINATOR) as client:
        assert "wants a second reader" in client.get("/bench").text
        (form,) = [one for one in forms_of(client.get(f"/bench/{name}").text) if one.action.endswith("/second")]
        answer = client.post(form.action, data={**form.fields, "second": "agrees"})
        assert answer.status_code == 303
        assert "wants a second reader" not in client.get("/bench").text


def test_a_bench_with_nothing_to_do_says_so(desk):
    with signed_in(desk, Role.REVIEWER) as client:
        assert "Nothing waits for review." in client.get("/bench").text
        assert client.get(f"/bench/{uuid.uuid4()}").status_code == 404


def test_a_sound_is_drawn_under_its_player(desk):
    """SND-4"""
    note = a_photo(b"a voice", evidence_kind="note", id="note", kind=MediaKind.AUDIO_NOTE, question=None)
    call = a_call(files=(*a_call().evidence, note))
    push(desk, call)
    with desk.services.database.transaction() as db:
        add_media(db, MediaRow(note.sha256, 7, "audio/mpeg", now()))
        keep_waveform(db, note.sha256, [0, 50, 100])
        made = DerivativeRow(note.sha256, "playable", "f" * 64, "audio/mpeg", 7, now(), "")
        keep_derivatives(db, [made])
    with signed_in(desk, Role.REVIEWER) as client:
        page = client.get(f"/bench/{call.id}").text
    assert re.search(r"</audio><svg [^>]*data-waveform[^>]*><path d=\"M2 20.0v0.5M6 10.5v19.5M10 1.0v38.5\"/>", page)


def test_words_are_quoted_for_the_report_and_what_may_not_be_comes_back_as_typed(desk, calls):
    """QTE-1 EWD-2"""
    name = calls[0].id

    def the_form(page):
        forms = [one for one in forms_of(page) if one.action.endswith("/quotes")]
        return next(one for one in forms if one.fields["question"] == "PG5")

    with signed_in(desk, Role.REVIEWER) as client:
        form = the_form(client.get(f"/bench/{name}").text)
        assert "data-guard" in form.buttons[0]
        typed = {"words": "Everything [at 14:32] was explained", "language": "en", "quoted": "yes"}
        refused = client.post(form.action, data={**form.fields, **typed})
        assert refused.status_code == 409
        assert "a time of day" in refused.text
        assert typed["words"] in refused.text
        form = the_form(refused.text)
        kept = client.post(form.action, data={**form.fields, **typed, "words": "Everything was explained clearly …"})
        assert kept.headers["Location"] == f"/bench/{name}?done=words-quoted"
        page = client.get(kept.headers["Location"]).text
        assert '<q lang="en">Everything was explained clearly …</q>' in page
        assert "The reviewer" in page
        form = the_form(page)
        assert client.post(form.action, data={**form.fields, "quoted": "no"}).status_code == 303
        assert "<q lang" not in client.get(f"/bench/{name}").text
    for role in (Role.VIEWER, Role.ENTRANT, Role.JUDGE):
        with signed_in(desk, role) as client:
            assert send(client, f"/bench/{name}/quotes", {"question": "PG5"}).status_code == 403, role
