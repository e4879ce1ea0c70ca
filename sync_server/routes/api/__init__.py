"""The devices' API under /api/v1: enrol, changes, assessments, resumable media, acknowledgements."""

from __future__ import annotations

from litestar import Router
from litestar.config.app import AppConfig

from sync_server.routes.api import assessments, changes, counter, enrol, failures, media, push
from sync_server.services import Services

PREFIX = "/api/v1"


def plug(app: AppConfig, services: Services) -> None:
    """Add the API's routes to the app."""
    app.route_handlers.append(
        Router(
            PREFIX,
            route_handlers=[
                enrol.enrol_device,
                changes.list_changes,
                push.put_assessment,
                assessments.get_receipt,
                counter.put_counter_answer,
                media.router(services.config),
            ],
            exception_handlers=failures.HANDLERS,
            request_max_body_size=services.config.max_body_bytes,
        )
    )
