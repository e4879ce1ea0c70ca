"""A recording whose visit is not on the screen: put with its record as it is kept."""

from __future__ import annotations

from checklists.language import N_, Sentence, sentence
from checklists.record import verbs
from checklists.record.assessment import RecordStatus
from fieldapp.kept import Take
from fieldapp.ports import Ports
from fieldapp.state.new_evidence import NewEvidence


async def keep_apart(ports: Ports, take: Take, data: bytes, ran_s: int) -> Sentence | None:
    """Keep the sound with its record; return why that takes nothing any more. Of no record, nothing is kept.

    Raises:
        NotKept: nothing changed.
    """
    if ports.store.load(take.assessment_id) is None:
        return None
    new = NewEvidence(ports)
    evidence = await new.sound(data, take.content_type, now=take.begun_at, kind=take.kind, ran_s=ran_s)
    record = ports.store.load(take.assessment_id)
    if record is None or record.status is not RecordStatus.DRAFT:
        return sentence(N_("A recording came too late for its visit, which is finished; it stays on this phone."))
    await ports.store.save(verbs.with_evidence(record, evidence, at=ports.clock.now()))
    return None
