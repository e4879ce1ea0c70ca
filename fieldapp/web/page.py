"""The page around the app: Flet's own index.html with our boot files, our manifest, and no inline script.

Without inline script a strict Content-Security-Policy can stand in the page itself, whatever server delivers it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What the installed app is called. It may be read over a shoulder: it says nothing of what the visits are for."""

    name: str = "Field visits"
    short_name: str = "Visits"
    description: str = "Calls and visits with or without a network; everything is sent when there is one."
    ground: str = "#0b5d66"
    icons: str = "icons"  # of the assets


def looks(name: str = "") -> Looks:
    """Return how an app of a name of its own looks: a plain sheet that says nothing else; "" is the app as it is."""
    if not name:
        return Looks()
    return Looks(name=name, short_name=name, description=name, ground="#e6e3d8", icons="plain_icons")


# connect-src: the sync server may stand elsewhere than the page. style: Flutter sets inline styles. blob: sound.
_DIRECTIVES = (
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' http: https: data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
)
POLICY = "; ".join(_DIRECTIVES)

LOADING = """<div id="loading" role="status">
    <img src="icons/icon-192.png" alt="">
    <div>Opening… 正在開啟…</div>
    <div id="start-problem" role="alert" hidden>
      <p>The app could not start. Reload the page; use a current browser.</p>
      <p>應用程式未能啟動。請重新載入，並使用最新版瀏覽器。</p>
      <code></code>
      <button type="button">Reload 重新載入</button>
    </div>
  </div>"""


class PageChangedError(Exception):
    """Flet's page is not the one these edits were written for: its version must match the pin in pyproject.toml."""


def write_page(site: Path, base: str, looks: Looks) -> None:
    """Turn `site/index.html`, copied from the flet-web package, into the app's page."""
    from flet.controls.types import RouteUrlStrategy, WebRenderer  # noqa: PLC0415 - slow; only a real build needs it
    from flet_web import patch_index_html  # noqa: PLC0415

    index = site / "index.html"
    patch_index_html(
        index_path=str(index),
        base_href=base,
        app_name=looks.name,
        app_description=looks.description,
        pyodide=True,
        pyodide_script_path="main.py",
        app_package_url="app.tar",
        web_renderer=WebRenderer.CANVAS_KIT,
        route_url_strategy=RouteUrlStrategy.HASH,
        no_cdn=True,
    )
    html = index.read_text("utf-8")
    html = _once(r'<base href="[^"]*">', f'<base href="{base}">', html)  # Flet knows no relative one
    settings = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    whole = re.sub(r'"/(\./[^"]*)"', r'new URL("\1", document.baseURI).pathname', "\n".join(settings))
    (site / "settings.js").write_text(whole, "utf-8")
    html = _once(r"(\s*<script>.*?</script>)+", '\n  <script src="settings.js"></script>', html)
    html = re.sub(r"\s*<script>.*?</script>", "", html, flags=re.DOTALL)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    head = f"""<meta charset="UTF-8">
  {policy}
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="theme-color" content="{looks.ground}">
  <link rel="stylesheet" href="page.css">"""
    html = _once(r'<meta charset="UTF-8">', head, html)
    html = _once(r'<div id="loading".*?</div>', LOADING, html)
    scripts = "".join(f'  <script src="{name}.js"></script>\n' for name in ("back", "page", "microphone"))
    html = _once(r"</body>", f"{scripts}</body>", html)
    index.write_text(html, "utf-8")


def write_bootstrap(site: Path) -> None:
    """Take Flutter's own service worker out of the loader: it would replace ours."""
    file = site / "flutter_bootstrap.js"
    file.write_text(_once(r"serviceWorkerSettings:\s*\{.*?\},\n", "", file.read_text("utf-8")), "utf-8")


def write_manifest(site: Path, looks: Looks) -> None:
    """Say to the browser how the app looks when it is installed."""
    icons = [
        {"src": f"icons/icon-{kind}{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for kind, purpose in (("", "any"), ("maskable-", "maskable"))
        for size in (192, 512)
    ]
    manifest = {
        "id": "./",
        "name": looks.name,
        "short_name": looks.short_name,
        "description": looks.description,
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": looks.ground,
        "icons": icons,
    }
    (site / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False), "utf-8")


def _once(pattern: str, replacement: str, text: str) -> str:
    changed, count = re.subn(pattern, lambda _: replacement, text, count=1, flags=re.DOTALL)
    if not count:
        raise PageChangedError(pattern)
    return changed
