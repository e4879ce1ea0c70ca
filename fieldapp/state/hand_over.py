"""A visit handed on without a network: written as one file on the phone that gives, read on the phone that goes on.

HND-11 The giving phone keeps everything and marks the visit only once the file is out of its hands.
HND-12 A file is read whole and checked before anything of it is kept; the new record is kept before it is shown.
HND-13 What came is there to be read, never to be changed or sent: files and answers of another's record stay theirs.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from checklists import wire
from checklists.forms.form import Form
from checklists.language import N_, Template, sentence
from checklists.record import hand_over
from checklists.record.assessment import Assessment, Attempt, RecordStatus
from checklists.record.assignment import Assignment
from fieldapp import installed
from fieldapp.errors import NotKept
from fieldapp.ids import new_id
from fieldapp.kept import Came, Feed
from fieldapp.ports import Ports
from fieldapp.state.device_clock import reading
from fieldapp.state.export import FORMAT, bundle
from fieldapp.state.notices import Notice, NoticeKind
from fieldapp.state.visit import Visit

ASSIGNMENT, FORMS = "hand-over/assignment.json", "hand-over/forms/"
MOST_BYTES = 400_000_000
_NO_FILE = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, msgspec.DecodeError, OSError, RuntimeError, EOFError,
)  # fmt: skip


class _Part(NamedTuple):
    """What a hand-over file holds, checked."""

    giver: str
    giver_name: str
    record: Assessment
    assignment: Assignment
    forms: tuple[Form, ...]
    media: Mapping[str, bytes]


@dataclass(eq=False)
class HandOvers:
    """`tell` shows what went wrong, `look` what is new in the list."""

    ports: Ports = field(repr=False)
    tell: Callable[[Notice], None] = field(repr=False)
    look: Callable[[], None] = field(repr=False)

    def written(self, visit: Visit) -> bytes:
        """Return the file with which somebody else goes on. Nothing is changed by it."""
        store, record = self.ports.store, visit.assessment
        names = filter(None, (record.form, record.annex))
        forms = [form for form in map(store.form, names) if form is not None]
        more = {ASSIGNMENT: wire.encode(visit.assignment)}
        more |= {f"{FORMS}{form.id}.json": wire.encode(form) for form in forms}
        device = store.device()
        named = {"hand_over": {"assessor_name": device.assessor_name}}
        return bundle([record], self.ports.media, device, self.ports.clock.now(), more=more, named=named)

    def came(self, assignment_id: str) -> Came | None:
        """Return what another's phone handed on of an assignment."""
        return self.ports.store.feed().came.get(assignment_id)

    async def take(self, raw: bytes) -> str | None:
        """Go on with the visit in a hand-over file; return its assignment. None: a notice says why not.

        The same file again opens what was begun with it.
        """
        try:
            part = read(raw)
        except _NO_FILE:
            self._say(N_("This is no file of a visit that was handed on, or it is not whole. Send it again."))
            return None
        store, device = self.ports.store, self.ports.store.device()
        begun = next((each for each in store.assessments() if each.assignment_id == part.assignment.id), None)
        is_known = begun is not None and begun.taken_over is not None
        if part.giver == device.assessor_id:
            self._say(N_("This is your own visit. Go on with it where it is."))
            return None
        if begun is not None and not is_known:
            self._say(N_("You have begun this visit yourself. Go on with that one."))
            return None
        if part.record.status is not RecordStatus.DRAFT:
            self._say(N_("This visit is finished: there is nothing to go on with."))
            return None
        try:
            if begun is None:
                await store.save(self._begun(part))
            for form in part.forms:
                if store.form(form.id) is None:
                    await store.save_form(form)
            for data in part.media.values():
                await self.ports.media.keep(data)
            await store.save_feed(_with(store.feed(), part))
        except NotKept as problem:
            self.tell(Notice.of(problem))
            return None
        self.look()
        return part.assignment.id

    def _begun(self, part: _Part) -> Assessment:
        now, clock = self.ports.clock.now(), reading(self.ports.clock, self.ports.store)
        return hand_over.taken_over(
            part.assignment,
            new_id(now),
            part.record,
            giver=part.giver,
            at=now,
            app_version=installed.version(),
            clock=clock,
        )

    def _say(self, message: Template) -> None:
        self.tell(Notice(kind=NoticeKind.WARNING, code="hand-over-not-taken", message=sentence(message)))


def read(raw: bytes) -> _Part:
    """Return what a hand-over file holds. Raises one of `_NO_FILE` unless it is whole."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise ValueError("too large")
        manifest: dict[str, Any] = msgspec.json.decode(archive.read("manifest.json"))
        (listed,) = manifest["assessments"]
        if manifest["format"] != FORMAT:
            raise ValueError("another format")
        body = archive.read(listed["record"])
        try:
            record, digest = wire.decode_with_digest(body, Assessment)
            assignment = wire.decode(archive.read(ASSIGNMENT), Assignment)
            names = [name for name in archive.namelist() if name.startswith(FORMS)]
            forms = tuple(wire.decode(archive.read(name), Form) for name in names)
        except wire.NotReadableError as error:
            raise ValueError(str(error)) from error
        media = {file["sha256"]: archive.read(file["file"]) for file in listed["files"] if file["held"]}
        whole = all(hashlib.sha256(data).hexdigest() == sha256 for sha256, data in media.items())
        if not whole or digest != listed["digest"] or record.assignment_id != assignment.id:
            raise ValueError("not what was written")
    name = str(manifest["hand_over"]["assessor_name"])
    return _Part(str(manifest["assessor"]), name, record, assignment, forms, media)


def _with(feed: Feed, part: _Part) -> Feed:
    """Return what the phone knows with an assignment that came from another phone, its tries among those of others."""
    ident, record = part.assignment.id, part.record
    tries: tuple[Attempt, ...] = (*(record.taken_over.attempts if record.taken_over else ()), *record.attempts)
    known = feed.attempts.get(ident, part.assignment.earlier_attempts)
    new = hand_over.not_among(tries, known)
    return replace(
        feed,
        assignments={**feed.assignments, ident: feed.assignments.get(ident, part.assignment)},
        attempts={**feed.attempts, ident: (*known, *new)},
        handed_on=tuple(other for other in feed.handed_on if other != ident),
        came={**feed.came, ident: Came(assessor=part.giver, name=part.giver_name, record=record)},
    )
