"""How a screen below a visit gets at that visit, and tells whether what was tapped is durable yet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft

from checklists.record.assessment import AnswerValue
from fieldapp.kept import Take
from fieldapp.state import App
from fieldapp.state.visit import Visit
from fieldapp.views.hooks import go, keyed, use_app, use_fields
from fieldapp.views.start import starting

QUICKLY_S = 0.2  # what is durable within this says so by itself; a word of it would cost every tap a picture more
MARK, ROUTE_MARK = "#", "~"  # "PB#2" is a key; in an address the # would start a fragment


def in_route(key: str) -> str:
    """Return a section or question key as it stands in an address."""
    return key.replace(MARK, ROUTE_MARK)


def from_route(part: str) -> str:
    """Return the key of a part of an address."""
    return part.replace(ROUTE_MARK, MARK)


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """The app and the open visit, wrapped so that receiving them does not mean rendering with every change."""

    app: App
    visit: Visit


def when_open(body: Callable[..., ft.Control], *args: object) -> ft.Control:
    """Return `body(Opened, *args)` for the visit the address names, opening it first; a waiting screen until then.

    To be called once in a component that has nothing else: what a body needs, it watches itself with `use_opened`.
    """
    app = use_app("visit")
    wanted = ft.use_route_params().get("id", "")

    async def open_it() -> None:
        if wanted and (app.visit is None or app.visit.assignment.id != wanted):
            await app.open_visit(wanted)

    ft.use_effect(open_it, [wanted])
    if app.visit is None or app.visit.assignment.id != wanted:
        return starting()
    return keyed(wanted, body, Opened(app, app.visit), *args)


def use_opened(opened: Opened, *names: str) -> tuple[App, Visit, Keeping, bool]:
    """Return app, visit, its Keeping, and whether all that was tapped is durable.

    Renders again when one of the visit's attributes `names` is replaced, or the app's notice.
    """
    use_fields(opened.app, "notice", "settings")
    use_fields(opened.visit, *names)
    keeping, durable = use_keeping(opened.visit)
    keeping.app = opened.app
    return opened.app, opened.visit, keeping, durable


def photo_route(take: Take, visit: Visit, here: str) -> str:
    """Return where a photo is looked at; the last part says where it leads back to."""
    parts = {"review": "review", "call": "call", "evidence": "evidence"}
    back = next((back for part, back in parts.items() if here.endswith(f"/{part}")), "question")
    return f"/visit/{visit.assignment.id}/photo/{take.id}/{back if take.question or back != 'question' else 'evidence'}"


class Keeping:
    """Passes what is tapped to the visit and counts what is not durable yet. One per screen; it outlives renders."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.app: App | None = None  # whose phrases are kept; None: nobody's
        self.under_way = 0
        self.show: Callable[[int], None] | None = None

    async def until_durable(self, verb: Awaitable[bool]) -> bool:
        """Wait for a verb of the visit, and say that it is under way where that takes long; return what it returns."""
        self.under_way += 1
        told = asyncio.get_running_loop().call_later(QUICKLY_S, self._tell)
        try:
            return await verb
        finally:
            told.cancel()
            self.under_way -= 1
            self._tell()

    def _tell(self) -> None:
        if self.show:
            self.show(self.under_way)

    async def answer(self, key: str, value: AnswerValue | None) -> bool:
        """Answer a question; return whether it is durable."""
        return await self.until_durable(self.visit.answer(key, value))

    async def confirm(self, key: str) -> bool:
        """Say that an answer stays as it is; return whether that is durable."""
        return await self.until_durable(self.visit.confirm(key))

    async def note(self, key: str, kind: str, words: str) -> bool:
        """Keep the words of one kind of evidence; return whether they are durable."""
        return await self.until_durable(self.visit.note(key, kind, words))

    async def photo(self, raw: bytes, key: str | None, kind: str | None) -> None:
        """Take a picture in, and open it to be looked at before it is kept."""
        app, page = self.app, ft.context.page
        if app is None or not raw:
            await self.until_durable(self.visit.add_photo(raw, key=key, evidence_kind=kind))
            return
        taken: list[Take] = []

        async def begin() -> bool:
            taken.extend(filter(None, [await app.captures.begin(self.visit, raw, key, kind)]))
            return bool(taken)

        if await self.until_durable(begin()):
            go(photo_route(taken[0], self.visit, page.route))

    async def file(self, raw: bytes, content_type: str, key: str | None, kind: str | None) -> None:
        """Keep a file as it came."""
        await self.until_durable(self.visit.add_file(raw, content_type, key=key, evidence_kind=kind))

    async def remove(self, evidence_id: str) -> None:
        """Take a file back."""
        await self.until_durable(self.visit.remove_evidence(evidence_id))


def use_drawn(visit: Visit) -> None:
    """Tell the visit when this screen comes up, and each time it shows what the last tap changed (UNDO-3)."""
    ft.use_effect(lambda: visit.drawn(is_new=True), [])
    ft.use_effect(visit.drawn, [visit.undo])


def use_keeping(visit: Visit) -> tuple[Keeping, bool]:
    """Return the screen's Keeping, and whether all that was tapped is durable."""
    under_way, show = ft.use_state(0)
    keeping = ft.use_memo(lambda: Keeping(visit), [visit])
    keeping.show = show
    return keeping, under_way == 0
