"""The same app with Python on this machine, for development and for quick tests; the font is the installed app's."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import flet as ft
import uvicorn

from fieldapp.web import site


def asgi_app(assets: Path) -> Any:
    """Return the app for any ASGI server. `assets` is an empty folder that must outlive it."""
    from fieldapp.app import main  # noqa: PLC0415 - the whole app

    fonts = assets / "assets" / "fonts"
    fonts.mkdir(parents=True)
    # Flet registers a Roboto of its own; ours takes its place, for the reason given in site.py.
    site.write_font(fonts / "NotoSansHK.otf")
    site.write_font(fonts / "roboto.woff2")  # read by what it is, not by what it is called
    site.write_fonts(assets / "assets", {family: asset for family, asset in site.FONTS.items() if family != "Roboto"})
    return ft.run(
        main,
        assets_dir=str(assets),
        no_cdn=True,
        web_renderer=ft.WebRenderer.CANVAS_KIT,
        route_url_strategy=ft.RouteUrlStrategy.HASH,
        export_asgi_app=True,
    )


def serve(host: str, port: int) -> None:
    """Serve until interrupted."""
    with tempfile.TemporaryDirectory() as assets:
        uvicorn.run(asgi_app(Path(assets)), host=host, port=port, log_level="warning")
