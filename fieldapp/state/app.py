"""The whole app: who is signed in, what is to do, what is on its way, what was chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import flet as ft

from checklists.language import Language, Sentence
from fieldapp.kept import Device, Line, SetAside, Settings, Space
from fieldapp.ports import Ports
from fieldapp.state.notices import Notice
from fieldapp.state.rows import Due, SyncItem, VisitRow
from fieldapp.state.visit import Visit


class Phase(StrEnum):
    """Which screen the app as a whole is on."""

    STARTING = "starting"
    BLOCKED = "blocked"  # `blocked` says why: open in another tab, or no storage
    ENROL = "enrol"
    READY = "ready"


@dataclass(eq=False)
class App(ft.Observable):
    """Observable. `App(ports, origin="https://host")`, then `await app.start()`."""

    ports: Ports = field(repr=False)
    origin: str = ""  # where the app was loaded from: the server, unless the settings name another
    phase: Phase = Phase.STARTING
    blocked: Sentence | None = None
    notice: Notice | None = None
    settings: Settings = field(default_factory=Settings)
    device: Device | None = None
    rows: tuple[VisitRow, ...] = ()  # grouped: sorted by group, then due
    visit: Visit | None = None  # the one that is open
    line: Line = field(default_factory=Line)
    items: tuple[SyncItem, ...] = ()  # finished assessments: unsent first
    space: Space = field(default_factory=lambda: Space(used_bytes=0))
    freeable_bytes: int = 0  # media of safe assessments
    set_aside: tuple[SetAside, ...] = ()

    @property
    def groups(self) -> tuple[tuple[Due, tuple[VisitRow, ...]], ...]:
        """Return the rows by group, empty groups left out, in the order of `Due`."""
        raise NotImplementedError

    @property
    def unsent(self) -> int:
        """How many assessments on this device are not safe on the server, drafts included."""
        raise NotImplementedError

    @property
    def server(self) -> str:
        """The server's address in use."""
        raise NotImplementedError

    async def start(self) -> bool:
        """Open the storage and show what is there; begins to sync when enrolled. Never raises AppError."""
        raise NotImplementedError

    async def enrol(self, code: str) -> bool:
        """Enrol this device with a one-time code (or the whole enrolment link). What is on the device stays."""
        raise NotImplementedError

    async def open_visit(self, assignment_id: str) -> bool:
        """Show an assignment's assessment in `visit`, not yet stored while nothing was entered."""
        raise NotImplementedError

    async def close_visit(self) -> bool:
        """Leave it; everything is kept already."""
        raise NotImplementedError

    async def sync_now(self) -> bool:
        """Try now, waiting times forgotten."""
        raise NotImplementedError

    async def retry(self, assessment_id: str) -> bool:
        """Send a refused assessment again: the coordinator has put something right."""
        raise NotImplementedError

    async def choose_language(self, language: Language) -> bool:
        """Switch at once."""
        raise NotImplementedError

    async def choose_text_size(self, percent: int) -> bool:
        """Between 80 and 200 percent."""
        raise NotImplementedError

    async def choose_theme(self, theme: str) -> bool:
        """One of system, light, dark."""
        raise NotImplementedError

    async def choose_server(self, address: str) -> bool:
        """Another server; "" for the app's own origin. False with a notice when it is no http(s) address."""
        raise NotImplementedError

    async def measure(self) -> bool:
        """Refresh `space` and `freeable_bytes`."""
        raise NotImplementedError

    async def free_space(self) -> bool:
        """Remove media of safe assessments from the device; the records stay."""
        raise NotImplementedError

    async def export(self) -> bytes:
        """Return a zip of everything unsent: records, media, manifest. Having it allows signing out."""
        raise NotImplementedError

    async def sign_out(self) -> bool:
        """Forget everything. False with a notice while unsent work is neither safe nor exported as it stands now."""
        raise NotImplementedError

    async def dismiss(self) -> bool:
        """The notice was read."""
        raise NotImplementedError
