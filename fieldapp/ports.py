"""What the app needs from the outside, as it wants it: `state` knows these and nothing behind them.

storage/ gives Folder, Store and MediaStore; media/ the preparers; sync/ Server and Sync; `fieldapp.clock` the Clock.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from checklists.forms.form import Form
from checklists.record.assessment import Assessment, Position
from fieldapp.kept import CounterAnswer, Delivery, Device, Feed, Settings, Take
from fieldapp.line import Line
from fieldapp.server_replies import Acknowledgement, Enrolled, Page, PushReply

# A finger's way over a picture: points as shares of its width and height.
Stroke = tuple[tuple[float, float], ...]
BRUSH = 0.09  # how wide a stroke is, as a share of the picture's width
Progress = Callable[[int, int], None]  # bytes the server holds, bytes in all


class Space(msgspec.Struct, frozen=True, kw_only=True):
    """Storage, in bytes. None: the platform does not say."""

    used_bytes: int
    free_bytes: int | None = None
    persistent: bool | None = None  # whether the platform promised not to clear it by itself
    encrypted: bool | None = None


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """A picture ready to keep: upright, without EXIF, at most 2,000 px on its longer side."""

    data: bytes
    content_type: str = "image/jpeg"
    width_px: int = 0
    height_px: int = 0
    look: str = ""  # `checklists.record.reuse`


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """Sound ready to keep."""

    data: bytes
    content_type: str
    duration_s: int | None = None


class SetAside(msgspec.Struct, frozen=True, kw_only=True):
    """A file that could not be read and was moved away, so that the rest goes on."""

    name: str
    why: str


class Clock(Protocol):
    """The one place the app reads time."""

    @property
    def start(self) -> str:
        """Name this start of the app: `monotonic_s` counts on within it, and within no other."""

    def now(self) -> datetime:
        """Return the device's wall clock, aware, UTC. It may be wrong by a year."""

    def monotonic_s(self) -> int:
        """Return whole seconds that only ever grow while the app runs."""

    def monotonic_ms(self) -> int:
        """Return the same in milliseconds, for what a finger does twice."""


class Folder(Protocol):
    """A folder whose content survives the app: a real one, or one mirrored into the browser's own storage."""

    root: Path

    async def open(self) -> None:
        """Make `root` usable, with everything that was flushed before. Call once, before anything below `root`.

        Raises:
            OpenElsewhere: another tab or process holds it.
            NotKept: the platform gives no durable storage.
        """

    async def flush(self) -> None:
        """Return only when all that was written, replaced or removed below `root` would survive a power cut.

        Calls may overlap; each covers at least what was written before it was called.

        Raises:
            NotKept: the platform refused, "storage-full" or "storage-refused". The durable copy is as before; the
                caller undoes its own change below `root`.
            OpenElsewhere: another tab has taken over.
        """

    async def space(self) -> Space:
        """Return what is used and free."""

    def close(self) -> None:
        """Let another tab or process hold it. Harmless when it is not open; opening it again is fine."""


