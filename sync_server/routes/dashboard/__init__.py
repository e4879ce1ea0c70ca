"""The dashboard: server-rendered pages for people."""

from __future__ import annotations

from litestar.config.app import AppConfig

from sync_server.services import Services


def plug(app: AppConfig, services: Services) -> None:
    """Add the dashboard's routes, templates and error pages to the app."""
    del app, services
