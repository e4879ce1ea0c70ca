"""What the office takes along of the assessments that a filter lets through: a map, and an archive of files."""

from __future__ import annotations

from collections.abc import Iterator

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Stream

from sync_server.database.queries.assessment_lists import Filter
from sync_server.exchange import media_archive, places
from sync_server.routes.dashboard.assessments import NARROWED, filled
from sync_server.routes.dashboard.page import Asked, services_of, viewed


@get("/assessments/places.geojson", include_in_schema=False, dependencies=NARROWED)
async def places_file(request: Asked, narrowed: NamedDependency[Filter]) -> Stream:
    """Stream branches and visits as GeoJSON."""
    await viewed(request, "assessments-exported", ("assessments", "list"), form="geojson", **filled(narrowed))
    blocks = places.places(services_of(request).database, narrowed)
    return _stream(blocks, places.CONTENT_TYPE, "places.geojson")


@get("/assessments/media.zip", include_in_schema=False, dependencies=NARROWED)
async def media_file(request: Asked, narrowed: NamedDependency[Filter]) -> Stream:
    """Stream photos and sound as a ZIP archive."""
    await viewed(request, "assessments-exported", ("assessments", "list"), form="media", **filled(narrowed))
    services = services_of(request)
    blocks = media_archive.media_archive(services.database, services.media, narrowed)
    return _stream(blocks, media_archive.CONTENT_TYPE, "media.zip")


def _stream(blocks: Iterator[bytes], media_type: str, name: str) -> Stream:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Stream(blocks, media_type=media_type, headers=headers)


ROUTES = [places_file, media_file]
