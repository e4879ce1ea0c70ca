"""The door of spreadsheets and statistics programs: OData 4.01 under /odata/v4, to be read alone."""

from __future__ import annotations

from litestar import Router
from litestar.config.app import AppConfig

from sync_server.routes.odata import failures, service


def plug(app: AppConfig) -> None:
    """Add the door to the app."""
    app.route_handlers.append(
        Router(failures.ROOT, route_handlers=service.ROUTES, exception_handlers=failures.HANDLERS)
    )