class Store(Protocol):
    """Records and documents, one TinyDB file each. A save returns only when it would survive a power cut.

    A save that fails raises NotKept and leaves the old value, in the file and for every later reader. Saving the same
    value twice is harmless. Reads are synchronous and never touch another file.
    """

    async def open(self) -> tuple[SetAside, ...]:
        """Open the folder, recover what a cut write left, set unreadable files aside and say which (each time once)."""

    def assessments(self) -> tuple[Assessment, ...]:
        """Return the newest revision of every assessment, oldest first."""

    def load(self, assessment_id: str) -> Assessment | None:
        """Return the newest revision, or None."""

    async def save(self, assessment: Assessment) -> None:
        """Keep `assessment` in place of its earlier state.

        Raises:
            NotKept: nothing changed.
        """

    def delivery(self, assessment_id: str) -> Delivery:
        """Return where it is; a fresh `waiting` when nothing is known."""

    async def save_delivery(self, delivery: Delivery) -> None:
        """Keep it beside its assessment. Raises NotKept."""

    async def remove(self, assessment_id: str) -> None:
        """Forget one assessment. Unknown ids are ignored. Raises NotKept."""

    def counter_answers(self) -> tuple[CounterAnswer, ...]:
        """Return what customers answered here and the server does not have yet, oldest first."""

    async def save_counter_answer(self, answer: CounterAnswer) -> None:
        """Keep it; the same id again replaces it. Raises NotKept."""

    async def remove_counter_answer(self, answer_id: str) -> None:
        """Forget one that the server has. Unknown ids are ignored. Raises NotKept."""

    def form(self, form_id: str) -> Form | None:
        """Return a form the server sent, or None."""

    async def save_form(self, form: Form) -> None:
        """Keep a form; the same id again replaces it. Raises NotKept."""

    def feed(self) -> Feed:
        """Return what the server has sent, with its cursor."""

    async def save_feed(self, feed: Feed) -> None:
        """Keep content and cursor in one write. Raises NotKept."""

    def device(self) -> Device:
        """Return who this device is; its id is made at the first opening and never changes."""

    async def save_device(self, device: Device) -> None:
        """Keep it. Raises NotKept."""

    def settings(self) -> Settings:
        """Return the assessor's choices, or the defaults."""

    async def save_settings(self, settings: Settings) -> None:
        """Keep them. Raises NotKept."""

    async def wipe(self) -> None:
        """Forget everything but settings and the device's id. Returns when it is durably gone."""


class MediaStore(Protocol):
    """Files by the SHA-256 of their bytes. Nothing is read into memory before it is asked for."""

    async def keep(self, data: bytes) -> str:
        """Keep `data` durably and return its SHA-256 in hex. The same bytes again change nothing. Raises NotKept."""

    def has(self, sha256: str) -> bool:
        """Whether the bytes are on this device."""

    def read(self, sha256: str) -> bytes:
        """Return the bytes.

        Raises:
            NotKept: "file-gone", they are not here, or are no longer what they were.
        """

    def size_bytes(self, sha256: str) -> int:
        """Return their size, 0 when absent."""

    def hashes(self) -> frozenset[str]:
        """Return every hash on the device."""

    async def drop(self, hashes: frozenset[str]) -> int:
        """Remove them and return the bytes freed. Only for files the server has acknowledged, or unused ones."""


class Takes(Protocol):
    """Recordings while they are made: pieces, each durable before the next."""

    async def begin(self, take: Take) -> None:
        """Keep what the take is, before its first piece. Raises NotKept."""

    async def add(self, take: Take, piece: bytes) -> None:
        """Keep one more piece. Raises NotKept."""

    def unfinished(self) -> tuple[Take, ...]:
        """Return the takes that are kept, oldest first."""

    def pieces(self, take: Take) -> tuple[bytes, ...]:
        """Return what was kept of it, in order."""

    async def drop(self, take: Take) -> None:
        """Forget it. Raises NotKept."""


class Microphone(Protocol):
    """Sound as it is made: about a piece a second, of one file that is usable up to its last piece."""

    async def start(self, on_piece: Callable[[bytes], None], on_end: Callable[[], None]) -> str:
        """Open it and return the content type. `on_end` is called once, after the last piece, however it ends.

        Raises:
            NotSound: there is none, or it is not allowed.
        """

    async def pause(self) -> None:
        """Take nothing more until `resume`, or the end."""

    async def resume(self) -> None:
        """Go on with the same file."""

    def level(self) -> int:
        """Return how loud it is now, 0 to 100."""

    async def stop(self) -> None:
        """Close it; the last piece and the end are still told. Harmless when it is closed."""


class Positions(Protocol):
    """Where the device is, asked once for each answer and never followed."""

    async def here(self) -> Position:
        """Return where it is now, within some fifteen seconds.

        Raises:
            NoPosition: it is not allowed, switched off, or cannot be told in time.
        """


