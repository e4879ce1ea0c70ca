"""Answers in words: kept when typing pauses and when the field is left, so that a kill costs a breath, not a text.

Words that could not be kept stay in the field, and are tried again with the next key, and when field or page is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import flet as ft

from checklists.glyphs import undrawn
from fieldapp.language import _, fill
from fieldapp.views import kit
from fieldapp.views.hooks import keyed
from fieldapp.views.questions.chips import phrase_chips
from fieldapp.views.questions.choices import not_applicable
from fieldapp.views.questions.question_item import OnAnswer, QuestionItem, named

PAUSE_S = 0.6
Keep = Callable[[str], Awaitable[bool]]  # whether the words are durable now


class Typing:
    """Half-typed words of one field, and when they are kept."""

    def __init__(self, kept: str) -> None:
        self.kept = kept
        self.typed = kept
        self._given = kept  # what was last handed over: kept already, or on its way

    async def pause(self, keep: Keep) -> None:
        """Keep the words if nothing more is typed for a moment."""
        before = self.typed
        await asyncio.sleep(PAUSE_S)
        if self.typed == before:
            await self.leave(keep)

    async def leave(self, keep: Keep) -> None:
        """Keep the words now, unless they are kept already or on their way."""
        words = self.typed
        if words == self._given:
            return
        self._given = words
        durable = False
        try:
            durable = await keep(words)
        finally:
            if durable:
                self.kept = words
            elif self._given == words:
                self._given = self.kept


@ft.component
def WordsField(
    name: str,
    kept: str,
    on_keep: Keep,
    field_key: str,
    helper: str = "",
    locked: bool = False,
    begin: bool = False,
) -> ft.Control:
    """A field for some sentences. `on_keep` receives the whole text each time typing pauses. `begin`: type at once."""
    typing: Typing = ft.use_memo(lambda: Typing(kept), [])

    async def changed(event: ft.Event[ft.TextField]) -> None:
        typing.typed = event.control.value
        await typing.pause(on_keep)

    async def left(_event: object = None) -> None:
        await typing.leave(on_keep)

    ft.on_unmounted(left)
    boxes = len(undrawn(kept))
    said = fill("Characters that this app draws as boxes, though they are kept and sent: {count}.", count=boxes)
    return ft.TextField(
        key=field_key,
        label=name,
        value=typing.typed,
        multiline=True,
        min_lines=1,
        max_lines=8,
        helper="\n".join(filter(None, (helper, said if boxes else ""))) or None,
        helper_max_lines=5,
        read_only=locked,
        autofocus=begin,
        on_change=changed,
        on_blur=left,
        border=ft.OutlineInputBorder(),
    )


@ft.component
def TextQuestion(item: QuestionItem, on_answer: OnAnswer) -> ft.Control:
    """The assessor's own words, never scored; a phrase tapped is added to them."""
    added, set_added = ft.use_state(0)
    least = item.question.min_chars
    kept = str(item.value or "")

    async def keep(text: str) -> bool:
        return await on_answer(item.key, text.strip() or None)

    async def add(phrase: str) -> None:
        if await keep(f"{kept} {phrase}"):
            set_added(added + 1)

    helper = fill("At least {count} characters, no names or numbers of people.", count=least) if least else ""
    label = named(_("In your own words"), item.key)
    left = [phrase for phrase in item.phrases if phrase not in kept]
    field = keyed(f"own-{item.key}-{added}", WordsField, label, kept, keep, f"text-{item.key}", helper, item.locked)
    chips = [] if item.locked else phrase_chips(item.key, left, add)
    return kit.stack([field, *([kit.flow(chips)] if chips else []), *not_applicable(item, on_answer)])
