"""Requests that Schemathesis makes from a description, sent to a running server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

# tus sends bytes under a type of its own.
HOOKS = """
import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
"""
NOT_OFFERED = """
[checks]
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "501"]
"""


def check_no_5xx(
    description: str,
    folder: Path,
    headers: Mapping[str, str],
    *,
    examples: int,
    options: tuple[str, ...] = (),
    is_501_an_answer: bool = False,
) -> None:
    """Fail with what Schemathesis says if any request made from the description (an address or a file) finds a 5xx."""
    (folder / "schemathesis.toml").write_text(NOT_OFFERED if is_501_an_answer else "")
    (folder / "made_requests_hooks.py").write_text(HOOKS)
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", description, "--checks", "not_a_server_error",
        "--max-examples", str(examples), "--seed", "7", "--phases", "examples,fuzzing", "--no-color", *options,
    ]  # fmt: skip
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "made_requests_hooks", "PYTHONPATH": str(folder)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
