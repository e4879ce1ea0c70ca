"""Build the installable web app into a folder: `build(Path("site"))`, or `fieldapp build site`.

Unchanged inputs: nothing is touched, well under half a second. From nothing: fetches the browser's packages once (the
only step that needs a network), compiles them with the browser's own Python, lays out the Flet client and compresses.
What was made is kept in a folder beside the target; the installed package is only read.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from checklists.language import N_, Sentence, sentence
from fieldapp import installed
from fieldapp.web import compress, listing, parts, site
from fieldapp.web.errors import BuildError

OnProgress = Callable[[Sentence], None]
STAMP = ".inputs"
BASE = "./"  # wherever it is served: the app of an edition lies deeper


def build(
    target: Path,
    *,
    on_progress: OnProgress | None = None,
    cache: Path | None = None,
    base: str = BASE,
    name: str = "",
) -> bool:
    """Make `target` hold the app for the inputs of now; return whether anything had to be done.

    `base` is the path it will be served under; "./" leaves it open. `cache` defaults to `<target>-cache` beside it. The
    old content of `target` is replaced in one step at the end; on an error it stays as it was. `name`: what it is
    called where it is installed, with a plain sheet as its icon; "" is its own name.

    Raises:
        BuildError: see its code; the sentence tells a person what to do.
    """
    say = on_progress or (lambda _: None)
    inputs = inputs_digest(base, name)
    stamp = target / STAMP
    if stamp.exists() and stamp.read_text("ascii") == inputs:
        return False
    cache = cache or target.with_name(target.name + "-cache")
    cache.mkdir(parents=True, exist_ok=True)
    try:
        _build(target, cache, base, inputs, say, name=name)
    except ModuleNotFoundError as error:
        raise _missing(error) from error
    say(sentence(N_("The field app is ready.")))
    return True


def _build(target: Path, cache: Path, base: str, inputs: str, say: OnProgress, *, name: str) -> None:
    say(sentence(N_("Preparing the field app (only after a change, about half a minute the first time)…")))
    archives = parts.make(cache)
    say(sentence(N_("Putting the field app together…")))
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target: the cache may be on another file system, from which nothing can be moved in one step.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
        new = Path(scratch) / "site"
        new.mkdir()
        site.lay_out(new, base, f"{installed.version()}+{inputs[:8]}".lstrip("+"), name)
        for archive, path in archives.items():
            shutil.copyfile(path, new / archive)
        listing.write_listing(new)
        compress.compress_all(new, cache / "compressed")
        (new / STAMP).write_text(inputs, "ascii")
        _replace(new, target)


def _missing(error: ModuleNotFoundError) -> BuildError:
    return BuildError(
        "package-missing",
        sentence(
            N_(
                "The field app cannot be built: {package} is missing. "
                "Run: pip install 'mystery-shopper-fieldtool[server]'"
            ),
            package=error.name,
        ),
    )


def inputs_digest(base: str = BASE, name: str = "") -> str:
    """Return the digest of everything a build depends on.

    Raises:
        BuildError: a package that building needs is missing.
    """
    here = Path(__file__).parent
    own = [path for path in sorted(here.rglob("*")) if path.is_file() and path.suffix != ".pyc"]
    pieces = [piece for path in own for piece in (path.name.encode(), path.read_bytes())]
    try:
        client = site.client_folder()
        sizes = [(file, (client / file).stat().st_size) for file in (*site.CLIENT, site.ICONS)]
        return parts.digest(base.encode(), name.encode(), parts.own_digest().encode(), repr(sizes).encode(), *pieces)
    except ModuleNotFoundError as error:
        raise _missing(error) from error


def _replace(new: Path, target: Path) -> None:
    old = new.with_name("old")
    if target.exists():
        target.replace(old)
    new.replace(target)
