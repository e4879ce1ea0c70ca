"""Which files of the Flet client and Pyodide the app needs, and how they are laid out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from fieldapp.web import client_log, icons_font, page, screen_change

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
FONT = ASSETS / "NotoSansHK.otf.br"
BOOT = HERE / "boot"
APP_MODULE = "fieldapp.main"

SCRIPT = "main.dart.js"
# Of the Flet client; everything else is for other renderers, CDNs, or controls the app does not use.
CLIENT = (
    "flutter_bootstrap.js",
    "index.html",
    SCRIPT,
    "version.json",
    "canvaskit/canvaskit.js",
    "canvaskit/canvaskit.wasm",
    "canvaskit/chromium/canvaskit.js",
    "canvaskit/chromium/canvaskit.wasm",
    "assets/AssetManifest.bin",
    "assets/AssetManifest.bin.json",
    "assets/packages/record_web/assets/js/record.worklet.js",
    "assets/packages/wakelock_plus/assets/no_sleep.js",
)
ICONS = "assets/fonts/MaterialIcons-Regular.otf"
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
BOOT_FILES = (
    "microphone.js",
    "python.js",
    "python-worker.js",
    "storage.js",
    "turns.js",
    "page.js",
    "back.js",
    "page.css",
    "sw.js",
)
# Flutter's own family is our font too: while a theme fades in, text is still set in Roboto, and each Chinese character
# missing there would be asked of the network again and again.
FONTS = {
    "MaterialIcons": "fonts/MaterialIcons-Regular.otf",
    "Roboto": "fonts/NotoSansHK.otf",
    "Noto Sans HK": "fonts/NotoSansHK.otf",
}


def client_folder() -> Path:
    """Return the folder of the Flet client inside the installed flet-web package."""
    import flet_web  # noqa: PLC0415 - only a build needs it

    return Path(flet_web.get_package_web_dir())


def lay_out(site: Path, base: str, version: str, app_name: str = "") -> None:
    """Copy and patch everything that is not Python into the empty folder `site`; `version` is what the app will say.

    `app_name`: what it is called where it is installed; "" is its own name.
    """
    looks = page.looks(app_name)
    client = client_folder()
    for name in (*CLIENT, "assets/shaders"):
        _copy(client / name, site / name)
    script = site / SCRIPT
    script.write_text(screen_change.at_once(client_log.without_log(script.read_text("utf-8"))), "utf-8")
    for name in PYODIDE:
        _copy(client / "pyodide" / name, site / "pyodide" / name)
    for name in BOOT_FILES:
        _copy(BOOT / name, site / name)
    for icon in sorted((ASSETS / looks.icons).glob("*.png")):
        _copy(icon, site / ("favicon.png" if icon.name == "favicon.png" else f"icons/{icon.name}"))
    icons_font.write(client / ICONS, site / ICONS)
    write_font(site / "assets/fonts/NotoSansHK.otf")
    _copy(FONT, site / "assets/fonts/NotoSansHK.otf.br")  # packed better than a build has the time for
    _copy(ASSETS / "OFL.txt", site / "assets/fonts/OFL.txt")
    write_fonts(site / "assets")
    page.write_page(site, base, looks)
    page.write_bootstrap(site)
    page.write_manifest(site, looks)
    boot = {"module": APP_MODULE, "version": version, "name": looks.name, "lock": _empty_lock(client)}
    (site / "boot.json").write_text(json.dumps(boot), "utf-8")


def write_fonts(assets: Path, fonts: Mapping[str, str] = FONTS) -> None:
    """Register the fonts; with a whole Chinese font at hand Flutter never looks for pieces of one on the network."""
    manifest = [{"family": family, "fonts": [{"asset": asset}]} for family, asset in fonts.items()]
    (assets / "FontManifest.json").write_text(json.dumps(manifest), "utf-8")


def write_font(target: Path) -> None:
    """Write our font unpacked: Flutter would unpack a woff2 several times before its first frame, at every start."""
    import brotli  # noqa: PLC0415 - only a real build needs it

    target.write_bytes(brotli.decompress(FONT.read_bytes()))


def _empty_lock(client: Path) -> str:
    lock = json.loads((client / "pyodide" / "pyodide-lock.json").read_text("utf-8"))
    return json.dumps({**lock, "packages": {}})


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)
