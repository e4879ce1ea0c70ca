"""Python writes and compiles the methods of each dataclass when it is defined, and Flet defines hundreds at each start.

The build keeps what was compiled, by the digest of its source, beside this file; the phone takes it from there. A
source the build has not seen is compiled as ever. Both run the same Python.
"""

import dataclasses
import hashlib
import marshal
from builtins import exec as run
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_name("ready_made.bin")


def use() -> None:
    """Take compiled methods from `KEPT` from now on."""
    kept: dict[bytes, bytes] = marshal.loads(KEPT.read_bytes())  # noqa: S302 - of the same build as this file

    def code(source: str) -> Any:
        compiled = kept.get(_name(source))
        return source if compiled is None else marshal.loads(compiled)  # noqa: S302

    _compile_by(code)
    _leave_signatures_out()


def keep() -> None:
    """Write `KEPT`: import everything Flet offers, and keep what is compiled on the way. Same packages, same bytes."""
    kept: dict[bytes, bytes] = {}

    def code(source: str) -> Any:
        compiled = compile(source, "<string>", "exec", dont_inherit=True)
        kept[_name(source)] = marshal.dumps(compiled)
        return compiled

    _compile_by(code)
    _leave_signatures_out()
    for package in ("flet", "flet_audio", "flet_audio_recorder"):
        offered = import_module(package)
        for name in dir(offered):
            getattr(offered, name)
    KEPT.write_bytes(marshal.dumps(dict(sorted(kept.items()))))


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
