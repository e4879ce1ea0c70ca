"""What both sides decide about files: what is sound, and which contact may be recorded."""

from __future__ import annotations

import pytest

from checklists.record.assessment import MediaKind
from checklists.record.assignment import RecordingPolicy
from tests.builders import an_assignment

SOUND = {
    MediaKind.PHOTO: False,
    MediaKind.AUDIO_NOTE: True,
    MediaKind.RECORDING: True,
    MediaKind.FILE: False,
}
RECORDED = {
    RecordingPolicy.NONE: False,
    RecordingPolicy.ENTRANT_SYSTEM_ONLY: False,
    RecordingPolicy.ASSESSOR_AUDIO_WITH_NOTICE: True,
}


@pytest.mark.parametrize("kind", MediaKind)
def test_sound_is_what_a_voice_is_heard_in(kind: MediaKind) -> None:
    assert kind.is_sound is SOUND[kind]


@pytest.mark.parametrize("policy", RecordingPolicy)
def test_a_contact_is_recorded_by_the_assessor_under_one_policy_alone(policy: RecordingPolicy) -> None:
    assert an_assignment(recording_policy=policy).may_be_recorded is RECORDED[policy]