class PhotoPreparer(Protocol):
    """Turns a camera file into the picture we keep."""

    async def prepare(self, raw: bytes) -> Photo:
        """Return it upright, without EXIF, at most 2,000 px, never enlarged. Same input, same bytes on one device.

        Raises:
            NotAPicture: it cannot be read here; the caller keeps the bytes as they came.
        """

    async def blacked_out(self, data: bytes, strokes: Sequence[Stroke]) -> Photo:
        """Return a prepared picture with black where the strokes went; nothing of what was there is left.

        Raises:
            NotAPicture: it cannot be read here.
        """


class AudioPreparer(Protocol):
    """Turns recorded or chosen sound into what we keep."""

    async def prepare(self, raw: bytes, content_type: str) -> Sound:
        """Return it ready to keep, with its length when known.

        Raises:
            NotSound: it cannot be read here; the caller keeps the bytes as they came.
        """


class Server(Protocol):
    """The sync server, one call each. All raise Unreachable, SignInNeeded or Refused, and nothing else."""

    def use(self, *, address: str, token: str) -> None:
        """Speak to `address` ("https://host:port") as the device with `token` from now on."""

    async def enrol(self, code: str, device_id: str, device_name: str) -> Enrolled:
        """Exchange a one-time code for a token. Safe to repeat within ten minutes from the same device."""

    async def changes(self, cursor: str) -> Page:
        """Return the next page after `cursor` ("" for the beginning)."""

    async def put(self, assessment_id: str, body: bytes) -> PushReply:
        """Send one revision. Idempotent; returns only after the server's commit is durable."""

    async def put_counter_answer(self, answer_id: str, body: bytes) -> None:
        """Send what one customer answered at a counter. Idempotent; returns only after it is durable."""

    async def begin_file(
        self, sha256: str, *, size_bytes: int, kind: str, content_type: str, assessment_id: str
    ) -> str:
        """Announce one file and return the address its bytes go to. A file the server holds already is fine."""

    async def send_file(self, upload_address: str, data: bytes, progress: Progress | None = None) -> bool:
        """Send what the server still lacks of `data`; True when it holds and has verified all of it.

        False: the server no longer knows the address; begin again.
        """

    async def acknowledgement(self, assessment_id: str) -> Acknowledgement:
        """Return what the server durably holds of it."""


class SyncListener(Protocol):
    """Whoever follows the worker. Calls are synchronous, brief and never raise."""

    def on_line(self, line: Line) -> None:
        """It stands with the server like this now."""

    def on_delivery(self, delivery: Delivery) -> None:
        """One assessment has got this far; the store holds the same already."""

    def on_feed(self, feed: Feed) -> None:
        """The server sent something new; the store holds it already."""


class Sync(Protocol):
    """The worker, as the app sees it."""

    def listen(self, listener: SyncListener) -> None:
        """Tell `listener` from now on, and at once how it stands."""

    async def start(self, address: str, *, rest: Callable[[], Awaitable[object]] | None = None) -> None:
        """Begin, once `rest` is over, to pull changes and send what waits, at `address`, until stopped.

        Again: go on at another address.
        """

    def wake(self, *, spends: bool = False) -> None:
        """There is something to send, or the network may be back: look now, waiting times forgotten.

        `spends`: files leave whatever the connection costs, until nothing waits.
        """

    async def enrol(self, code: str) -> Device:
        """Enrol this device at the address in use and keep the token. Raises Unreachable, Refused or NotKept."""

    async def retry(self, assessment_id: str) -> None:
        """Send a refused one again. Others are left as they are. Raises NotKept."""

    async def stop(self) -> None:
        """Finish the step under way and rest."""

    def let_go(self) -> None:
        """Send nothing more, from now on: another tab holds the storage, and sends from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything outside that `state` works with."""

    folder: Folder
    store: Store
    media: MediaStore
    clock: Clock
    photos: PhotoPreparer
    audio: AudioPreparer
    takes: Takes
    microphone: Microphone
    sync: Sync
    positions: Positions | None = None  # None: this device has no way to tell
