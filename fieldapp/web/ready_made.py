"""Python writes and compiles the methods of each dataclass when it is defined, and Flet defines hundreds at each start.

The build keeps what was compiled, by the digest of its source: Flet's beside this file, the app's own beside the app.
The phone takes it from there. A source the build has not seen is compiled as ever. Both run the same Python.
"""

import dataclasses
import hashlib
import marshal
from builtins import exec as run
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_name("ready_made.bin")
OF_THE_APP = "ready_made.bin"  # in the app's own folder

Kept = dict[bytes, bytes]


def use(app: Path = Path("/app")) -> None:
    """Take compiled methods from `KEPT`, and from what lies in the folder `app`, from now on."""
    kept = _read(KEPT) | _read(app / OF_THE_APP)

    def code(source: str) -> Any:
        compiled = kept.get(_name(source))
        return source if compiled is None else marshal.loads(compiled)  # noqa: S302

    _compile_by(code)
    _leave_signatures_out()
    _remember_fields()


def keep() -> None:
    """Write `KEPT`: import everything Flet offers, and keep what is compiled on the way. Same packages, same bytes."""
    kept = _noting({})
    for package in ("flet", "flet_audio", "flet_audio_recorder", "flet_geolocator"):
        offered = import_module(package)
        for name in dir(offered):
            getattr(offered, name)
    _write(KEPT, kept)


def keep_app(app: Path) -> None:
    """Write what the modules in the folder `app` compile beside Flet's; each is imported. Same sources, same bytes."""
    of_flet = _read(KEPT)
    kept = _noting(of_flet)
    for name in modules_in(app):
        import_module(name)
    _write(app / OF_THE_APP, {name: code for name, code in kept.items() if name not in of_flet})


def modules_in(app: Path) -> list[str]:
    """Return the name of every module below the folder `app`, in order."""
    files = sorted(path.relative_to(app).with_suffix("") for path in app.rglob("*.pyc"))
    return [".".join(file.parts[:-1] if file.name == "__init__" else file.parts) for file in files]


def _noting(known: Kept) -> Kept:
    """Keep in what is returned each source that is compiled from now on, and what was made of it."""
    kept = dict(known)

    def code(source: str) -> Any:
        compiled = compile(source, "<string>", "exec", dont_inherit=True)
        kept[_name(source)] = marshal.dumps(compiled)
        return compiled

    _compile_by(code)
    _leave_signatures_out()
    return kept


def _read(path: Path) -> Kept:
    read: Kept = marshal.loads(path.read_bytes()) if path.exists() else {}  # noqa: S302 - of the same build as this file
    return read


def _write(path: Path, kept: Kept) -> None:
    path.write_bytes(marshal.dumps(dict(sorted(kept.items()))))


def _name(source: str) -> bytes:
    return hashlib.sha256(source.encode()).digest()


def _compile_by(code: Callable[[str], Any]) -> None:
    # A name in its own module is found before the built-in one.
    dataclasses.exec = lambda source, names, into: run(code(source), names, into)  # type: ignore[attr-defined]  # noqa: S102


def _leave_signatures_out() -> None:
    # Without a docstring (-OO) a dataclass is given its signature for one, at the price of inspecting it.
    process_class = dataclasses._process_class  # type: ignore[attr-defined]  # noqa: SLF001

    def process(cls: type, *options: Any) -> type:
        cls.__doc__ = cls.__doc__ or cls.__name__
        whole: type = process_class(cls, *options)
        return whole

    dataclasses._process_class = process  # type: ignore[attr-defined]  # noqa: SLF001


def _remember_fields() -> None:
    # Flet asks for the fields of a control each time it compares it with the one before: a thousand times a screen.
    of_class = cache(dataclasses.fields)

    def fields(class_or_instance: Any) -> tuple[dataclasses.Field[Any], ...]:
        return of_class(class_or_instance if isinstance(class_or_instance, type) else type(class_or_instance))

    dataclasses.fields = fields
