"""One assessment on the screen: its questions, its answers, and what is still to put right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from checklists.language import N_, Template, sentence
from checklists.record import hand_over, verbs
from checklists.record.assessment import AnswerValue, Assessment, Draw, Evidence, MediaKind, RecordStatus
from checklists.record.draw import picked
from checklists.record.late import LateNotWholeError, late, with_late_answer
from checklists.record.transitions import NotAllowedError
from fieldapp.errors import NotKept
from fieldapp.kept import Take
from fieldapp.ports import Photo
from fieldapp.state import call
from fieldapp.state.jotting import Jotting
from fieldapp.state.new_evidence import NewEvidence
from fieldapp.state.notices import Notice
from fieldapp.state.outcomes import Preview, previews


@dataclass(eq=False)
class Visit(Jotting):
    """Observable. Read the attributes, call the verbs (see the package docstring for what they return)."""

    _late_answers: dict[str, AnswerValue] = field(default_factory=dict, kw_only=True, repr=False)  # wait for evidence

    async def answer(self, key: str, value: AnswerValue | None) -> bool:
        """Record an answer; None takes it back. After finishing, a late answer becomes the next revision.

        One that wants evidence first is told, remembered, and kept with that evidence.
        """

        def change(assessment: Assessment, now: datetime) -> Assessment:
            if assessment.status is RecordStatus.DRAFT or value is None:
                return verbs.with_answer(assessment, key, value, at=now)
            self._check_not_returned()
            self._late_answers.pop(key, None)
            try:
                return with_late_answer(
                    assessment, self.sheet, key, value, at=now, circumstances=self._context.circumstances
                )
            except LateNotWholeError:
                self._late_answers[key] = value
                raise

        return await self._change(change)

    async def confirm(self, key: str) -> bool:
        """Say that the answer stays as it is, after a reviewer's note."""
        return await self._change(lambda assessment, now: verbs.confirmed(assessment, key, at=now))

    async def note(self, key: str, kind: str, words: str) -> bool:
        """Keep a note or verbatim of a question; "" takes it back."""
        return await self._change(
            lambda assessment, now: self._added(
                assessment, key, now, lambda opened: verbs.with_note(opened, key, kind, words, at=now)
            )
        )

    def previews(self) -> tuple[Preview, ...]:
        """Return what each outcome of a try, made when the call was dialled or now, would come to."""
        dialled = self.script and call.dialled(self.script, self.assessment.measurements)
        return previews(self.assessment, self._context, dialled.corrected if dialled else self.now())

    async def draw(self, listed: int) -> bool:
        """Draw recordings from a list of `listed`, by a seed that anyone can repeat."""

        def change(assessment: Assessment, now: datetime) -> Assessment:
            seed = f"{assessment.id}:{len(assessment.draws) + 1}"
            numbers = picked(seed, listed, self.to_draw)
            made = Draw(at=now, seed=seed, listed=listed, picked=numbers)
            return verbs.with_draw(assessment, made, at=now, sheet=self.sheet)

        return await self._change(change)

    async def add_photo(self, raw: bytes, *, key: str | None = None, evidence_kind: str | None = None) -> bool:
        """Prepare, keep, and only then refer to a picture. One that cannot be prepared is kept as it came, marked."""
        new = NewEvidence(self._ports)
        if self._is_empty(raw, N_("The photo came empty; take it again.")):
            return False
        return await self._add(lambda now: new.photo(raw, now=now, question=key, kind=evidence_kind), key)

    async def add_prepared(self, photo: Photo, take: Take, caption: str) -> Evidence | None:
        """Keep a picture that was looked at, and refer to it; None when that is not durable."""
        new = NewEvidence(self._ports)
        made: list[Evidence] = []

        async def keep(_now: datetime) -> Evidence:
            made.append(await new.looked_at(photo, take, caption))
            return made[0]

        return made[0] if await self._add(keep, take.question) else None

    def may_record(self, kind: MediaKind) -> bool:
        """Whether sound of this kind may be taken now; what the policy forbids is told."""
        if kind is MediaKind.RECORDING and not self.assignment.may_be_recorded:
            message = N_("Recording the contact is not allowed here. An audio note of your own, afterwards, always is.")
            self._warn("recording-not-allowed", sentence(message))
            return False
        return self.is_draft

    async def keep(self) -> bool:
        """Keep the record as it stands, begun or not."""
        return await self._change(lambda assessment, _: assessment)

    async def add_sound(
        self, raw: bytes, content_type: str, *, kind: MediaKind = MediaKind.AUDIO_NOTE, ran_s: int | None = None
    ) -> bool:
        """The same for the assessor's own voice, or a recording by policy. `ran_s`: its length if it tells none."""
        if not self.may_record(kind):
            return False
        new = NewEvidence(self._ports)
        if self._is_empty(raw, N_("The recording came empty; record it again.")):
            return False
        return await self._add(lambda now: new.sound(raw, content_type, now=now, kind=kind, ran_s=ran_s))

    async def add_file(self, raw: bytes, content_type: str, *, key: str | None, evidence_kind: str | None) -> bool:
        """Keep a file (a transcript, a call log) as it came."""
        new = NewEvidence(self._ports)
        if self._is_empty(raw, N_("The file came empty; choose it again.")):
            return False
        return await self._add(lambda now: new.file(raw, content_type, now=now, question=key, kind=evidence_kind), key)

    async def remove_evidence(self, evidence_id: str) -> bool:
        """Take a file back from the draft. Its bytes go when the device is next asked to free space."""
        return await self._change(lambda assessment, now: verbs.without_evidence(assessment, evidence_id, at=now))

    def media(self, sha256: str) -> bytes | None:
        """Return a file's bytes, None when it was freed after being safe."""
        if not self._ports.media.has(sha256):
            return None
        try:
            return self._ports.media.read(sha256)
        except NotKept:  # damaged: there is nothing to show
            return None

    async def finish(self) -> bool:
        """Finish: immutable from here, and on its way. False, with findings, while something blocks it."""
        return await self._change(self._finished)

    async def void(self, reason: str) -> bool:
        """Declare the contact void, with the reason; it is sent like any finished one."""
        if not reason.strip():
            message = sentence(N_("Write the reason first: the coordinator decides by it."))
            self._warn("reason-missing", message)
            return False
        return await self._change(
            lambda assessment, now: self._finished(verbs.void(assessment, reason.strip(), at=now), now)
        )

    async def reopen(self) -> bool:
        """Take up a returned assessment again: a draft of the next revision."""
        return await self._change(lambda assessment, now: verbs.next_revision(assessment, at=now))

    async def hand_on(self) -> bool:
        """Mark it as handed on to another's phone: it is shown here from now on, sent as it stands, and not changed."""
        clock = self._clock_reading()
        return await self._change(lambda assessment, now: hand_over.given(assessment, at=now, clock=clock))

    async def keep_on(self) -> bool:
        """Go on with it after all, on this phone."""
        return await self._change(lambda assessment, now: hand_over.kept_on(assessment, at=now))

    def _is_empty(self, raw: bytes, message: Template) -> bool:
        """Whether there is nothing to keep; says so by `message`."""
        if not raw:
            self._warn("file-empty", sentence(message))
        return not raw

    async def _add(self, keep: Callable[[datetime], Awaitable[Evidence]], key: str | None = None) -> bool:
        if not self.may_answer(key or ""):
            return False
        self.busy = True
        try:
            # Bytes before the record: a record may wait for its photo, but must never point at one that is gone.
            evidence = await keep(self._ports.clock.now())
        except NotKept as problem:
            self._tell(Notice.of(problem))
            return False
        finally:
            self.busy = False
        return await self._change(
            lambda assessment, now: self._added(
                assessment, key, now, lambda opened: verbs.with_evidence(opened, evidence, at=now)
            )
        )

    def _added(
        self, assessment: Assessment, key: str | None, now: datetime, change: Callable[[Assessment], Assessment]
    ) -> Assessment:
        """Change a draft; of a finished record, a question that may be late, and its answer if it waited for this."""
        if assessment.status is RecordStatus.DRAFT or key is None:
            return change(assessment)
        self._check_not_returned()
        circumstances = self._context.circumstances
        if key in self._late_answers:
            value = self._late_answers[key]

            def answered(opened: Assessment) -> Assessment:
                return verbs.with_answer(change(opened), key, value, at=now)

            try:
                done = late(assessment, self.sheet, key, answered, at=now, circumstances=circumstances)
            except LateNotWholeError:  # it wants more than this: what is there is kept, the answer waits on
                return late(assessment, self.sheet, key, change, at=now, circumstances=circumstances)
            del self._late_answers[key]
            return done
        return late(assessment, self.sheet, key, change, at=now, circumstances=circumstances)

    def _finished(self, assessment: Assessment, now: datetime) -> Assessment:
        done = verbs.finish(assessment, self.sheet, at=now, circumstances=self._context.circumstances)
        if isinstance(done, Assessment):
            return done
        blocking = sum(finding.blocks_finish for finding in done)
        raise NotAllowedError(sentence(N_("Not finished yet. Still open: {count}."), count=blocking))
