"""The browser's Python packages: fetched once by pip for Pyodide's platform, then thinned to what the app needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from checklists.language import N_, sentence
from fieldapp.web.errors import BuildError

WHEELS = Path(__file__).parent / "wheels.txt"
PLATFORM = "pyemscripten_2026_0_wasm32"
PYTHON = "3.14"
LONGEST_WAIT_S = 240

# Whole packages and parts that only servers, tests or native builds use.
DROPPED = frozenset({"bin", "flutter", "flet/testing", "flet/fastapi", "flet/pytest_plugin.py", "flet/cli.py"})
DROPPED_NAMES = frozenset({"__pycache__", "tests"})
DROPPED_ENDS = (".pyi", ".typed", ".dist-info", ".md", ".h", ".pxd", ".pyx", ".c", ".exe")
# Time zones: the season's rules name places in Asia; the rest of the world would be 500 more files to unpack.
ZONES_KEPT = frozenset({"Asia", "Etc", "UTC", "GMT", "tzdata.zi", "__init__.py"})


def vendor(target: Path) -> None:
    """Put the pinned packages into the empty folder `target`, thinned.

    Raises:
        BuildError: "package-index-unreachable", or "packages-missing" when pip says anything else.
    """
    raw = target.with_name(target.name + ".raw")
    shutil.rmtree(raw, ignore_errors=True)
    try:
        _pip(raw)
        thin(raw, target)
    finally:
        shutil.rmtree(raw, ignore_errors=True)


def _pip(target: Path) -> None:
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"),
        *("--retries", "2", "--timeout", "20", "--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes"),
        *("--platform", PLATFORM, "--python-version", PYTHON, "--implementation", "cp"),
        *("--target", str(target), "--requirement", str(WHEELS)),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own list
            command, capture_output=True, text=True, timeout=LONGEST_WAIT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _unreachable() from error
    if done.returncode == 0:
        return
    if "No module named pip" in done.stderr:
        raise BuildError(
            "pip-missing",
            sentence(
                N_("The field app cannot be built: this Python has no pip. Run “python -m ensurepip”, then again.")
            ),
        )
    if _is_about_the_network(done.stderr):
        raise _unreachable()
    last = next((line for line in reversed(done.stderr.splitlines()) if line.startswith("ERROR")), done.stderr.strip())
    raise BuildError(
        "packages-missing",
        sentence(N_("The field app cannot be built: pip could not fetch its packages. It says: {said}"), said=last),
    )


def _is_about_the_network(output: str) -> bool:
    signs = ("NewConnectionError", "ConnectTimeout", "ReadTimeout", "NameResolutionError", "Connection refused")
    nothing_found = "(from versions: none)" in output
    return nothing_found or any(sign in output for sign in (*signs, "ProxyError", "SSLError", "ConnectionResetError"))


def _unreachable() -> BuildError:
    return BuildError(
        "package-index-unreachable",
        sentence(
            N_(
                "The first build of the field app needs the Python package index, which cannot be reached. "
                "Connect to the internet (or set PIP_INDEX_URL to a mirror) and try again; later builds work offline."
            )
        ),
    )


def thin(raw: Path, target: Path) -> None:
    """Copy `raw` to `target` without what the app never imports."""

    def dropped(folder: str, names: list[str]) -> list[str]:
        here = Path(folder).relative_to(raw)
        if here.as_posix() == "tzdata/zoneinfo":
            return [name for name in names if name not in ZONES_KEPT]
        return [
            name
            for name in names
            if name in DROPPED_NAMES or name.endswith(DROPPED_ENDS) or (here / name).as_posix() in DROPPED
        ]

    shutil.copytree(raw, target, ignore=dropped)
