"""R-OUT: what to send next. Ids are those in fieldapp/sync/outbox.py."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checklists import wire
from checklists.language import N_, sentence
from checklists.record.assessment import Assessment, RecordStatus, SyncState
from fieldapp.errors import Refused, SignInNeeded, SyncError, Unreachable
from fieldapp.kept import Delivery
from fieldapp.line import Line, LineState
from fieldapp.server_replies import Acknowledgement, HeldFile, PushReply
from fieldapp.sync import outbox
from fieldapp.sync.backoff import LONGEST_S, wait_s
from fieldapp.sync.outbox import AskAcknowledgement, Parcel, Rest, SendFile, SendRecord
from fieldapp.sync.worker import Worker
from tests.builders import NOON, an_assessment, at, evidence
from tests.fieldapp.sync_double import FakeServer, SyncDouble
from tests.fieldapp.worker_kit import StoppedClock, a_device, kept_on_device

A, B = "a" * 64, "b" * 64
LINE = Line()


def finished(name: str = "one", minutes: int = 0, files: tuple[str, ...] = (), revision: int = 1) -> Assessment:
    return an_assessment(
        id=name,
        revision=revision,
        status=RecordStatus.FINISHED,
        finished_at=at(minutes),
        evidence=tuple(evidence(f"Q{n}", sha256=sha256) for n, sha256 in enumerate(files)),
    )


def a_parcel(record: Assessment | None = None, **changes: object) -> Parcel:
    record = record or finished(files=(A, B))
    delivery = Delivery(assessment_id=record.id, revision=record.revision, **changes)  # type: ignore[arg-type]
    made = outbox.parcel(record, delivery)
    assert made
    return made


def unreachable(*, network: bool = True, asked_s: int | None = None) -> Unreachable:
    return Unreachable("no-answer", sentence(N_("no")), network=network, retry_after_s=asked_s)


def test_a_draft_stays_here() -> None:
    """R-OUT-1"""
    assert outbox.parcel(an_assessment(), Delivery(assessment_id="x")) is None


@pytest.mark.parametrize("state", list(SyncState))
def test_a_new_revision_begins_anew_whatever_became_of_the_old_one(state: SyncState) -> None:
    """R-OUT-1"""
    old = Delivery(assessment_id="one", revision=1, state=state, recorded=True, failures=3)
    made = outbox.parcel(finished(revision=2), old)
    assert made
    assert made.delivery == Delivery(assessment_id="one", revision=2, state=SyncState.WAITING)


@pytest.mark.parametrize(
    ("parcels", "step"),
    [
        pytest.param([], Rest, id="R-OUT-2 nothing to do"),
        pytest.param([a_parcel()], SendRecord, id="R-OUT-2 the record first"),
        pytest.param([a_parcel(recorded=True, missing=(B,))], SendFile, id="R-OUT-2 then what is missing"),
        pytest.param([a_parcel(recorded=True)], AskAcknowledgement, id="R-OUT-2 then the receipt"),
        pytest.param([a_parcel(state=SyncState.SENDING)], SendRecord, id="R-OUT-2 a killed app goes on"),
        pytest.param([a_parcel(state=SyncState.SAFE)], Rest, id="R-OUT-4 safe is done"),
        pytest.param([a_parcel(state=SyncState.REFUSED)], Rest, id="R-OUT-5 refused waits for a person"),
        pytest.param([a_parcel(next_try_at=at(1))], Rest, id="R-OUT-5 not before its time"),
        pytest.param([a_parcel(next_try_at=at(0))], SendRecord, id="R-OUT-5 at its time"),
        pytest.param([a_parcel(next_try_at=at(9999))], SendRecord, id="R-OUT-5 a clock that was put right"),
    ],
)
def test_the_next_step(parcels: list[Parcel], step: type) -> None:
    assert type(outbox.next_step(parcels, LINE, NOON)) is step


def test_records_of_all_go_before_files_of_any() -> None:
    early = a_parcel(finished("early", 0, (A,)), recorded=True, missing=(A,))
    late = a_parcel(finished("late", 10))
    step = outbox.next_step([early, late], LINE, NOON)
    assert isinstance(step, SendRecord)
    assert step.parcel.id == "late"


def test_a_failing_one_lets_the_others_pass() -> None:
    failing, other = a_parcel(finished("a", 0), failures=3), a_parcel(finished("b", 10))
    step = outbox.next_step([failing, other], LINE, NOON)
    assert isinstance(step, SendRecord)
    assert step.parcel.id == "b"


@pytest.mark.parametrize("state", [LineState.SIGN_IN_NEEDED, LineState.NOT_ENROLLED])
def test_without_a_token_everything_waits(state: LineState) -> None:
    assert outbox.next_step([a_parcel()], Line(state=state), NOON) == Rest()


def test_while_the_line_waits_nothing_is_tried() -> None:
    """R-OUT-6"""
    line = outbox.line_failed(LINE, unreachable(), NOON, jitter=1000)
    assert line.next_try_at
    assert outbox.next_step([a_parcel()], line, NOON) == Rest(until=line.next_try_at)
    assert isinstance(outbox.next_step([a_parcel()], line, line.next_try_at), SendRecord)


@pytest.mark.parametrize(
    ("revision", "digest"),
    [pytest.param(1, "0" * 64, id="another content"), pytest.param(0, "", id="an older revision")],
)
def test_an_acknowledgement_of_something_else_proves_nothing(revision: int, digest: str) -> None:
    with pytest.raises(Unreachable, match="half-an-answer"):
        outbox.recorded(a_parcel(), PushReply(revision=revision, digest=digest))


def receipt(one: Parcel, *held: str, digest: str | None = None, revision: int = 1) -> Acknowledgement:
    files = tuple(HeldFile(sha256=sha256, held=sha256 in held) for sha256 in one.files)
    return Acknowledgement(revision=revision, digest=one.digest if digest is None else digest, files=files)


@pytest.mark.parametrize(
    ("held", "changes", "state", "recorded", "missing"),
    [
        pytest.param((A, B), {}, SyncState.SAFE, True, (), id="R-OUT-3 safe with record and every file"),
        pytest.param((A,), {}, SyncState.SENDING, True, (B,), id="R-OUT-3 not while one file is missing"),
        pytest.param((A, B), {"digest": "x"}, SyncState.SENDING, False, (), id="R-OUT-3 not for another content"),
        pytest.param((A, B), {"revision": 0}, SyncState.SENDING, False, (), id="R-OUT-4 the server lost the record"),
        pytest.param((A, B), {"revision": 2, "digest": "x"}, SyncState.SAFE, True, (), id="a later one is held"),
    ],
)
def test_only_a_receipt_makes_it_safe(
    held: tuple[str, ...], changes: dict[str, object], *, state: SyncState, recorded: bool, missing: tuple[str, ...]
) -> None:
    one = a_parcel(state=SyncState.SENDING, recorded=True)
    after = outbox.acknowledged(one, receipt(one, *held, **changes), NOON)  # type: ignore[arg-type]
    assert (after.state, after.recorded, after.missing) == (state, recorded, missing)
    assert after.safe_at == (NOON if state is SyncState.SAFE else None)


def test_a_receipt_that_does_not_name_a_file_does_not_hold_it() -> None:
    one = a_parcel(state=SyncState.SENDING, recorded=True)
    after = outbox.acknowledged(one, Acknowledgement(revision=1, digest=one.digest), NOON)
    assert after.missing == (A, B)


def test_a_lost_network_is_counted_on_the_line_and_a_failing_server_on_the_item() -> None:
    sending = a_parcel(state=SyncState.SENDING).delivery
    lost = outbox.failed(sending, unreachable(), NOON, jitter=0)
    assert (lost.state, lost.failures, lost.next_try_at) == (SyncState.WAITING, 0, None)
    failing = outbox.failed(sending, unreachable(network=False), NOON, jitter=0)
    assert (failing.failures, failing.next_try_at) == (1, NOON + timedelta(seconds=2))


def test_waits_double_up_to_a_quarter_of_an_hour_and_never_all_at_the_same_moment() -> None:
    assert [wait_s(n, jitter=1000) for n in (1, 2, 3, 8, 9, 99)] == [4, 8, 16, 512, 900, 900]
    assert [wait_s(n, jitter=0) for n in (1, 2, 3, 8, 9, 99)] == [2, 4, 8, 256, 450, 450]


def test_a_server_asks_for_more_time_and_gets_it_within_reason() -> None:
    sending = a_parcel(state=SyncState.SENDING).delivery
    for asked_s, waits_s in ((120, 120), (99_999, LONGEST_S), (1, 2)):
        after = outbox.failed(sending, unreachable(network=False, asked_s=asked_s), NOON, jitter=0)
        assert after.next_try_at == NOON + timedelta(seconds=waits_s)


def test_a_refused_one_starts_from_the_beginning_when_a_person_says_so() -> None:
    told = Refused("record-not-valid", sentence(N_("no")), status=422)
    refused = outbox.refused(a_parcel(state=SyncState.SENDING, recorded=True).delivery, told)
    assert (refused.state, refused.code) == (SyncState.REFUSED, "record-not-valid")
    assert outbox.retried(refused) == Delivery(assessment_id="one", revision=1)


FAILURES: list[SyncError | None] = [
    None,
    unreachable(),
    unreachable(network=False),
    SignInNeeded("token-not-valid", sentence(N_("no"))),
]


@settings(max_examples=40, deadline=None)
@given(
    fates=st.lists(st.tuples(st.sampled_from(FAILURES), st.booleans()), max_size=40),
    photos=st.lists(st.lists(st.sampled_from([b"one photo", b"two", b"three photos"]), max_size=3), max_size=4),
)
async def test_the_outbox_drains_under_any_order_of_failures_and_never_sends_again_what_was_acknowledged(
    fates: list[tuple[SyncError | None, bool]], photos: list[list[bytes]]
) -> None:
    """R-OUT-4 and R-OUT-5, whatever happens and in whatever order."""
    double = SyncDouble(tokens={"known"})
    server = FakeServer(double)
    clock = StoppedClock()
    device = await a_device()
    records = [await kept_on_device(device, f"visit-{n}", mine) for n, mine in enumerate(photos)]
    server.failures = list(fates)

    worker = Worker(
        store=device.store, media=device.media, server=server, clock=clock, wait=clock.until_idle, chance=lambda: 500
    )
    clock.worker, clock.store = worker, device.store
    await worker.start("http://server")
    await clock.idle.wait()
    await worker.stop()

    assert [device.store.delivery(record.id).state for record in records] == [SyncState.SAFE] * len(records)
    assert {name: wire.digest(held[1]) for name, held in double.records.items()} == {
        record.id: wire.digest(wire.encode(record)) for record in records
    }
    assert set(double.media.values()) == {data for mine in photos for data in mine}
    assert sorted(server.acknowledged) == sorted(f"{record.id} r1" for record in records), (
        "acknowledged once, sent no more"
    )
    files = [name for verb, name in double.calls if verb == "file"]
    assert len(files) == len(set(files))


def test_replacing_a_delivery_never_happens_in_place() -> None:
    delivery = a_parcel().delivery
    assert outbox.begun(delivery, A, "u") == replace(delivery, uploads={A: "u"})
    assert delivery.uploads == {}
