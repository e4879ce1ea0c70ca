"""Building the installable field app: when missing or stale, once for each code, one process at a time."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from checklists.language import N_, Sentence, SentenceError, sentence
from sync_server.config import Config

KEPT_BUILDS = 3  # older ones, beside the current


class NotBuiltError(SentenceError):
    """The app could not be built."""


def cache_folder(config: Config) -> Path:
    """Return where built apps are kept on this machine: the setting `app_dir`, else the person's cache folder."""
    return Path(config.app_dir) if config.app_dir else user_cache_path("mystery-shopper-fieldtool", appauthor=False)


def site_folder(cache: Path, name: str = "") -> Path:
    """Return the folder below `cache` for the app as this installation's code builds it now, called `name`.

    Another code is another folder: a server that runs goes on serving its own while a newer one builds beside it.
    """
    from fieldapp.web.build import inputs_digest  # noqa: PLC0415 - see built_app

    return cache / f"{_installation()}-{inputs_digest(name=name)[:12]}"


def _installation() -> str:
    return f"app-{hashlib.sha256(str(Path(__file__).parents[1]).encode()).hexdigest()[:8]}"


def _forget_old(cache: Path, current: Path) -> None:
    builds = sorted(cache.glob(f"{_installation()}-*"), key=lambda folder: folder.lstat().st_mtime, reverse=True)
    for old in [folder for folder in builds if folder != current][KEPT_BUILDS:]:
        shutil.rmtree(old, ignore_errors=True)  # the next start tries again


def built_app(cache: Path, say: Callable[[Sentence], None], name: str = "") -> Path:
    """Return a folder below `cache` with the app as this version of the code builds it; `say` is given progress.

    `name`: the setting `app_name`, what phones call it; "" is its own name.

    Unchanged it costs well under a second. Safe to repeat, after a build that was cut short, and from several
    processes: they take turns. Each installation has its own folders, of which a few older ones stay for servers that
    still run; what they are made from is shared.

    Raises:
        NotBuiltError: the package index cannot be reached, the disk is full, ...
    """
    # Building needs the whole tool chain; a server that only serves should not load it.
    from fieldapp.web.build import build  # noqa: PLC0415
    from fieldapp.web.errors import BuildError  # noqa: PLC0415

    try:
        target = site_folder(cache, name)
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / "building.lock"):  # the system ends the turn of a process that dies
            if build(target, on_progress=say, cache=cache / "made", name=name):
                _forget_old(cache, target)
    except BuildError as error:
        raise NotBuiltError(error.message) from error
    except OSError as error:
        message = sentence(
            N_("The field app could not be built in {folder}: {why}."), folder=str(cache), why=str(error)
        )
        raise NotBuiltError(message) from error
    return target
