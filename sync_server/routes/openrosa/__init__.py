"""The door of ODK Collect and its kin: forms out and submissions in, under /openrosa, for one assessor."""

from __future__ import annotations

from litestar import Router
from litestar.config.app import AppConfig

from sync_server.routes.openrosa import failures, service


def plug(app: AppConfig) -> None:
    """Add the door to the app."""
    app.route_handlers.append(
        Router(failures.ROOT, route_handlers=service.ROUTES, exception_handlers=failures.HANDLERS)
    )
