"""A file that leaves the app: by the phone's own sheet, or saved where there is none."""

from __future__ import annotations

import flet as ft

ZIP, TEXT = "application/zip", "text/plain"


class Way:
    """Made while a screen is drawn: what hands a file over belongs to its page."""

    def __init__(self) -> None:
        self._share, self._picker = ft.Share(), ft.FilePicker()

    async def send(self, data: bytes, name: str, content_type: str) -> bool:
        """Return whether the file left the app."""
        try:
            done = await self._share.share_files(
                [ft.ShareFile.from_bytes(data, mime_type=content_type, name=name)], download_fallback_enabled=True
            )
        except RuntimeError:  # a browser without sharing of files
            return await self._picker.save_file(file_name=name, src_bytes=data) is not None
        return done.status is not ft.ShareResultStatus.DISMISSED


def use_way() -> Way:
    """Return the way out of the screen being drawn."""
    return ft.use_memo(Way, [])
