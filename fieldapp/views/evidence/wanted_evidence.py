"""The evidence one question wants, each kind a chip that turns green; more of it behind one quiet sign.

Words are kept a moment after they were typed, when the thumb is on its way to the next tap: nothing may move by then.
So a card with an open field is as high before its words are kept as after, and a chip as wide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import flet as ft

from checklists.forms.evidence_kinds import KEEPERS, NOTE, Keeper
from checklists.record.assessment import Evidence
from fieldapp.language import _, fill
from fieldapp.state.choices import LONGEST_PHRASE
from fieldapp.views import kit, words
from fieldapp.views.evidence.pick_button import PickButton, Source
from fieldapp.views.hooks import keyed
from fieldapp.views.questions import named
from fieldapp.views.questions.chips import chip, phrase_chips
from fieldapp.views.questions.words_field import WordsField
from fieldapp.views.visit_hooks import Keeping

PHOTO = "photo_no_people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a question wants beside its answer, and what is there."""

    key: str
    kinds: tuple[str, ...]
    notes: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    app_keeps: tuple[tuple[str, bool], ...] = ()
    locked: bool = False
    shared: frozenset[str] = frozenset()  # kinds that the whole visit has already
    phrases: tuple[str, ...] = ()
    adding: bool = False  # a note and a photo may be added too
    due: bool = True  # it is answered: what is missing is loud

    @property
    def words(self) -> tuple[str, ...]:
        """The kinds that are written."""
        return tuple(kind for kind in self.kinds if KEEPERS.get(kind) is Keeper.WORDS)

    @property
    def files(self) -> tuple[str, ...]:
        """The kinds that are pictures or files."""
        return tuple(kind for kind in self.kinds if KEEPERS.get(kind) is not Keeper.WORDS)

    @property
    def written(self) -> dict[str, str]:
        """The words that are there, by kind."""
        return dict(self.notes)


@ft.component
def WantedEvidence(wanted: Wanted, keeping: Keeping) -> ft.Control:
    """What is wanted as chips, words as fields once they are begun, and what may be added."""
    opened, set_opened = ft.use_state("")
    fields: list[str] = ft.use_memo(list, [])  # once shown it stays: it must not go while it is typed empty
    fields += [kind for kind in dict.fromkeys((*wanted.written, opened)) if kind and kind not in fields]

    chips = _chips(wanted, keeping, set_opened)
    asked = (*(wanted.words if wanted.due else ()), *((NOTE,) if wanted.adding else ()))
    empty = next((kind for kind in asked if kind not in fields), "")
    if empty and not opened and not wanted.locked:
        chips += phrase_chips(wanted.key, wanted.phrases, partial(keeping.note, wanted.key, empty))
    rows: list[ft.Control] = [kit.flow(chips)] if chips else []
    rows += [keyed(f"field-{kind}", *_field(wanted, kind, keeping, begin=kind == opened)) for kind in fields]
    if wanted.adding and not wanted.locked:
        rows.append(kit.flow(_more(wanted, fields, keeping, set_opened)))
    if wanted.evidence:
        rows.append(kit.quiet(fill("Files attached: {count}", count=len(wanted.evidence))))
    return kit.stack(rows)


def _chips(wanted: Wanted, keeping: Keeping, open_field: Callable[[str], None]) -> list[ft.Control]:
    written, due = wanted.written, wanted.due
    chips = [_kept_by_app(kind, there) for kind, there in wanted.app_keeps]
    chips += [
        _words_chip(wanted.key, kind, _tone(bool(written.get(kind)), due), wanted.locked, open_field)
        for kind in wanted.words
    ]
    if not wanted.locked:
        chips += [button for kind in wanted.files for button in _pick(wanted, kind, keeping, required=True)]
    return chips


def _field(wanted: Wanted, kind: str, keeping: Keeping, *, begin: bool) -> tuple[Any, ...]:
    """Return the field of one kind of words, as `keyed` draws it."""
    words = wanted.written.get(kind, "")
    return (
        WordsField,
        _field_name(wanted.key, kind, required=kind in wanted.kinds),
        words,
        partial(keeping.note, wanted.key, kind),
        f"words-{wanted.key}-{kind}",
        _("Their words, without names or numbers of people.") if kind != NOTE else "",
        wanted.locked,
        begin and not words,
    )


