"""The evidence one question wants: a field for words, a button for pictures, a sign for what the app keeps itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from checklists.forms.evidence_kinds import KEEPERS, NOTE, Keeper
from checklists.record.assessment import Evidence
from fieldapp.language import _, fill
from fieldapp.views import kit, words
from fieldapp.views.evidence.pick_button import PickButton, Source
from fieldapp.views.questions.words_field import WordsField
from fieldapp.views.visit_hooks import Keeping

PHOTO = "photo_no_people"


@ft.component
def WantedEvidence(
    key: str,
    wanted: Sequence[str],
    notes: Sequence[tuple[str, str]],
    evidence: Sequence[Evidence],
    app_keeps: Sequence[tuple[str, bool]],
    keeping: Keeping,
    locked: bool,
    shared: frozenset[str] = frozenset(),
) -> ft.Control:
    """What is wanted stands open; a note and a photo may be added to any question."""
    adding, set_adding = ft.use_state(False)
    written = dict(notes)
    fields = [kind for kind in wanted if KEEPERS.get(kind) is Keeper.WORDS]
    fields += [kind for kind in written if kind not in fields]
    if adding and NOTE not in fields:
        fields.append(NOTE)
    files = [kind for kind in wanted if KEEPERS.get(kind) is not Keeper.WORDS]
    kept = [
        kit.pill(words.evidence_name(kind), kit.Tone.GOOD if there else kit.Tone.PLAIN, _sign(there))
        for kind, there in app_keeps
    ]
    rows: list[ft.Control] = [kit.flow(kept)] if kept else []
    rows += [_words(key, kind, written.get(kind, ""), keeping, kind in wanted, locked) for kind in fields]
    if not locked:
        buttons = [
            button
            for kind in files
            for button in _pick(key, kind, evidence, keeping, required=True, there=kind in shared)
        ]
        if NOTE not in fields:
            label = _("Add note")
            buttons.append(
                kit.text_button(
                    label,
                    lambda _e: set_adding(True),
                    f"add-note-{key}",
                    name=f"{key} {label}",
                    icon=ft.Icons.EDIT_NOTE,
                )
            )
        if not any("photo" in kind for kind in files):
            buttons += _pick(key, PHOTO, evidence, keeping, required=False)
        rows.append(kit.flow(buttons))
    if evidence:
        rows.append(kit.quiet(fill("Files attached: {count}", count=len(evidence))))
    return kit.stack(rows)


def _sign(there: bool) -> ft.IconData:
    return ft.Icons.CHECK if there else ft.Icons.HOURGLASS_EMPTY


def _words(key: str, kind: str, kept: str, keeping: Keeping, required: bool, locked: bool) -> ft.Control:
    name = f"{key} {words.evidence_name(kind)}"
    if required:
        name += f" {_('(required)')}"
    helper = _("Their words, without names or numbers of people.") if kind != NOTE else ""
    return WordsField(name, kept, partial(keeping.note, key, kind), f"words-{key}-{kind}", helper, locked)


def _pick(
    key: str, kind: str, evidence: Sequence[Evidence], keeping: Keeping, *, required: bool, there: bool = False
) -> list[ft.Control]:
    async def picked(data: bytes, content_type: str, _name: str) -> None:
        if content_type.startswith("image/"):
            await keeping.photo(data, key, kind)
        else:
            await keeping.file(data, content_type, key, kind)

    done = there or any(file.evidence_kind == kind for file in evidence)
    label = words.evidence_name(kind) if required else _("Add photo")
    shown = f"{label} {_('(required)')}" if required and not done else label
    is_photo = "photo" in kind
    button = PickButton(
        shown,
        f"{key} {label}",
        f"pick-{key}-{kind}",
        ft.Icons.PHOTO_CAMERA,
        picked,
        Source.CAMERA if is_photo else Source.FILES,
        done=done,
        make=kit.side_button if required else kit.text_button,
    )
    if not (is_photo and required):
        return [button]
    gallery = _("From the gallery")
    name = f"{key} {label}: {gallery}"
    return [
        button,
        PickButton(
            gallery,
            name,
            f"gallery-{key}-{kind}",
            ft.Icons.PHOTO_LIBRARY,
            picked,
            Source.GALLERY,
            make=kit.text_button,
        ),
    ]
