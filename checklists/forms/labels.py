"""What channels and sub-channels are called on every screen. A form's own words for its sub-channels are the same.

LBL-1  A thing that both sides show has one label, here or in `record.labels`, `forms.evidence_kinds` and `award`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from checklists.forms.form import Channel
from checklists.language import N_, Template

CHANNELS: Mapping[str, Template] = MappingProxyType(
    {
        Channel.PHONE_IN: N_("Phone-in"),
        Channel.ONSITE: N_("Onsite"),
        Channel.ONLINE: N_("Online"),
        Channel.FACE_TO_FACE: N_("Face-to-face"),
        Channel.SITE_VISIT: N_("Site visit"),
    }
)
SUBCHANNELS: Mapping[str, Template] = MappingProxyType(
    {
        "chat": N_("Live chat"),
        "email": N_("E-mail"),
        "form": N_("Web form"),
        "social": N_("Social messaging"),
    }
)
