"""`fieldapp serve` shows the app in a browser while it is developed; `fieldapp build DIR` makes the installable one,
and `fieldapp stage DIR` the folder that `flet build` makes an Android, iOS or desktop app of.

In server mode Python runs here and the browser only draws: quick to change, but not what assessors carry. Its data lie
in the folder given with --data, and everybody who opens the page shares them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from checklists.language import N_, Sentence, language_of_environment, sentence

DEFAULT_PORT = 8550


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except OSError as error:
        words = N_("{place}: the system refuses it ({why}). Name another place.")
        sys.stderr.write(
            _in_words(sentence(words, place=error.filename or "-", why=error.strerror or str(error))) + "\n"
        )
        return 1


def _run(options: argparse.Namespace) -> int:
    if options.command == "build":
        return _build(options.folder)
    if options.command == "stage":
        from fieldapp.web.native import stage  # noqa: PLC0415 - each command loads what it needs

        stage(options.folder)
        return 0
    return _serve(options.host, options.port, options.data)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fieldapp", description=_in_words(sentence(N_("The field app."))))
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help=_in_words(sentence(N_("show the app in a browser, for development"))))
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=DEFAULT_PORT)
    serve.add_argument("--data", type=Path, default=Path("demo-data"))
    build = commands.add_parser("build", help=_in_words(sentence(N_("build the installable web app into a folder"))))
    build.add_argument("folder", type=Path)
    stage = commands.add_parser("stage", help=_in_words(sentence(N_("lay out what flet build packs into a folder"))))
    stage.add_argument("folder", type=Path)
    return parser


def _build(folder: Path) -> int:
    from fieldapp.web import BuildError, build  # noqa: PLC0415 - each command loads what it needs

    try:
        changed = build(folder, on_progress=_tell)
    except BuildError as error:
        sys.stderr.write(_in_words(error.message) + "\n")
        return 1
    if not changed:
        _tell(sentence(N_("Nothing has changed since the last build.")))
    return 0


def _serve(host: str, port: int, data: Path) -> int:
    try:
        from fieldapp.web import server_mode  # noqa: PLC0415
    except ImportError as error:
        _tell(sentence(N_("This needs {package}: pip install 'mystery-shopper-fieldtool[server]'"), package=error.name))
        return 1
    os.environ.setdefault("FLET_APP_STORAGE_DATA", str(data.resolve()))
    data.mkdir(parents=True, exist_ok=True)
    _tell(sentence(N_("The field app: {address}"), address=f"http://{host}:{port}/"))
    server_mode.serve(host, port)
    return 0


def _tell(message: Sentence) -> None:
    sys.stdout.write(_in_words(message) + "\n")
    sys.stdout.flush()


def _in_words(message: Sentence) -> str:
    return message.in_language(language_of_environment(os.environ))


if __name__ == "__main__":
    raise SystemExit(main())
