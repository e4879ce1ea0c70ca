"""The page a phone opens first: the local authority's certificate, and how to trust it, on Android and on iPhone.

It is reached before the phone trusts anything, so it shows the fingerprint that the server's terminal shows too.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException

from sync_server.machine import tls
from sync_server.routes.dashboard.page import Asked, Page, base_url, services_of

AUTHORITY_OF = "authority_of"  # where the app's state has the folder of it, if that is not the data folder
FILE_NAME = "field-tool-authority.crt"


@get("/ca", include_in_schema=False)
async def authority_page(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the steps, or say that this server's certificate needs none."""

    def read() -> Response[str]:
        file = _file(request)
        shown = tls.fingerprint(file) if file.is_file() else None
        return page.html("authority.html", fingerprint=shown, app_url=f"{base_url(request)}/app/")

    return await asyncio.to_thread(read)


@get("/ca/authority.crt", include_in_schema=False)
async def authority_certificate(request: Asked) -> Response[bytes]:
    """Download the authority's certificate, in the form phones offer to install."""
    file = _file(request)
    if not file.is_file():
        raise NotFoundException("this server has no authority of its own")
    return Response(
        await asyncio.to_thread(tls.as_der, file),
        media_type="application/x-x509-ca-cert",
        headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'},
    )


def _file(request: Asked) -> Path:
    # Of a server of several editions it is the root's.
    folder: Path = request.app.state.get(AUTHORITY_OF, services_of(request).config.data_dir)
    return folder / tls.FOLDER / tls.AUTHORITY


ROUTES = [authority_page, authority_certificate]
