"""BKO: areas of a photo blacked out after the fact. Ids are those in sync_server/custody/blackouts.py."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from PIL import Image
from sqlalchemy import select

from checklists.record.assessment import Assessment
from sync_server.clock import now
from sync_server.custody import blackouts
from sync_server.custody.backup import back_up
from sync_server.custody.blackouts import BlackOutJob, CannotBlackOutError, areas_of
from sync_server.custody.file_retention import hold
from sync_server.custody.verification import Verification
from sync_server.database.queries.assessment_pages import shown_derivatives
from sync_server.database.queries.blackouts import Area, BlackoutRow, blackout_of, keep_decision
from sync_server.database.queries.media import MediaRow
from sync_server.database.queries.retention import file_uses
from sync_server.database.tables import audit_log, users
from sync_server.evidence.arrivals import note_arrival
from sync_server.evidence.derive import blacked_out
from sync_server.evidence.store import MediaStore
from sync_server.evidence.workshop import Workshop
from sync_server.people.permissions import Role
from tests.sync_server.conftest import Running
from tests.sync_server.desk import push, signed_in
from tests.sync_server.pictures import a_jpeg
from tests.sync_server.season_kit import a_call, a_photo, body_of
from tests.sync_server.uploading import Upload
from tests.sync_server.waiting import until
from tests.sync_server.whole_desk import forms_of

PHOTO = a_jpeg((300, 100), 1)
WHOLE: Sequence[Area] = [(0, 0, 1000, 1000)]
FACE = {"left-1": "10", "top-1": "20.5", "width-1": "30", "height-1": "9.5", "reason": "a bystander's face"}


class Seen(NamedTuple):
    """A desk with a visit, and its one photo prepared for showing."""

    server: Running
    call: Assessment
    digest: str
    name: str

    @property
    def now_shown(self) -> str:
        """What the page of the visit shows."""
        with signed_in(self.server, Role.COORDINATOR) as client:
            return str(re.findall(r"/previews/([0-9a-f]{64})", client.get(f"/assessments/{self.call.id}").text)[0])

    def row(self) -> BlackoutRow | None:
        with self.server.services.database.reading() as db:
            return blackout_of(db, self.name)

    def actions(self) -> list[str]:
        with self.server.services.database.reading() as db:
            which = select(audit_log.c.action).where(audit_log.c.action.contains("black"))
            return list(db.execute(which.order_by(audit_log.c.id)).scalars())

    def problems(self) -> list[str]:
        services = self.server.services
        return [problem.code for problem in Verification(services.database, services.media).problems()]

    def decided(self, areas: Sequence[Area] = WHOLE) -> None:
        """Decide without asking for the work: a test does it itself."""
        with self.server.services.database.transaction() as db:
            by = db.execute(select(users.c.id)).scalars().first()
            keep_decision(db, self.name, self.call.id, areas=areas, reason="a face", by=str(by), now=now())


@pytest.fixture
def seen(desk: Running) -> Seen:
    photo = a_photo(PHOTO)
    call = a_call(files=(photo, a_photo(PHOTO, "PG4", "call_log")))
    digest = push(desk, call)
    services = desk.services
    services.media.put(photo.sha256, PHOTO)
    with services.database.transaction() as db:
        note_arrival(db, MediaRow(photo.sha256, len(PHOTO), "image/jpeg", now()))

    def prepared() -> bool | None:
        with services.database.reading() as db:
            return True if shown_derivatives(db, [photo.sha256]) else None

    until(prepared, "the photo was prepared")
    return Seen(desk, call, digest, photo.sha256)


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    made = Workshop()
    yield made
    made.close()


@dataclass
class Dying:
    """The server's own store, of a process that ends before it writes to it for the `ends_at`th time."""

    store: MediaStore
    ends_at: int
    calls: int = 0

    def read(self, sha256: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        return self.store.read(sha256, start, end)

    def put(self, sha256: str, data: bytes) -> None:
        self._go_on()
        self.store.put(sha256, data)

    def remove(self, sha256: str) -> None:
        self._go_on()
        self.store.remove(sha256)

    def _go_on(self) -> None:
        self.calls += 1
        if self.calls == self.ends_at:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("form", "areas"),
    [
        pytest.param(
            {"left-1": "0", "top-1": "0", "width-1": "100", "height-1": "100"}, [(0, 0, 1000, 1000)], id="all"
        ),
        pytest.param(
            {"left-2": "10.05", "top-2": "20", "width-2": "5", "height-2": "1.01"},
            [(100, 200, 51, 11)],
            id="BKO-1 outward to a thousandth",
        ),
        pytest.param({"left-1": "99.9", "top-1": "0", "width-1": "0.1", "height-1": "1"}, [(999, 0, 1, 10)], id="edge"),
    ],
)
def test_areas_are_read_in_per_cent(form: dict[str, str], areas: list[Area]) -> None:
    assert areas_of(form) == areas


@pytest.mark.parametrize(
    ("form", "why"),
    [
        pytest.param({}, "at least one area", id="BKO-1 none"),
        pytest.param({"left-1": "1"}, "Area 1: give four numbers", id="BKO-1 a number is missing"),
        pytest.param(
            {"left-3": "x", "top-3": "1", "width-3": "1", "height-3": "1"}, "Area 3: give", id="BKO-1 no number"
        ),
        pytest.param({"left-1": "90", "top-1": "1", "width-1": "11", "height-1": "1"}, "beyond", id="BKO-1 too wide"),
        pytest.param({"left-1": "-1", "top-1": "1", "width-1": "9", "height-1": "1"}, "beyond", id="BKO-1 outside"),
        pytest.param({"left-1": "1", "top-1": "1", "width-1": "0", "height-1": "1"}, "empty", id="BKO-1 empty"),
    ],
)
def test_areas_that_cannot_be_are_named(form: dict[str, str], why: str) -> None:
    with pytest.raises(CannotBlackOutError, match=why):
        areas_of(form)


