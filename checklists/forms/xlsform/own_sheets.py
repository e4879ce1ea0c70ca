"""What an XLSForm has no rows for, on sheets of our own: marks, derived quantities, variants, sub-channels.

Other tools pass over these sheets. Lists in a cell stand with spaces between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from checklists.forms.form import Derived, Form, MeasurementItem, MeasurementKind, Option, Recordings, Variant
from checklists.forms.xlsform import own_columns as own
from checklists.forms.xlsform.own_cells import OwnCells
from checklists.forms.xlsform.report import Report
from checklists.forms.xlsform.tables import Column, Grid, Row, sheet_of
from checklists.forms.xlsform.words import Words
from checklists.language import Text

Rows = list[list[str]]
LABELS = [f"label::{language}" for language in own.LANGUAGE_COLUMNS.values()]
HEADINGS: Mapping[str, list[str]] = {
    own.MEASUREMENTS: ["id", "key", "kind", "optional", "option", "subchannels", *LABELS],
    own.DERIVED: ["key", "rule", "inputs", *LABELS],
    own.VARIANTS: [
        *("code", "sections", "skipped", "recordings_form", "recordings_sections", "own_weight", "recordings_weight"),
        *LABELS,
    ],
    own.SUBCHANNELS: ["code", "default_reply_s", *LABELS],
}


def read(grids: Mapping[str, Grid], words: Words, report: Report) -> dict[str, Any]:
    """Return the parts of a form that these sheets hold, by the form's own names."""
    parts: dict[str, Any] = {}
    for name, into in READERS.items():
        sheet = sheet_of(name, grids)
        if sheet is not None:
            into(parts, [_Cells(sheet.name, row, report, words) for row in sheet.rows])
    return parts


def written(form: Form) -> Mapping[str, Rows]:
    """Return the rows of these sheets, each with its heading; a sheet that would be empty is left out."""
    rows: dict[str, Rows] = {
        own.MEASUREMENTS: [row for item in form.measurements for row in _measurement_rows(item)],
        own.DERIVED: [[d.key, d.rule, " ".join(d.inputs), *labels(d.label)] for d in form.derived],
        own.VARIANTS: [_variant_row(variant) for variant in form.variants],
        own.SUBCHANNELS: [
            [code, str(form.default_reply_s.get(code, "")), *labels(text)] for code, text in form.subchannels.items()
        ],
    }
    return {name: [HEADINGS[name], *held] for name, held in rows.items() if held}


def labels(text: Text | None) -> list[str]:
    """Return a text in the order of the language columns."""
    return [text[language] if text else "" for language in own.LANGUAGE_COLUMNS]


def _measurement_rows(item: MeasurementItem) -> Rows:
    options = [[item.id, "", "", "", option.code, "", *labels(option.label)] for option in item.options]
    own_cells = [item.id, item.key, item.kind.value, "yes" if item.optional else "", "", " ".join(item.subchannels)]
    return [[*own_cells, *labels(item.label)], *options]


def _variant_row(variant: Variant) -> list[str]:
    blend = variant.recordings
    judged = (
        [blend.form, " ".join(blend.sections), str(blend.own_weight), str(blend.recordings_weight)]
        if blend
        else [""] * 4
    )
    return [variant.code, " ".join(variant.sections), " ".join(variant.skipped), *judged, *labels(variant.label)]


class _Cells(OwnCells):
    """The cells of a row of one of these sheets, whose columns need no prefix."""

    def __init__(self, sheet: str, row: Row, report: Report, words: Words) -> None:
        prefixed = {Column(own.PREFIX + c.name, c.language, c.heading): held for c, held in row.cells.items()}
        super().__init__(sheet, Row(row.number, prefixed), report)
        self.label = words.of(row, "label", row.get("code") or row.get("key") or "?")


def _measurements(parts: dict[str, Any], rows: Sequence[_Cells]) -> None:
    items: dict[str, MeasurementItem] = {}
    options: dict[str, list[Option]] = {}
    for row in rows:
        id_ = row.words("id")
        if row.words("option"):
            options.setdefault(id_, []).append(Option(code=row.words("option"), label=row.label, share=Fraction(0)))
        else:
            items[id_] = MeasurementItem(
                id=id_,
                key=row.words("key"),
                label=row.label,
                kind=row.one_of("kind", MeasurementKind) or MeasurementKind.STAMP,
                optional=row.flag("optional"),
                subchannels=row.names("subchannels"),
            )
    parts["measurements"] = tuple(
        MeasurementItem(
            id=item.id,
            key=item.key,
            label=item.label,
            kind=item.kind,
            optional=item.optional,
            subchannels=item.subchannels,
            options=tuple(options.get(item.id, ())),
        )
        for item in items.values()
    )


def _derived(parts: dict[str, Any], rows: Sequence[_Cells]) -> None:
    parts["derived"] = tuple(
        Derived(key=row.words("key"), label=row.label, rule=row.words("rule"), inputs=row.names("inputs"))
        for row in rows
    )


def _variants(parts: dict[str, Any], rows: Sequence[_Cells]) -> None:
    parts["variants"] = tuple(
        Variant(
            code=row.words("code"),
            label=row.label,
            sections=row.names("sections"),
            skipped=row.names("skipped"),
            recordings=_recordings(row),
        )
        for row in rows
    )


def _recordings(row: _Cells) -> Recordings | None:
    if not row.words("recordings_form"):
        return None
    return Recordings(
        form=row.words("recordings_form"),
        sections=row.names("recordings_sections"),
        own_weight=row.whole("own_weight") or 0,
        recordings_weight=row.whole("recordings_weight", least=1) or 1,
    )


def _subchannels(parts: dict[str, Any], rows: Sequence[_Cells]) -> None:
    parts["subchannels"] = {row.words("code"): row.label for row in rows}
    replies = {row.words("code"): row.whole("default_reply_s", least=1) for row in rows}
    parts["default_reply_s"] = {code: seconds for code, seconds in replies.items() if seconds is not None}


READERS: Mapping[str, Callable[[dict[str, Any], Sequence[_Cells]], None]] = {
    own.MEASUREMENTS: _measurements,
    own.DERIVED: _derived,
    own.VARIANTS: _variants,
    own.SUBCHANNELS: _subchannels,
}
