"""A button that opens camera, gallery or files inside the tap itself: the only way that works on every phone.

A picker for any picture opens the camera (web/boot/page.js); one for the files pictures come in opens the gallery.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable
from enum import StrEnum

import flet as ft

from fieldapp import theme
from fieldapp.views import kit

# Receives the bytes, their content type, and the name of the file.
OnFile = Callable[[bytes, str, str], Awaitable[None]]

PICTURES = ("jpg", "jpeg", "png", "heic", "heif", "webp")


class Source(StrEnum):
    """Where a file is taken from."""

    CAMERA = "camera"
    GALLERY = "gallery"
    FILES = "files"


_TYPES = {
    Source.CAMERA: ft.FilePickerFileType.IMAGE,
    Source.GALLERY: ft.FilePickerFileType.CUSTOM,
    Source.FILES: ft.FilePickerFileType.ANY,
}


@ft.component
def PickButton(
    label: str,
    name: str,
    button_key: str,
    icon: ft.IconData,
    on_file: OnFile,
    source: Source = Source.CAMERA,
    done: bool = False,
    make: Callable[..., ft.Control] = kit.side_button,
) -> ft.Control:
    """One button that takes one file. `done`: something is there already; the button then adds another."""
    latest = ft.use_memo(lambda: [on_file], [])
    latest[0] = on_file

    async def picked(event: ft.FilePickerResultEvent) -> None:
        for file in event.files or ():
            if file.bytes:
                await latest[0](file.bytes, type_by_name(file.name), file.name)

    # Its handler must be given when it is made: one given later never reaches the client.
    picker = ft.use_memo(lambda: ft.FilePicker(on_result=picked), [])
    return make(
        label,
        None,
        button_key,
        name=name,
        icon=ft.Icon(ft.Icons.CHECK if done else icon, size=theme.ICON_SMALL),
        action=ft.PickFiles(
            picker,
            file_type=_TYPES[source],
            allowed_extensions=list(PICTURES) if source is Source.GALLERY else None,
            with_data=True,
        ),
    )


def type_by_name(name: str) -> str:
    """Return what a file's name says it is."""
    if name.lower().endswith((".heic", ".heif")):
        return "image/heic"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
