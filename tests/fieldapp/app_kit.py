"""The whole app under its views: real state, store and worker; preparers that do nothing; a server in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from checklists.csqs.standard import site_visit_form
from checklists.forms.evidence_kinds import KEEPERS, Keeper
from checklists.forms.file import shipped_forms
from checklists.forms.form import Kind, MeasurementItem, MeasurementKind, Question
from checklists.language import N_, sentence
from checklists.record.asked import asked_measurements
from checklists.record.assessment import Outcome
from checklists.record.assignment import Assignment
from checklists.rules.programme import load_programme
from fieldapp.errors import NotAPicture, NotSound
from fieldapp.kept import Feed, Programme
from fieldapp.ports import Folder, Photo, Ports, Server, Sound, Stroke
from fieldapp.state import App
from fieldapp.state.visit import Visit
from fieldapp.storage import FileMedia, FileTakes, TinyStore
from fieldapp.storage import Keeper as FolderKeeper
from fieldapp.sync.worker import Worker
from tests.builders import NOON, an_assignment
from tests.fieldapp.memory_store import MemoryFolder
from tests.fieldapp.sync_double import FakeServer, SyncDouble


class Clock:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.moment = NOON
        self.moved = timedelta()  # how far the wall clock was moved by hand
        self.breath_ms = 1000  # between two taps of a test, which moves the clock only where it matters
        self._breathed_ms = 0

    @property
    def start(self) -> str:
        return "start-1"

    def now(self) -> datetime:
        return self.moment + self.moved

    def monotonic_s(self) -> int:
        return int((self.moment - NOON).total_seconds())

    def monotonic_ms(self) -> int:
        self._breathed_ms += self.breath_ms
        return self.monotonic_s() * 1000 + self._breathed_ms

    def pass_(self, **span: int) -> None:
        self.moment += timedelta(**span)

    def move(self, **span: int) -> None:
        """Put the wall clock forward or back; the timer goes on as it did."""
        self.moved += timedelta(**span)


class Photos:
    """Takes whatever does not say that it is broken."""

    async def prepare(self, raw: bytes) -> Photo:
        if raw.startswith(b"broken"):
            raise NotAPicture("not-a-picture", sentence(N_("It cannot be read.")))
        return Photo(data=b"prepared " + raw)

    async def blacked_out(self, data: bytes, strokes: Sequence[Stroke]) -> Photo:
        return Photo(data=b"black " + data)


class Audio:
    """The same for sound."""

    async def prepare(self, raw: bytes, content_type: str) -> Sound:
        if raw.startswith(b"broken"):
            raise NotSound("not-sound", sentence(N_("It cannot be read.")))
        return Sound(data=raw, content_type=content_type, duration_s=3)


class Microphone:
    """Hears what the test says."""

    def __init__(self) -> None:
        self.there = True
        self.on_piece: Callable[[bytes], None] | None = None
        self.on_end: Callable[[], None] = lambda: None
        self.is_paused = False

    async def start(self, on_piece: Callable[[bytes], None], on_end: Callable[[], None]) -> str:
        if not self.there:
            raise NotSound("not-sound", sentence(N_("It cannot be read.")))
        self.on_piece, self.on_end = on_piece, on_end
        return "audio/webm;codecs=opus"

    async def stop(self) -> None:
        if self.on_piece is not None:
            self.on_piece = None
            self.on_end()

    async def pause(self) -> None:
        self.is_paused = True

    async def resume(self) -> None:
        self.is_paused = False

    def level(self) -> int:
        return 0 if self.is_paused else 60

    async def hear(self, *pieces: bytes) -> None:
        """Hand pieces over, and return when they had time to be kept."""
        for piece in pieces:
            assert self.on_piece is not None
            self.on_piece(piece)
            for _ in range(10):
                await asyncio.sleep(0)


class Phone:
    """One device, across starts of the app."""

    def __init__(
        self, folder: Folder | None = None, double: SyncDouble | None = None, *, server: Server | None = None
    ) -> None:
        self.folder = folder or MemoryFolder()
        self.double = double or SyncDouble()
        self.server = FakeServer(self.double)
        self.clock = Clock()
        self.microphone = Microphone()
        self.store = TinyStore(keeper := FolderKeeper(self.folder))
        self.media = FileMedia(keeper)
        self.worker = Worker(store=self.store, media=self.media, server=server or self.server, clock=self.clock)
        self.app = App(
            Ports(
                folder=self.folder,
                store=self.store,
                media=self.media,
                clock=self.clock,
                photos=Photos(),
                audio=Audio(),
                takes=FileTakes(keeper),
                microphone=self.microphone,
                sync=self.worker,
            ),
            origin="http://server",
        )

    def restarted(self) -> Phone:
        """What the next start finds after a cut now."""
        assert isinstance(self.folder, MemoryFolder)
        after = Phone(self.folder.reopened(), self.double)
        after.clock.moment = self.clock.moment
        return after

    @property
    def visit(self) -> Visit:
        assert self.app.visit
        return self.app.visit


class Taken:
    """Takes what leaves the app, unless it is put away."""

    def __init__(self, *, takes: bool = True) -> None:
        self.takes, self.data = takes, b""

    async def __call__(self, data: bytes) -> bool:
        self.data = data
        return self.takes


def programme() -> Programme:
    rules = load_programme("mystery_caller_2021").rules
    return Programme(name="mystery_caller_2021", digest=rules.digest, rules=dict(rules.plain), audio_kept_days=90)


def told(*assignments: Assignment) -> Feed:
    return Feed(programme=programme(), assignments={one.id: one for one in assignments})


async def fill(phone: Phone, *assignments: Assignment, token: str = "") -> Phone:
    """Put assignments, forms and rules on a device as if the server had told them."""
    await phone.store.open()
    await phone.store.save_device(replace(phone.store.device(), token=token, assessor_id="assessor-1"))
    for form in (*shipped_forms().values(), site_visit_form()):
        await phone.store.save_form(form)
    await phone.store.save_feed(told(*(assignments or (an_assignment(),))))
    return phone


async def a_visit(**changes: object) -> Phone:
    """A phone with one assignment, whose visit is open."""
    phone = await fill(Phone(), an_assignment(**changes))
    assert await phone.app.start()
    assert await phone.app.open_visit("assignment-1")
    return phone


async def reopened(phone: Phone) -> Phone:
    """The phone after its process died, with its visit open again."""
    after = phone.restarted()
    assert await after.app.start()
    assert await after.app.open_visit("assignment-1")
    return after


def folder(phone: Phone) -> MemoryFolder:
    assert isinstance(phone.folder, MemoryFolder)
    return phone.folder


def good_answer(question: Question) -> bool | int | str:
    """The best answer a question takes."""
    match question.kind:
        case Kind.YES_NO:
            return True
        case Kind.SCALE:
            return 4
        case Kind.MATURITY:
            return 3
        case Kind.CHOICE | Kind.FAQ:
            return max(question.options, key=lambda option: option.share).code
        case Kind.TEXT:
            return "Everything went well, and nobody had to wait for anything. " * 3
        case Kind.BANDS:
            return 5
    raise AssertionError(question.kind)


async def complete(phone: Phone, *, draw: bool = True) -> None:
    """Do the open visit from beginning to end: attempt, draw, marks, answers, words and files."""
    visit = phone.visit
    if visit.reading.series is not None:
        assert await visit.attempt(Outcome.CONNECTED)
    if draw and visit.sheet.needs_draw:
        assert await visit.draw(listed=40)
    own = (*asked_measurements(visit.sheet), *(visit.sheet.annex.form.measurements if visit.sheet.annex else ()))
    for key, mark in ((mark.key, mark) for mark in own):
        phone.clock.pass_(seconds=7)
        await _mark(visit, key, mark)
    for key, item in visit.sheet.all_items.items():
        phone.clock.pass_(seconds=5)
        if not (item.is_measured and item.question.kind is Kind.BANDS):
            assert await visit.answer(key, good_answer(item.question))
        for kind in item.question.evidence:
            if KEEPERS[kind] is Keeper.WORDS:
                assert await visit.note(key, kind, "What was said, in their own words.")
            elif KEEPERS[kind] is Keeper.FILE:
                assert await visit.add_photo(f"picture for {key}".encode(), key=key, evidence_kind=kind)


async def _mark(visit: Visit, key: str, mark: MeasurementItem) -> None:
    match mark.kind:
        case MeasurementKind.STAMP | MeasurementKind.STAMP_PLACE:
            assert await visit.stamp(key)
        case MeasurementKind.STAMP_CHOICE:
            assert await visit.stamp(key, choice=mark.options[0].code)
        case MeasurementKind.INTEGER:
            assert await visit.count(key, 2)
        case MeasurementKind.INTEGER_PAIR:
            assert await visit.count_pair(key, 2, 1)
        case MeasurementKind.SPANS:
            assert await visit.toggle_span(key)
            assert await visit.toggle_span(key)
        case MeasurementKind.CODED:
            assert await visit.code(key, "K12")


async def finished_visit(phone: Phone) -> None:
    """The first visit of the list, answered and finished."""
    await phone.app.open_visit("assignment-1")
    await complete(phone)
    assert await phone.visit.finish()
