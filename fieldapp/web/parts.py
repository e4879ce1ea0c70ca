"""The Python of the web app as three archives, each rebuilt only when what goes into it changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fieldapp.web import archive, library, site, wheels
from fieldapp.web.compiled import SCRIPT, Job, compile_all

ROOT = Path(__file__).parent.parent.parent
# The phone never builds itself, has no terminal and no disk, and its preparers of pictures and sound are the browser's.
LEFT_OUT = (
    *("fieldapp/web/", "fieldapp/__main__.py", "checklists/__main__.py", "checklists/workbook/"),
    *("checklists/forms/xlsform/", "checklists/forms/toml_out.py"),
    *("checklists/forms/drafting.py", "checklists/forms/differences.py"),
    *(
        "fieldapp/media/photos.py",
        "fieldapp/media/audio.py",
        "fieldapp/storage/files.py",
        "fieldapp/sync/door_requests.py",
    ),
)
READY_MADE = Path(__file__).with_name("ready_made.py")
DATA = (".toml", ".mo", ".json")


def sources() -> Iterator[tuple[str, Path]]:
    """Yield name and path of every file of ours that goes to the browser, in a fixed order."""
    return ((name, path) for name, path in files_of_ours() if not name.startswith(LEFT_OUT))


def files_of_ours() -> Iterator[tuple[str, Path]]:
    """Yield name and path of every file of the app and of what it shares with the server, in a fixed order."""
    for package in ("checklists", "fieldapp"):
        for path in sorted((ROOT / package).rglob("*")):
            if (path.suffix == ".py" or path.suffix in DATA) and path.is_file():
                yield path.relative_to(ROOT).as_posix(), path


def digest(*pieces: bytes) -> str:
    """Return one short name for all of `pieces`."""
    whole = hashlib.sha256()
    for piece in pieces:
        whole.update(len(piece).to_bytes(8, "big") + piece)
    return whole.hexdigest()[:20]


def own_digest() -> str:
    """Return the digest of `app.tar`'s inputs."""
    pieces = (piece for name, path in sources() for piece in (name.encode(), path.read_bytes()))
    return digest(packages_digest().encode(), *pieces)


def packages_digest() -> str:
    """Return the digest of `packages.tar`'s inputs."""
    return digest(*_compiler(), *(path.read_bytes() for path in (wheels.WHEELS, Path(wheels.__file__), READY_MADE)))


def library_digest() -> str:
    """Return the digest of the standard library's inputs."""
    return digest(*_compiler(), Path(library.__file__).read_bytes())


def _compiler() -> tuple[bytes, bytes]:
    # Of the big engine files the size is enough: another release of flet-web never keeps all of them.
    pyodide = site.client_folder() / "pyodide"
    sizes = [(path.name, path.stat().st_size) for path in sorted(pyodide.iterdir())]
    return SCRIPT.read_bytes(), repr(sizes).encode()


def make(cache: Path) -> dict[str, Path]:
    """Return the archives by their name in the site, compiling what `cache` lacks. Safe to run twice at once.

    Raises:
        BuildError: packages cannot be fetched, or compiling failed.
    """
    wanted = {
        "app.tar": cache / f"app-{own_digest()}.tar",
        "packages.tar": cache / f"packages-{packages_digest()}.tar",
        "pyodide/python_stdlib.zip": cache / f"library-{library_digest()}.zip",
    }
    missing = [name for name, path in wanted.items() if not path.exists()]
    if missing:
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            _compile(Path(scratch), wanted, missing)
    _forget_older(cache, wanted.values())
    return wanted


def _compile(scratch: Path, wanted: dict[str, Path], missing: Sequence[str]) -> None:
    pyodide = site.client_folder() / "pyodide"
    jobs = {}
    packages = scratch / f"out{missing.index('packages.tar')}" if "packages.tar" in missing else scratch / "packages"
    if "packages.tar" not in missing:
        with tarfile.open(wanted["packages.tar"]) as made:
            made.extractall(packages, filter="data")
    for number, name in enumerate(missing):
        source, out = scratch / f"source{number}", scratch / f"out{number}"
        out.mkdir()
        if name == "app.tar":
            for path_name, path in sources():
                (source / path_name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, source / path_name)
        elif name == "packages.tar":
            wheels.vendor(source)
            shutil.copyfile(READY_MADE, source / READY_MADE.name)
        else:
            with zipfile.ZipFile(pyodide / "python_stdlib.zip") as whole:
                whole.extractall(source)  # noqa: S202 - of the installed package
            library.prune(source)
        jobs[name] = Job(source, out, 2 if name == "packages.tar" else 0, packages if name == "app.tar" else None)
    compile_all(pyodide, list(jobs.values()))
    for name, job in jobs.items():
        built = scratch / wanted[name].name
        (archive.stored_zip if name.endswith(".zip") else archive.tar)(job.out, built)
        os.replace(built, wanted[name])  # noqa: PTH105 - atomic, also over a file another build just made


def _forget_older(cache: Path, kept: Iterable[Path]) -> None:
    kept = set(kept)
    for pattern in ("app-*.tar", "packages-*.tar", "library-*.zip"):
        for path in cache.glob(pattern):
            if path not in kept:
                path.unlink(missing_ok=True)
