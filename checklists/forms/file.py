"""A form's TOML file, read and checked: the whole form, or every problem at once. `forms/README.md` describes the file.

Loaders take bytes; `shipped_forms` reads the forms that come with this package, also where there is no file system.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from checklists.forms.checks import check_form, check_together
from checklists.forms.form import Channel, Form
from checklists.forms.parts import calculated, derived, measurement, option_lists, section, variant
from checklists.forms.toml_table import Table, parse
from checklists.language import N_, Text
from checklists.problems import Problem, Problems, ProblemsError


class FormError(ProblemsError):
    """A file is not a form; `problems` are in the order of the file."""


def load_form(raw: bytes, place: str) -> Form:
    """Return the form that `raw` holds; `place` is how problems name the file.

    Raises:
        FormError: anything at all is wrong with it.
    """
    problems = Problems(FormError)
    form = _read(raw, place, problems)
    if form is None or problems.count:
        problems.refuse()
    return form


def load_forms(files: Mapping[str, bytes], others: Mapping[str, Form] | None = None) -> Mapping[str, Form]:
    """Return the forms of several files by form id, checked together: what one says of another must hold.

    `others` are further forms that they may refer to.

    Raises:
        FormError: anything is wrong with any of them.
    """
    problems = Problems(FormError)
    forms: dict[str, Form] = {}
    places: dict[str, str] = {}
    for place, raw in files.items():
        form = _read(raw, place, problems)
        if form is not None and form.id in forms:
            problems.add(place, "repeated", N_('there is another form "{form}"; raise the version.'), form=form.id)
        elif form is not None:
            forms[form.id] = form
            places[form.id] = place
    check_together(forms, others or {}, places, problems)
    problems.raise_any()
    return forms


def drafted(
    tables: Mapping[str, object], place: str, others: Mapping[str, Form] | None = None
) -> tuple[Form | None, tuple[Problem, ...]]:
    """Return the form of a file that is being written, and everything that is wrong with it.

    The form is None where something of it has not the shape it must have; what its parts say of each other may be wrong
    meanwhile. `tables` are the file's, as `toml_table.parse` reads it.
    """
    problems = Problems(FormError)
    form = _form(Table(tables, place, problems))
    has_shape = not problems.count
    check_form(form, place, problems)
    check_together({form.id: form}, others or {}, {form.id: place}, problems)
    return form if has_shape else None, tuple(problems)


@cache
def shipped_forms() -> Mapping[str, Form]:
    """Return the forms of this package by id ("phone_in@1"). Read once.

    Raises:
        FormError: a shipped file was edited and is no form any more.
    """
    folder = resources.files("checklists.forms") / "shipped"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)
    return MappingProxyType(load_forms({entry.name: entry.read_bytes() for entry in files}))


def _read(raw: bytes, place: str, problems: Problems) -> Form | None:
    """Return the form as far as it can be read; what is wrong with it is added to `problems`."""
    tables = parse(raw, place, problems)
    if tables is None:
        return None
    form = _form(Table(tables, place, problems))
    check_form(form, place, problems)
    return form


def _form(table: Table) -> Form:
    shared = option_lists(table)
    form = Form(
        name=table.name("name"),
        version=table.whole("version", least=1),
        channel=table.one_of("channel", Channel),
        title=table.text("title") or {},
        unit=table.text("unit") or {},
        sections=tuple(section(part, number, shared) for number, part in _numbered(table, "section", required=True)),
        measurements=tuple(measurement(part, number) for number, part in _numbered(table, "measurement")),
        derived=tuple(derived(part, number) for number, part in _numbered(table, "derived")),
        variants=tuple(variant(part, number) for number, part in _numbered(table, "variant")),
        subchannels=_texts(table, "subchannels"),
        default_reply_s=_seconds(table, "default_reply_s"),
        calculated=tuple(calculated(part, number) for number, part in _numbered(table, "calculated")),
        annex=table.flag("annex"),
        whole_not_applicable=table.text("whole_not_applicable", required=False),
    )
    table.report_unread()
    return form


def _numbered(table: Table, key: str, *, required: bool = False) -> list[tuple[int, Table]]:
    return list(enumerate(table.tables(key, required=required), start=1))


def _texts(table: Table, key: str) -> Mapping[str, Text]:
    inner = table.table(key)
    return {} if inner is None else {code: inner.text(code) or {} for code in inner.keys()}  # noqa: SIM118 - a Table


def _seconds(table: Table, key: str) -> Mapping[str, int]:
    inner = table.table(key)
    return {} if inner is None else {code: inner.whole(code, least=1) for code in inner.keys()}  # noqa: SIM118 - a Table
