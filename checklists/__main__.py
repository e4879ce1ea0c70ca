"""The command `checklists`: check form files, and show a form. The package's one door to files.

checklists check FILE|DIR...   every problem, one a line, on standard error and exit 2; else one line a form and exit 0
checklists show FORM           a shipped form ("phone_in" or "phone_in@1") or a file, as a person reads it
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from checklists.forms.file import FormError, load_form, load_forms, shipped_forms
from checklists.forms.form import Form, Question
from checklists.language import LANGUAGES, Language, in_language

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(prog="checklists", description="Check and show the forms assessments are made on.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check form files; a folder stands for its *.toml files")
    check.add_argument("paths", nargs="+", metavar="FILE|DIR", type=Path)
    check.set_defaults(run=lambda options: _check(options.paths))
    show = commands.add_parser("show", help="show a form")
    show.add_argument("form", metavar="FORM", help="a shipped form, such as phone_in, or a file")
    show.add_argument("--language", choices=LANGUAGES, default="en")
    show.set_defaults(run=lambda options: _show(options.form, options.language))
    options = parser.parse_args(arguments)
    status: int = options.run(options)
    return status


def _check(paths: Sequence[Path]) -> int:
    files, missing = _files(paths)
    for line in missing:
        _complain(line)
    try:
        forms = load_forms(files, _known())
    except FormError as error:
        for problem in error.problems:
            _complain(str(problem))
        return USAGE_ERROR
    for form in forms.values():
        _say(_summary(form))
    return USAGE_ERROR if missing else 0


def _known() -> Mapping[str, Form]:
    """Return the shipped forms a checked one may refer to; none of them while one of themselves is being mended."""
    try:
        return shipped_forms()
    except FormError:
        return {}


def _files(paths: Sequence[Path]) -> tuple[dict[str, bytes], list[str]]:
    """Read every file, and say of those that cannot be read why not."""
    files: dict[str, bytes] = {}
    missing: list[str] = []
    for path in paths:
        listed = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not listed:
            missing.append(f"{path}: no .toml file in this folder; name the folder that holds the forms.")
        for file in listed:
            try:
                files[str(file)] = file.read_bytes()
            except OSError as error:
                missing.append(f"{file}: cannot be read ({error.strerror}); name a form file or a folder of them.")
    return files, missing


def _show(name: str, language: Language) -> int:
    forms = shipped_forms()
    form = forms.get(name) or max((f for f in forms.values() if f.name == name), key=lambda f: f.version, default=None)
    try:
        form = form or load_form(Path(name).read_bytes(), name)
    except OSError:
        _complain(f"{name}: no shipped form and no file of that name; the forms are {', '.join(forms)}.")
        return USAGE_ERROR
    except FormError as error:
        for problem in error.problems:
            _complain(str(problem))
        return USAGE_ERROR
    _say(f"{form.id}  {in_language(form.title, language)}")
    for section in form.sections:
        _say(f"\n{section.id}  {in_language(section.title, language)}  ({section.weight})")
        for question in section.questions:
            _say(f"  {question.id:5} {in_language(question.text, language)}  [{_traits(question)}]")
    return 0


def _traits(question: Question) -> str:
    traits = [question.kind.value, f"{question.points} p"]
    if question.options:
        traits.append(" | ".join(option.code for option in question.options))
    traits += ["critical"] * question.critical + ["N/A"] * bool(question.not_applicable) + list(question.evidence)
    return ", ".join(traits)


def _summary(form: Form) -> str:
    questions = [question for section in form.sections for question in section.questions]
    critical = sum(question.critical for question in questions)
    evidence = sum(bool(question.evidence) for question in questions)
    return (
        f"{form.id}: {len(form.sections)} sections, {len(questions)} questions, "
        f"{critical} critical, {evidence} with evidence"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _complain(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