def _more(
    wanted: Wanted, fields: Sequence[str], keeping: Keeping, open_field: Callable[[str], None]
) -> list[ft.Control]:
    """Return what may be added to any question."""
    key = wanted.key
    buttons: list[ft.Control] = []
    if NOTE in fields:
        buttons.append(_keep_as_phrase(wanted, keeping))
    else:
        label = _("Add note")
        name = named(label, key)
        buttons.append(
            kit.text_button(label, lambda _e: open_field(NOTE), f"add-note-{key}", name=name, icon=ft.Icons.EDIT_NOTE)
        )
    if not any("photo" in kind for kind in wanted.files):
        buttons += _pick(wanted, PHOTO, keeping, required=False)
    return buttons


def _kept_by_app(kind: str, there: bool) -> ft.Control:
    tone, sign = (kit.Tone.GOOD, ft.Icons.CHECK) if there else (kit.Tone.PLAIN, ft.Icons.HOURGLASS_EMPTY)
    return kit.pill(words.evidence_name(kind), tone, sign)


def _needed(kind: str) -> str:
    return fill("{evidence} needed", evidence=words.evidence_name(kind))


def _tone(there: bool, due: bool) -> kit.Tone:
    return kit.Tone.GOOD if there else kit.Tone.CAUTION if due else kit.Tone.PLAIN


def _words_chip(key: str, kind: str, tone: kit.Tone, locked: bool, open_field: Callable[[str], None]) -> ft.Control:
    there = tone is kit.Tone.GOOD
    label = words.evidence_name(kind) if there else _needed(kind)
    sign = ft.Icons.CHECK if there else ft.Icons.NOTES
    tap = None if locked else lambda _e: open_field(kind)
    return chip(
        label, tap, f"wanted-{key}-{kind}", name=named(label, key), tone=tone, icon=sign, as_wide_as=_needed(kind)
    )


def _field_name(key: str, kind: str, *, required: bool) -> str:
    name = words.evidence_name(kind)
    return named(f"{name} {_('(required)')}" if required else name, key)


def _keep_as_phrase(wanted: Wanted, keeping: Keeping) -> ft.Control:
    """Return the way to keep a short note as a phrase, which works once there is one."""
    key, text, app = wanted.key, wanted.written.get(NOTE, ""), keeping.app
    label = _("Keep as a phrase")
    can_be = 0 < len(text) <= LONGEST_PHRASE and text not in wanted.phrases

    async def keep(_event: object) -> None:
        if app is not None:
            await app.keep_phrase(text)

    return kit.text_button(
        label,
        keep,
        f"keep-phrase-{key}",
        name=named(label, key),
        icon=ft.Icons.BOOKMARK_ADD,
        disabled=not can_be,
    )


def _pick(wanted: Wanted, kind: str, keeping: Keeping, *, required: bool) -> list[ft.Control]:
    key = wanted.key

    async def picked(data: bytes, content_type: str, _name: str) -> None:
        if content_type.startswith("image/"):
            await keeping.photo(data, key, kind)
        else:
            await keeping.file(data, content_type, key, kind)

    done = kind in wanted.shared or any(file.evidence_kind == kind for file in wanted.evidence)
    name = words.evidence_name(kind) if required else _("Add photo")
    is_photo = "photo" in kind
    button = PickButton(
        _needed(kind) if required and not done else name,
        named(name, key),
        f"pick-{key}-{kind}",
        ft.Icons.PHOTO_CAMERA,
        picked,
        Source.CAMERA if is_photo else Source.FILES,
        done=done,
        make=partial(chip, tone=_tone(done, wanted.due)) if required else kit.text_button,
    )
    if not (is_photo and required):
        return [button]
    gallery = _("From the gallery")
    other = named(f"{name}: {gallery}", key)
    sign = ft.Icons.PHOTO_LIBRARY
    return [button, PickButton(_("Gallery"), other, f"gallery-{key}-{kind}", sign, picked, Source.GALLERY, make=chip)]
