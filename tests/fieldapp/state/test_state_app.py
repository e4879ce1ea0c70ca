"""The whole app: enrolling, the lists, sending, settings, space, export and signing out."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from msgspec.structs import replace

from checklists import wire
from checklists.forms.file import shipped_forms
from checklists.language import N_, sentence
from checklists.record.assessment import RecordStatus, SyncState
from checklists.record.assignment import Assignment
from fieldapp.app import lost
from fieldapp.errors import Unreachable
from fieldapp.kept import Review
from fieldapp.line import LineState
from fieldapp.state import Due, Phase
from fieldapp.sync.door import no_reply
from tests.builders import NOON, an_assignment
from tests.fieldapp.app_kit import Phone, complete, fill, programme
from tests.fieldapp.memory_store import MemoryFolder
from tests.fieldapp.waiting import wait_until


@pytest.fixture
async def phone() -> Phone:
    phone = await fill(Phone())
    await phone.app.start()
    return phone


async def test_an_enrolment_that_nobody_answered_is_not_said_to_go_on_by_itself() -> None:
    phone = Phone()
    await phone.app.start()
    phone.server.failures.append((no_reply(), False))
    assert not await phone.app.enrol("K7QF")
    assert phone.app.notice
    assert phone.app.notice.code == "no-answer"
    assert "tap again" in phone.app.notice.message.in_language("en")


async def finished_visit(phone: Phone) -> None:
    await phone.app.open_visit("assignment-1")
    await complete(phone)
    assert await phone.visit.finish()


def phase(phone: Phone) -> Phase:
    return phone.app.phase


def enrolled_double(phone: Phone) -> None:
    """The server knows what a fresh device must be told."""
    phone.double.told = [
        *(("form", form.id, form) for form in shipped_forms().values()),
        ("programme", "mystery_caller_2021", programme()),
        ("assignment", "assignment-1", an_assignment()),
    ]


async def test_a_fresh_device_enrols_hears_the_news_does_a_visit_and_is_safe() -> None:
    phone = Phone()
    enrolled_double(phone)
    assert await phone.app.start()
    assert phase(phone) is Phase.ENROL
    assert await phone.app.enrol("K7QF")
    assert phase(phone) is Phase.READY
    await wait_until(lambda: phone.app.rows)
    await finished_visit(phone)
    assert phone.app.unsent == 1
    await wait_until(lambda: phone.app.items and phone.app.items[0].state is SyncState.SAFE)
    assert phone.app.unsent == 0
    assert phone.visit.delivery
    assert phone.visit.delivery.safe_at
    assert phone.app.rows[0].sync is SyncState.SAFE
    assert phone.app.device
    assert phone.app.device.assessor_name == "陳大文"
    await phone.worker.stop()
    held = phone.double.records[phone.visit.assessment.id][1]
    assert wire.decode(held, type(phone.visit.assessment)) == phone.visit.assessment


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        pytest.param("ZZZZ", "enrolment-code-unknown", id="unknown"),
        pytest.param("used", "enrolment-code-used", id="used elsewhere"),
    ],
)
async def test_a_bad_code_is_told_and_nothing_is_lost(code: str, problem: str) -> None:
    phone = Phone()
    phone.double.codes["used"] = "assessor-1"
    phone.double.used["used"] = "another device"
    await phone.app.start()
    assert not await phone.app.enrol(code)
    assert phone.app.notice
    assert phone.app.notice.code == problem
    assert phone.app.phase is Phase.ENROL
    assert await phone.app.enrol("http://server/app/#/enrol?code=K7QF"), "the printed link will do"
    assert phone.app.notice is None
    await phone.worker.stop()


async def test_a_link_of_another_server_moves_the_app_there() -> None:
    phone = Phone()
    await phone.app.start()
    assert await phone.app.enrol("https://Award.example:8443/app/#/enrol?code=K7QF")
    assert phone.app.server == "https://award.example:8443"
    await phone.worker.stop()


async def test_everything_is_there_after_a_restart(phone: Phone) -> None:
    await phone.app.open_visit("assignment-1")
    await phone.visit.answer("PB1", True)
    await phone.app.choose_language("zh-Hant")
    after = phone.restarted()
    assert await after.app.start()
    assert after.app.settings.language == "zh-Hant"
    assert after.app.rows == phone.app.rows
    assert after.app.rows[0].status is RecordStatus.DRAFT


async def test_a_second_tab_is_told_and_touches_nothing() -> None:
    folder = MemoryFolder()
    await fill(Phone(folder))
    folder.reopened()
    second = Phone(folder)
    assert not await second.app.start()
    assert second.app.phase is Phase.BLOCKED
    assert "another tab" in str(second.app.blocked)


async def test_a_tab_that_lost_the_storage_sends_nothing_more() -> None:
    phone = await fill(Phone(), token="known")
    phone.double.tokens.add("known")
    phone.server.failures = [(Unreachable("no-answer", sentence(N_("No answer."))), False)] * 9
    await phone.app.start()
    await phone.app.open_visit("assignment-1")
    await phone.visit.void("recognised")
    await wait_until(lambda: phone.app.line.state is LineState.WAITING)
    phone.server.failures.clear()
    task = phone.worker._task
    assert task
    lost(phone.app)
    phone.worker.wake()  # the network is back
    await wait_until(task.done)
    assert phone.double.calls == []
    assert phase(phone) is Phase.BLOCKED
    assert "another tab" in str(phone.app.blocked)


async def test_damaged_files_are_told_once(phone: Phone) -> None:
    assert isinstance(phone.folder, MemoryFolder)
    (phone.folder.root / "assessments" / "x.json").write_bytes(b"{")
    await phone.folder.flush()
    after = phone.restarted()
    assert await after.app.start()
    assert after.app.notice
    assert after.app.notice.code == "files-set-aside"
    assert [one.name for one in after.app.set_aside] == ["x.json"]


def due(name: str, *, days_from: float = -1, days_until: float) -> Assignment:
    return an_assignment(
        id=name, due_from=NOON + timedelta(days=days_from), due_until=NOON + timedelta(days=days_until)
    )


async def test_visits_are_grouped_by_when_they_are_due() -> None:
    phone = await fill(
        Phone(),
        due("later", days_until=30),
        due("week", days_until=6),
        due("midnight", days_until=0.5),
        due("overdue", days_until=0),
        due("not yet", days_from=2, days_until=9),
        due("week too", days_until=2),
    )
    await phone.app.start()
    assert [(group, [row.assignment_id for row in rows]) for group, rows in phone.app.groups] == [
        (Due.OVERDUE, ["overdue"]),
        (Due.TODAY, ["midnight"]),
        (Due.WEEK, ["week too", "week"]),
        (Due.LATER, ["later"]),
        (Due.NOT_YET, ["not yet"]),
    ]


@pytest.mark.parametrize(
    ("rules", "zone"),
    [
        pytest.param({"tz": "Asia/Tokyo"}, "Asia/Tokyo", id="ZON-1 the rules say it"),
        pytest.param({"tz": "Asia/Tokyo", "of.a.later.release": 1}, None, id="ZON-2 rules this app cannot read"),
        pytest.param(None, None, id="ZON-2 no rules yet"),
    ],
)
async def test_days_are_those_of_the_programme_s_zone(rules: dict[str, object] | None, zone: str | None) -> None:
    phone = await fill(Phone(), due("midnight", days_until=0.5))
    known = programme()
    held = rules and replace(known, digest="other", rules={**known.rules, **rules})
    await phone.store.save_feed(replace(phone.store.feed(), programme=held))
    await phone.app.start()
    assert (phone.app.zone and phone.app.zone.key) == zone
    await phone.app.open_visit("midnight")
    assert phone.visit.zone == phone.app.zone
    if zone:  # NOON is noon in Hong Kong: half a day on is 01:00 in Tokyo
        assert phone.app.rows[0].due is Due.WEEK


async def test_due_windows_follow_the_servers_clock_when_the_devices_is_wrong() -> None:
    phone = await fill(Phone())
    phone.clock.moment = NOON + timedelta(days=365)
    await phone.store.save_device(replace(phone.store.device(), clock_offset_s=-365 * 86400))
    await phone.app.start()
    assert phone.app.rows[0].due is Due.LATER


async def test_an_assignment_handed_on_leaves_the_list_unless_it_was_begun(phone: Phone) -> None:
    feed = replace(phone.store.feed(), handed_on=("assignment-1",))
    await phone.store.save_feed(feed)
    phone.app.on_feed(feed)
    assert list(phone.app.rows) == []
    await phone.app.open_visit("assignment-1")
    await phone.visit.answer("PB1", True)
    assert [row.withdrawn for row in phone.app.rows] == [True]


async def test_a_returned_visit_comes_first_with_the_reviewers_words(phone: Phone) -> None:
    await finished_visit(phone)
    name = phone.visit.assessment.id
    review = Review(
        id="r1", assessment_id=name, revision=1, decision="returned", reason="See PB1", comments={"PB1": "Which name?"}
    )
    feed = replace(phone.store.feed(), reviews={name: review})
    await phone.store.save_feed(feed)
    phone.app.on_feed(feed)
    assert [(row.due, row.status) for row in phone.app.rows] == [(Due.RETURNED, RecordStatus.RETURNED)]
    assert phone.visit.review == review
    assert await phone.visit.reopen()
    assert [row.status for row in phone.app.rows] == [RecordStatus.DRAFT]
    assert phone.visit.assessment.revision == 2


async def test_a_visit_whose_form_has_not_arrived_is_said_so() -> None:
    phone = await fill(Phone(), an_assignment(form="phone_in@9"))
    await phone.app.start()
    assert phone.app.rows[0].asked == 0
    assert not await phone.app.open_visit("assignment-1")
    assert phone.app.notice
    assert phone.app.notice.code == "form-missing"
    assert not await phone.app.open_visit("no-such")
    assert phone.app.notice.code == "visit-unknown"


async def test_signing_out_with_unsent_work_waits_until_it_is_exported_as_it_stands(phone: Phone) -> None:
    await phone.app.open_visit("assignment-1")
    await phone.visit.answer("PB1", True)
    assert not phone.app.may_sign_out, "it is not even asked"
    assert not await phone.app.sign_out()
    assert phone.app.notice
    assert phone.app.notice.code == "unsent-work"
    assert phone.store.assessments()
    await phone.app.export()
    assert phone.app.may_sign_out
    await phone.visit.answer("PB2", True)
    assert not await phone.app.sign_out(), "changed since the export"
    await phone.app.export()
    assert await phone.app.sign_out()
    assert phone.app.phase is Phase.ENROL
    assert phone.app.rows == ()
    after = phone.restarted()
    await after.app.start()
    assert after.app.phase is Phase.ENROL
    assert after.store.assessments() == ()


async def test_the_export_holds_records_media_and_a_manifest_that_names_them(phone: Phone) -> None:
    await phone.app.open_visit("assignment-1")
    await phone.visit.add_photo(b"counter")
    await phone.visit.add_sound(b"OggS my words", "audio/ogg")
    record = phone.visit.assessment
    with zipfile.ZipFile(io.BytesIO(await phone.app.export())) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        (listed,) = manifest["assessments"]
        assert wire.decode(archive.read(listed["record"]), type(record)) == record
        assert listed["digest"] == wire.digest(wire.encode(record))
        files = {one["sha256"]: archive.read(one["file"]) for one in listed["files"]}
    assert files == {held.sha256: phone.visit.media(held.sha256) for held in record.evidence}


async def test_a_file_that_is_damaged_does_not_keep_the_rest_from_being_exported(phone: Phone) -> None:
    await phone.app.open_visit("assignment-1")
    await phone.visit.add_photo(b"counter")
    (phone.folder.root / "media" / phone.visit.assessment.evidence[0].sha256).write_bytes(b"?")
    with zipfile.ZipFile(io.BytesIO(await phone.app.export())) as archive:
        (listed,) = json.loads(archive.read("manifest.json"))["assessments"]
        assert [file["held"] for file in listed["files"]] == [False]
        assert listed["record"] in archive.namelist()


async def test_settings_are_kept_and_bounded(phone: Phone) -> None:
    assert await phone.app.choose_text_size(500)
    assert phone.app.settings.text_size == 200
    assert await phone.app.choose_theme("dark")
    assert not await phone.app.choose_theme("pink")
    after = phone.restarted()
    await after.app.start()
    assert (after.app.settings.text_size, after.app.settings.theme) == (200, "dark")


async def test_a_setting_that_cannot_be_kept_is_not_shown(phone: Phone) -> None:
    assert isinstance(phone.folder, MemoryFolder)
    phone.folder.refuses = True
    assert not await phone.app.choose_language("zh-Hant")
    assert phone.app.settings.language == "en"
    assert phone.app.notice
    assert await phone.app.dismiss()
    assert phone.app.notice is None


@pytest.mark.parametrize(
    ("typed", "server"),
    [
        pytest.param("award.example", "https://award.example", id="https by default"),
        pytest.param(" https://192.168.1.5:8000/app/#/ ", "https://192.168.1.5:8000", id="a whole address"),
        pytest.param("http://127.0.0.1:8000", "http://127.0.0.1:8000", id="this device itself"),
        pytest.param("http://192.168.1.5:8000", None, id="one that could be read on the way"),
        pytest.param("http://127.0.0.1.evil.example", None, id="one that looks like this device"),
        pytest.param("", "http://server", id="back to where the app came from"),
        pytest.param("ftp://award.example", None, id="another scheme"),
        pytest.param("https://", None, id="no host"),
        pytest.param("https://award.example:port", None, id="no port"),
        pytest.param("https://a b", None, id="a space"),
        pytest.param("https://someone@award.example", None, id="a name inside"),
    ],
)
async def test_the_server_is_an_http_address(phone: Phone, typed: str, server: str | None) -> None:
    assert await phone.app.choose_server(typed) is (server is not None)
    assert phone.app.server == (server or "http://server")
    await phone.worker.stop()


async def test_a_link_to_another_server_takes_no_visit_along() -> None:
    """WKR-1"""
    phone = await fill(Phone(), token="known")
    phone.double.tokens.add("known")
    await phone.app.start()
    await phone.worker.stop()
    phone.server.failures = [(Unreachable("no-answer", sentence(N_("no"))), False)] * 99
    await phone.app.open_visit("assignment-1")
    await phone.visit.void("recognised")
    assert not await phone.app.enrol("https://other.example/app/#/enrol?code=AAAA")
    assert phone.app.notice
    assert phone.app.notice.code == "unsent-work"
    assert phone.app.server == "http://server"
    await phone.app.export()
    phone.server.failures.clear()
    assert await phone.app.enrol("https://other.example/app/#/enrol?code=AAAA"), "once it is in a safe place"
    await phone.worker.stop()


async def test_only_media_of_safe_visits_is_freed() -> None:
    phone = await fill(Phone(), an_assignment(), an_assignment(id="assignment-2"), token="known")
    phone.double.tokens.add("known")
    await phone.app.start()
    await finished_visit(phone)
    await wait_until(lambda: phone.app.unsent == 0)
    await phone.worker.stop()
    await phone.app.open_visit("assignment-2")
    await phone.visit.add_photo(b"still here")
    await phone.app.measure()
    assert phone.app.freeable_bytes > 0
    assert await phone.app.free_space()
    assert phone.app.freeable_bytes == 0
    assert phone.media.hashes() == {phone.visit.assessment.evidence[0].sha256}
    assert phone.store.load(phone.app.items[0].assessment_id), "the record stays"


async def test_a_refused_visit_says_why_and_can_be_sent_again() -> None:
    phone = await fill(Phone(), token="known")
    phone.double.tokens.add("known")
    await phone.app.start()
    await phone.app.open_visit("assignment-1")
    await phone.visit.void("recognised")
    await phone.worker.stop()
    name = phone.visit.assessment.id
    phone.double.refused[name] = "recording-not-allowed"
    phone.double.records.clear()
    await phone.store.save_delivery(replace(phone.store.delivery(name), state=SyncState.WAITING, recorded=False))
    await phone.worker.start("http://server")
    await wait_until(lambda: phone.app.items[0].state is SyncState.REFUSED)
    assert "Ask the coordinator" in str(phone.app.items[0].reason)
    assert phone.app.notice
    assert phone.app.notice.code == "recording-not-allowed"
    phone.double.refused.clear()
    assert await phone.app.retry(name)
    await wait_until(lambda: phone.app.items[0].state is SyncState.SAFE)
    await phone.worker.stop()


async def test_a_lost_network_is_shown_with_its_next_try() -> None:
    phone = await fill(Phone(), token="known")
    phone.server.failures = [(Unreachable("no-answer", sentence(N_("No answer."))), False)]
    await phone.app.start()
    await wait_until(lambda: phone.app.line.state is LineState.WAITING)
    assert phone.app.line.reason == sentence(N_("No answer."))
    assert phone.app.line.next_try_at
    await phone.worker.stop()
