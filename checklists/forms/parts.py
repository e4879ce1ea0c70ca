"""The tables of a form's file, each read into its Struct. Places name the part: "phone_in.toml: PA2"."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from checklists.forms.expression import literal
from checklists.forms.form import (
    Band,
    Calculated,
    Derived,
    Kind,
    MeasurementItem,
    MeasurementKind,
    Option,
    Question,
    Recordings,
    Section,
    Variant,
)
from checklists.forms.toml_table import ID, Table
from checklists.language import N_

ANY = "any"

OptionLists = Mapping[str, tuple[Option, ...]]


def option_lists(table: Table) -> OptionLists:
    """Return the lists of options that several questions share, by name."""
    inner = table.table("option_lists")
    if inner is None:
        return {}
    inner.place = f"{table.place}: option_lists"
    return {name: _options(inner, name) for name in inner.keys()}  # noqa: SIM118 - a Table


def section(table: Table, number: int, shared: OptionLists) -> Section:
    """Return the `number`th section with its questions."""
    file = table.place
    _name_place(table, "section", number)
    part = Section(
        id=table.name("id", ID),
        title=table.text("title") or {},
        weight=table.whole("weight", least=1),
        questions=tuple(
            _question(_placed(question, file), count, shared)
            for count, question in enumerate(table.tables("question", required=True), start=1)
        ),
    )
    table.report_unread()
    return part


def measurement(table: Table, number: int) -> MeasurementItem:
    """Return the `number`th measurement."""
    _name_place(table, "measurement", number)
    item = MeasurementItem(
        id=table.name("id", ID),
        key=table.name("key"),
        label=table.text("label") or {},
        kind=table.one_of("kind", MeasurementKind),
        optional=table.flag("optional"),
        options=_options(table, "options", scored=False),
        subchannels=table.names("subchannels"),
    )
    table.report_unread()
    return item


def derived(table: Table, number: int) -> Derived:
    """Return the `number`th derived quantity."""
    _name_place(table, "derived", number, key="key")
    quantity = Derived(
        key=table.name("key"),
        label=table.text("label") or {},
        rule=table.name("rule"),
        inputs=table.names("inputs", required=True),
    )
    table.report_unread()
    return quantity


def calculated(table: Table, number: int) -> Calculated:
    """Return the `number`th calculated value."""
    _name_place(table, "calculated", number, key="key")
    part = Calculated(
        key=table.name("key"),
        label=table.text("label") or {},
        value=table.expression("value", required=True) or literal(False),
    )
    table.report_unread()
    return part


def variant(table: Table, number: int) -> Variant:
    """Return the `number`th variant."""
    _name_place(table, "variant", number, key="code")
    inner = table.table("recordings")
    part = Variant(
        code=table.name("code"),
        label=table.text("label") or {},
        sections=table.names("sections", required=True),
        skipped=table.names("skipped"),
        recordings=None if inner is None else _recordings(inner),
    )
    table.report_unread()
    return part


def _recordings(table: Table) -> Recordings:
    recordings = Recordings(
        form=table.string("form") or "?",
        sections=table.names("sections", required=True),
        own_weight=table.whole("own_weight", least=0),
        recordings_weight=table.whole("recordings_weight", least=1),
    )
    table.report_unread()
    return recordings


def _question(table: Table, number: int, shared: OptionLists) -> Question:
    _name_place(table, "question", number)
    question = Question(
        id=table.name("id", ID),
        text=table.text("text") or {},
        kind=table.one_of("kind", Kind),
        points=table.whole("points", least=0),
        critical=table.flag("critical"),
        must_be_yes=table.flag("must_be_yes"),
        options=_question_options(table, shared),
        bands=_bands(table, "bands"),
        bands_by_subchannel=_bands_by_subchannel(table),
        source=table.string("source", required=False),
        faq_number=table.whole("faq", least=1, required=False) if "faq" in table else None,
        not_applicable=table.text("not_applicable", required=False),
        not_applicable_on=table.names("not_applicable_on"),
        evidence=table.names("evidence"),
        min_chars=table.whole("min_chars", least=0, required=False),
        late_answer=table.flag("late_answer"),
        optional=table.flag("optional"),
        show_if=table.expression("show_if"),
    )
    table.report_unread()
    return question


def _question_options(table: Table, shared: OptionLists) -> tuple[Option, ...]:
    if "options" not in table:
        return ()
    if not isinstance(table.raw["options"], str):
        return _options(table, "options")
    name = table.string("options") or ""
    if name not in shared:
        template = N_('there is no option list "{name}"; add it under [option_lists], or list the options here.')
        table.report("option-list-unknown", template, name=name)
    return shared.get(name, ())


def _options(table: Table, key: str, *, scored: bool = True) -> tuple[Option, ...]:
    """Return the options under `key`; those of a measurement carry no points."""
    options = tuple(_option(option, scored=scored) for option in table.tables(key))
    table.report_repeated([option.code for option in options], N_("option"))
    return options


def _option(table: Table, *, scored: bool) -> Option:
    code = table.name("code")
    table.place = f"{table.place}, {code}"
    option = Option(
        code=code, label=table.languages(table.place, code, path=""), share=table.share("share", required=scored)
    )
    table.report_unread()
    return option


def _bands(table: Table, key: str) -> tuple[Band, ...]:
    bands = tuple(_band(band) for band in table.tables(key))
    limits = [band.limit for band in bands[:-1]]
    if bands and bands[-1].limit is not None:
        table.report("bands-not-closed", N_('the last band must be up_to = "any"; add one.'))
    elif None in limits:
        table.report("bands-not-closed", N_('up_to = "any" belongs to the last band only; move it there.'))
    rising = [band.limit for band in bands if band.limit is not None]
    if any(lower >= upper for lower, upper in pairwise(rising)):
        table.report("bands-not-ascending", N_("the limits of the bands must rise from one to the next; sort them."))
    return bands


def _band(table: Table) -> Band:
    limit = None if table.is_word("up_to", ANY) else table.number("up_to")
    band = Band(limit=limit, share=table.share("share"))
    table.report_unread()
    return band


def _bands_by_subchannel(table: Table) -> Mapping[str, tuple[Band, ...]]:
    inner = table.table("bands_by_subchannel")
    return {} if inner is None else {code: _bands(inner, code) for code in inner.keys()}  # noqa: SIM118 - a Table


def _name_place(table: Table, what: str, number: int, key: str = "id") -> None:
    """Name the place by the part's own id where it has one, else by its number."""
    own = table.raw.get(key)
    table.place = f"{table.place}: {own if isinstance(own, str) and own else f'{what} {number}'}"


def _placed(table: Table, place: str) -> Table:
    table.place = place
    return table
