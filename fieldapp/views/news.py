"""Which version of the app runs, and the offer to start the one that has arrived."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import flet as ft

from fieldapp import installed
from fieldapp.language import _
from fieldapp.views import kit


def app_version() -> str:
    """Return the version, or "" in the browser, where packages come without their metadata."""
    try:
        return version("mystery-shopper-fieldtool")
    except PackageNotFoundError:
        return ""


def newer_version() -> list[ft.Control]:
    """Return the offer to start again with the version that has arrived; nothing when none has."""
    if not installed.newer_version_is_ready():
        return []
    button = kit.tonal_button(_("Load the newest version"), lambda _e: installed.reload(), "reload")
    message = _("A newer version is ready. Nothing you kept is lost by loading it.")
    return [kit.banner(kit.Tone.FACT, message, [button], key="newer-version")]
