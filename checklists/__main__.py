"""The command `checklists`: check and show forms, in from other tools and out to them. The one door to files.

checklists check FILE|DIR...   every problem, one a line, on standard error and exit 2; else one line a form and exit 0
checklists show FORM           a shipped form ("phone_in" or "phone_in@1") or a file, as a person reads it
checklists from-xlsform FILE -o DIR   an XLSForm as a form, and what of it is kept as it was and not asked; or exit 2
checklists to-xlsform FORM -o FILE.xlsx   a form as an XLSForm, judged by pyxform before it is written
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from checklists.forms.file import FormError, load_form, load_forms, shipped_forms
from checklists.forms.form import AWARD_CHANNELS, Channel, Form, Question
from checklists.forms.toml_out import expression_text, toml_of
from checklists.forms.xlsform.kept import listed, table
from checklists.forms.xlsform.reading import taken
from checklists.forms.xlsform.report import Taken
from checklists.forms.xlsform.writing import sheets
from checklists.language import LANGUAGES, Language, in_language
from checklists.workbook.judging import judgement
from checklists.workbook.reading import WorkbookError, worksheets
from checklists.workbook.writing import workbook, workbook_of

USAGE_ERROR = 2
EXTRA = "it comes with the extra: pip install 'mystery-shopper-fieldtool[server]'"


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
    bring = commands.add_parser("from-xlsform", help="make an XLSForm into a form")
    bring.add_argument("file", metavar="FILE", type=Path, help="a workbook: XLSX, XLSM, XLS or ODS")
    bring.add_argument("-o", dest="folder", metavar="DIR", type=Path, required=True, help="where the form is written")
    bring.add_argument(
        "--channel", choices=[channel.value for channel in AWARD_CHANNELS], help="goes before the file's own"
    )
    bring.set_defaults(run=lambda options: _bring(options.file, options.folder, options.channel))
    send = commands.add_parser("to-xlsform", help="make a form into an XLSForm")
    send.add_argument("form", metavar="FORM", help="a shipped form, such as phone_in, or a file")
    send.add_argument("-o", dest="file", metavar="FILE.xlsx", type=Path, required=True, help="the workbook to write")
    send.set_defaults(run=lambda options: _send(options.form, options.file))
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
    form = _named(name)
    if form is None:
        return USAGE_ERROR
    _say(f"{form.id}  {in_language(form.title, language)}")
    for section in form.sections:
        _say(f"\n{section.id}  {in_language(section.title, language)}  ({section.weight})")
        for question in section.questions:
            _say(f"  {question.id:5} {in_language(question.text, language)}  [{_traits(question)}]")
    return 0


def _bring(file: Path, folder: Path, channel: str | None) -> int:
    try:
        grids = {sheet.name: sheet.grid for sheet in worksheets(file.read_bytes())}
    except OSError as error:
        _complain(f"{file}: cannot be read ({error.strerror}); name a workbook.")
        return USAGE_ERROR
    except WorkbookError as error:
        _complain(f"{file}: {error}.")
        return USAGE_ERROR
    except ModuleNotFoundError as error:
        _complain(f"{error.name} is not installed; {EXTRA}")
        return USAGE_ERROR
    found = taken(grids, name=file.stem, channel=Channel(channel) if channel else None)
    for problem in found.problems:
        _complain(f"{file}: {problem}")
    for line in listed(found.kept):
        _say(f"kept as it was, not asked: {line}")
    return USAGE_ERROR if found.form is None else _keep(found, found.form, folder)


def _keep(found: Taken, form: Form, folder: Path) -> int:
    """Write the form, and the table of what was kept beside it. What is there already is not written over."""
    files = {folder / f"{form.name}@{form.version}.toml": toml_of(form).encode()}
    if found.kept:
        files[folder / f"{form.name}@{form.version}.kept.xlsx"] = workbook(
            "kept", table(found.kept), widths=(14, 6, 20, 60, 50)
        )
    there = [path for path in files if path.exists()]
    for path in there:
        _complain(f"{path}: is there already; name another folder, or move it away.")
    if there:
        return USAGE_ERROR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            path.write_bytes(content)
    except OSError as error:
        _complain(f"{folder}: cannot be written ({error.strerror}); name another folder.")
        return USAGE_ERROR
    for remark in found.remarks:
        _say(str(remark))
    for path in files:
        _say(str(path))
    _say(_summary(form))
    return 0


def _named(name: str) -> Form | None:
    """Return the form, shipped or of a file, called `name`; None, and every problem told, where there is none."""
    forms = shipped_forms()
    form = forms.get(name) or max((f for f in forms.values() if f.name == name), key=lambda f: f.version, default=None)
    try:
        return form or load_form(Path(name).read_bytes(), name)
    except OSError:
        _complain(f"{name}: no shipped form and no file of that name; the forms are {', '.join(forms)}.")
    except FormError as error:
        for problem in error.problems:
            _complain(str(problem))
    return None


def _send(name: str, file: Path) -> int:
    form = _named(name)
    if form is None:
        return USAGE_ERROR
    try:
        content = workbook_of(sheets(form))
        judged = judgement(content)
    except ModuleNotFoundError as error:
        _complain(f"{error.name} is not installed; {EXTRA}")
        return USAGE_ERROR
    for line in judged:
        _complain(f"{form.id}: pyxform says: {line}")
    if judged:
        return USAGE_ERROR
    try:
        with file.open("xb") as out:
            out.write(content)
    except FileExistsError:
        _complain(f"{file}: is there already; name another file, or move it away.")
        return USAGE_ERROR
    except OSError as error:
        _complain(f"{file}: cannot be written ({error.strerror}); name another file.")
        return USAGE_ERROR
    _say(str(file))
    return 0


def _traits(question: Question) -> str:
    traits = [question.kind.value, f"{question.points} p"]
    if question.options:
        traits.append(" | ".join(option.code for option in question.options))
    traits += ["optional"] * question.optional
    traits += [f"if {expression_text(question.show_if)}"] if question.show_if is not None else []
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
