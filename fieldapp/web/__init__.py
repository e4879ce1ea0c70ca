"""The installable offline web app: what goes into it, and how it is built. Never runs on the phone.

    from fieldapp.web import BuildError, build
    build(Path("site"))                     # or: fieldapp build site

The folder is then served by any web server under `/app/` (`.br` files lie beside the big ones; `Cache-Control:
no-cache` with an ETag; `.mjs` is text/javascript, `.wasm` application/wasm); for a look, `tests/journeys/site.py` does
it: python tests/journeys/site.py site 8551. Nothing here runs on the phone: the build leaves this package out.
"""

from __future__ import annotations

from fieldapp.web.build import build
from fieldapp.web.errors import BuildError

__all__ = ["BuildError", "build"]
