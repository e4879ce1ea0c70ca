"""The kinds of evidence a form may ask for, and where each is kept.

`clock` and `draw_log` the app keeps by itself; `note`, `verbatim` and `verbatim_redacted` are words in `notes`;
what a site visit rests on (`SEEN`) too; the rest are pictures or files in `evidence`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from checklists.language import N_, Template


class Keeper(StrEnum):
    """Where a kind of evidence is found."""

    APP = "app"
    WORDS = "words"
    FILE = "file"


CLOCK, DRAW_LOG = "clock", "draw_log"
CALL_LOG = "call_log"
NOTE, VERBATIM, VERBATIM_REDACTED = "note", "verbatim", "verbatim_redacted"

# What a site visit rests on. Which it was is written down, and nothing of it is taken along; a photo may stand beside.
SEEN = (
    "audit_record",
    "case",
    "certificate",
    "contract",
    "dashboard",
    "demo",
    "document",
    "interview",
    "minutes",
    "record",
    "report",
    "roster",
    "sample",
    "system_view",
    "training_record",
    "walk_through",
)

KEEPERS: Mapping[str, Keeper] = MappingProxyType(
    {
        CLOCK: Keeper.APP,
        DRAW_LOG: Keeper.APP,
        NOTE: Keeper.WORDS,
        VERBATIM: Keeper.WORDS,
        VERBATIM_REDACTED: Keeper.WORDS,
        "photo_no_people": Keeper.FILE,
        "ticket_photo": Keeper.FILE,
        "screenshot": Keeper.FILE,
        "timestamp_capture": Keeper.FILE,
        CALL_LOG: Keeper.FILE,
        "menu_map": Keeper.FILE,
        "transcript": Keeper.FILE,
        "receipt": Keeper.FILE,
        **dict.fromkeys(SEEN, Keeper.WORDS),
    }
)

# One of the whole visit supports every question that wants it: there is one menu, and one map of it.
MENU_MAP = "menu_map"
OF_THE_VISIT = frozenset({MENU_MAP})

# What each is called by itself, on every screen (LBL-1).
LABELS: Mapping[str, Template] = MappingProxyType(
    {
        CLOCK: N_("Measurements"),
        DRAW_LOG: N_("Draw log"),
        NOTE: N_("Note"),
        VERBATIM: N_("Verbatim quote"),
        VERBATIM_REDACTED: N_("Quote without personal data"),
        "photo_no_people": N_("Photo without people"),
        "ticket_photo": N_("Photo of the ticket"),
        "screenshot": N_("Screenshot"),
        "timestamp_capture": N_("Capture with the time"),
        CALL_LOG: N_("Call log"),
        "menu_map": N_("Map of the menu"),
        "transcript": N_("Transcript"),
        "receipt": N_("Receipt"),
        "audit_record": N_("Audit record"),
        "case": N_("Case"),
        "certificate": N_("Certificate"),
        "contract": N_("Contract"),
        "dashboard": N_("Dashboard"),
        "demo": N_("Demonstration"),
        "document": N_("Document"),
        "interview": N_("Interview"),
        "minutes": N_("Minutes"),
        "record": N_("Record"),
        "report": N_("Report"),
        "roster": N_("Roster"),
        "sample": N_("Sample"),
        "system_view": N_("System view"),
        "training_record": N_("Training record"),
        "walk_through": N_("Walk-through"),
    }
)

# What each is called within a sentence: "Add a note."
NAMES: Mapping[str, Template] = MappingProxyType(
    {
        CLOCK: N_("a stamped time or count"),
        DRAW_LOG: N_("the log of the random draw"),
        NOTE: N_("a note"),
        VERBATIM: N_("the words that were said"),
        VERBATIM_REDACTED: N_("the words that were said, without personal data"),
        "photo_no_people": N_("a photo without people"),
        "ticket_photo": N_("a photo of the queue ticket"),
        "screenshot": N_("a screenshot"),
        "timestamp_capture": N_("a picture that shows the time"),
        CALL_LOG: N_("a picture of the call or message log"),
        "menu_map": N_("the menu map"),
        "transcript": N_("the transcript"),
        "receipt": N_("the receipt"),
        "audit_record": N_("the audit record seen"),
        "case": N_("the case that was shown"),
        "certificate": N_("the certificate seen"),
        "contract": N_("the contract seen"),
        "dashboard": N_("the dashboard seen"),
        "demo": N_("the demonstration seen"),
        "document": N_("the document seen, with its version date"),
        "interview": N_("what was said in the interview"),
        "minutes": N_("the minutes seen"),
        "record": N_("the record seen"),
        "report": N_("the report seen"),
        "roster": N_("the roster seen"),
        "sample": N_("the sample seen"),
        "system_view": N_("what the system showed"),
        "training_record": N_("the training record seen"),
        "walk_through": N_("what the walk-through showed"),
    }
)