def test_der_6_nothing_is_left_of_what_lay_there() -> None:
    made = blacked_out(a_jpeg((300, 100), 6), "image/jpeg", [(500, 0, 500, 1000)])
    picture = Image.open(io.BytesIO(made.data))
    assert (picture.size, len(picture.getexif())) == ((100, 300), 0)  # upright
    assert max(high for _, high in picture.crop((51, 0, 100, 300)).getextrema()) < 12
    assert picture.getpixel((10, 150))[1] > 100
    assert blacked_out(b"no picture", "image/jpeg", WHOLE).problem == "not-readable"


def test_a_photo_is_blacked_out_from_the_bench(seen: Seen, tmp_path: Path) -> None:
    """BKO-2 BKO-3 BKO-4"""
    services = seen.server.services
    place = f"/bench/{seen.call.id}/black-out/{seen.name}"
    with signed_in(seen.server, Role.REVIEWER) as client:
        assert place not in client.get(f"/bench/{seen.call.id}").text
        assert client.get(place).status_code == 403
    with signed_in(seen.server, Role.COORDINATOR) as client:
        assert place in client.get(f"/bench/{seen.call.id}").text
        (form,) = [one for one in forms_of(client.get(place).text) if one.action == place]
        assert client.post(place, data={**form.fields, **FACE, "width-1": "95", "act": "look"}).status_code == 409
        looked = client.post(place, data={**form.fields, **FACE, "act": "look"})
        assert '<rect x="100" y="205" width="300" height="95"/>' in looked.text
        assert (seen.row(), services.media.has(seen.name)) == (None, True)
        (form,) = [one for one in forms_of(looked.text) if one.action == place]
        done = client.post(place, data={**form.fields, "act": "destroy"})
        assert done.headers["Location"] == f"/bench/{seen.call.id}?done=black-out-decided"
        row = until(lambda: row if (row := seen.row()) is not None and row.is_done else None, "it was destroyed")
        again = client.post(place, data={**form.fields, "act": "destroy"})
        assert again.status_code == 404
        page = client.get(f"/bench/{seen.call.id}").text
        original = f"/assessments/{seen.call.id}/originals/"
        assert client.get(original + seen.name).status_code == 404
        assert client.get(original + str(row.blackened_sha256)).status_code == 200
    assert "a bystander&#39;s face" in page
    assert seen.now_shown == row.blackened_sha256
    assert not services.media.has(seen.name)
    assert seen.actions() == ["black-out-decided", "media-blacked-out"]
    assert seen.problems() == []
    with services.database.reading() as db:
        assert {use.assessment_id for use in file_uses(db)} == {seen.call.id}
    with seen.server.client() as phone:
        assert phone.get(f"/api/v1/assessments/{seen.call.id}/receipt").json()["complete"]
        assert phone.put(f"/api/v1/assessments/{seen.call.id}", content=body_of(seen.call)).json()["missing"] == []
        assert Upload(phone, PHOTO).created.headers["Upload-Offset"] == str(len(PHOTO))
    later = msgspec.structs.replace(seen.call, revision=2)
    push(seen.server, later)
    assert seen.now_shown == row.blackened_sha256
    assert seen.problems() == []
    manifest = back_up(services.database, services.media, tmp_path / "backup", now())
    assert list(manifest.media) == [row.blackened_sha256]


def test_bko_2_a_kill_leaves_either_state_and_the_work_is_done_to_its_end(seen: Seen, workshop: Workshop) -> None:
    services = seen.server.services
    seen.decided()
    states = []
    for ends_at in (1, 2, 2, 3):  # before it is kept, before anything goes, after one thing went, after two
        dying: Any = Dying(services.media, ends_at)
        with pytest.raises(KeyboardInterrupt):
            BlackOutJob(services.database, services.writer, dying, now, workshop)(seen.name)
        assert services.media.has(seen.now_shown)
        states.append(seen.now_shown == seen.name)
    assert states == [True, False, False, False]
    for _ in range(2):
        BlackOutJob(services.database, services.writer, services.media, now, workshop)(seen.name)
    row = seen.row()
    assert row is not None
    assert (row.is_done, services.media.has(seen.name)) == (True, False)
    assert seen.now_shown == row.blackened_sha256
    assert seen.actions() == ["media-blacked-out"]
    assert seen.problems() == []


def test_bko_5_a_legal_hold_keeps_the_original(seen: Seen, workshop: Workshop) -> None:
    services = seen.server.services
    seen.decided()
    with services.database.transaction() as db:
        assert hold(db, "harbour-ferry", reason="dispute 7", now=now())
    BlackOutJob(services.database, services.writer, services.media, now, workshop)(seen.name)
    row = seen.row()
    assert row is not None
    assert (row.problem, services.media.has(seen.name), seen.now_shown) == ("legal-hold", True, seen.name)
    assert seen.actions() == ["black-out-failed"]
    with services.database.reading() as db, pytest.raises(CannotBlackOutError, match="legal hold"):
        blackouts.refuse(db, seen.call.id, seen.name)
