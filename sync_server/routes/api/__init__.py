"""The devices' API under /api/v1: enrol, changes, assessments, resumable media, receipts."""

from __future__ import annotations

from litestar.config.app import AppConfig

from sync_server.services import Services


def plug(app: AppConfig, services: Services) -> None:
    """Add the API's routes to the app."""
    del app, services
