"""The offer to start the version that has arrived."""

from __future__ import annotations

import flet as ft

from fieldapp import installed
from fieldapp.language import _
from fieldapp.views import kit


def newer_version() -> list[ft.Control]:
    """Return the offer to start again with the version that has arrived; nothing when none has."""
    if not installed.newer_version_is_ready():
        return []
    button = kit.tonal_button(_("Load the newest version"), lambda _e: installed.reload(), "reload")
    message = _("A newer version is ready. Nothing you kept is lost by loading it.")
    return [kit.banner(kit.Tone.FACT, message, [button], key="newer-version")]
