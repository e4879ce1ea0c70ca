"""Where one is: the distance as the figure, the accuracy as a circle, and what stands in for a position."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import flet as ft
from flet import canvas

from checklists.forms.evidence_kinds import LABELS
from checklists.language import N_, Template
from checklists.record.assessment import Measurement, Position
from checklists.record.place import PROOFS, Nearness, distance_m, nearness, offset_m, proofs_given, reach_m
from fieldapp import theme
from fieldapp.language import _, fill, read
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.evidence.pick_button import PickButton
from fieldapp.views.visit_hooks import Keeping

SIDE, RINGS, LEAST_M, DOT = 200, 3, 50, 7
NONE = Measurement()
WHY: Mapping[str, Template] = {  # as records keep it
    "refused": N_("The phone does not give the position to this app."),
    "off": N_("The phone's location is switched off: switch it on and look again."),
    "unknown": N_("No position could be had here: look again by a window or outside."),
}


def place(keeping: Keeping, key: str) -> list[ft.Control]:
    """Return what is known of where the stamp `key` was made; nothing before it."""
    visit = keeping.visit
    stamp = visit.assessment.measurements.get(key, NONE)
    if stamp.at is None:
        return []
    if visit.locating == key:
        return [kit.quiet(_("Looking for the position"))]
    if stamp.position is None:
        return [_none(visit, key), *_why(stamp.no_position), *proofs(keeping)]
    rows = [_told(visit, stamp.position), _picture(visit, stamp.position)]
    return [*(row for row in rows if row), *proofs(keeping)]


def _told(visit: Visit, position: Position) -> ft.Control:
    branch = visit.assignment.branch
    distance, near = distance_m(branch, position), nearness(branch, position)
    accuracy = fill("± {metres} m", metres=position.accuracy_m)
    if distance is None:
        return kit.quiet(fill("Position kept, {accuracy}. The branch has no place on the map.", accuracy=accuracy))
    said = {
        Nearness.NEAR: _("from the door, close enough"),
        Nearness.FAR: _("from the door: farther than it should be"),
        Nearness.VAGUE: _("from the door, but too vague to tell"),
    }
    figure = kit.words(fill("{metres} m", metres=distance), ft.TextThemeStyle.DISPLAY_SMALL)
    told = f"{said[near]} ({accuracy})" if near else accuracy
    colour = theme.QUIET if near is Nearness.NEAR else theme.CAUTION
    return kit.stack([figure, kit.quiet(told, color=colour)], 0)


def _picture(visit: Visit, position: Position) -> ft.Control | None:
    offset = offset_m(visit.assignment.branch, position)
    if offset is None:
        return None
    centre = SIDE / 2
    scale = (centre - DOT) / max(LEAST_M, reach_m(offset, position.accuracy_m))
    x, y = centre + offset[0] * scale, centre - offset[1] * scale
    faint = ft.Paint(color=theme.LINE, stroke_width=1, style=ft.PaintingStyle.STROKE)
    shapes: list[canvas.Shape] = [canvas.Circle(centre, centre, centre * n / RINGS, paint=faint) for n in (1, 2, 3)]
    shapes += [
        canvas.Circle(x, y, max(DOT, position.accuracy_m * scale), paint=ft.Paint(color=theme.CHOSEN)),
        canvas.Line(centre, centre, x, y, paint=ft.Paint(color=theme.INK, stroke_width=2)),
        canvas.Circle(centre, centre, DOT, paint=ft.Paint(color=theme.INK)),
        canvas.Circle(x, y, DOT, paint=ft.Paint(color=theme.PRIMARY)),
    ]
    drawn = canvas.Canvas(shapes=shapes, width=SIDE, height=SIDE)
    return ft.Semantics(exclude_semantics=True, content=ft.Row([drawn], alignment=ft.MainAxisAlignment.CENTER))


def _why(no_position: str) -> list[ft.Control]:
    return [kit.quiet(_(WHY[no_position]))] if no_position in WHY else []


def _none(visit: Visit, key: str) -> ft.Control:
    async def again(_event: object) -> None:
        await visit.look(key)

    told = [kit.words(_("No position"), ft.TextThemeStyle.TITLE_SMALL)]
    if visit.may_look(key):
        return kit.label_row(told[0], [kit.text_button(_("Look again"), again, f"look-{key}")])
    return told[0]


def proofs(keeping: Keeping) -> list[ft.Control]:
    """Return the ways to give other proofs of the visit, while any is wanted; what is there is ticked."""
    visit = keeping.visit
    given, missing = proofs_given(visit.assessment), visit.proofs_missing
    if not missing and not (given and _is_position_wanting(visit)):
        return []
    template = "Two other proofs stand in for it; still to add: {count}" if missing else "Two other proofs are there."
    told = fill(template, count=missing) if missing else _(template)

    async def picked(kind: str, data: bytes, content_type: str, _name: str) -> None:
        keep = keeping.photo(data, None, kind)
        await (keep if content_type.startswith("image/") else keeping.file(data, content_type, None, kind))

    def button(kind: str) -> ft.Control:
        label = _(LABELS[kind])
        is_there = kind in given
        return PickButton(label, label, f"proof-{kind}", ft.Icons.PHOTO_CAMERA, partial(picked, kind), done=is_there)

    buttons = [button(kind) for kind in PROOFS] if visit.is_draft else []
    return [kit.quiet(told, color=theme.CAUTION if missing else theme.QUIET), kit.flow(buttons)]


def _is_position_wanting(visit: Visit) -> bool:
    return any(measurement.no_position for measurement in visit.assessment.measurements.values())


def before_arriving(visit: Visit) -> list[ft.Control]:
    """Return where to go, and what is taken of the position."""
    branch = visit.assignment.branch
    if branch is None:
        return []
    return [
        kit.words(read(branch.name), ft.TextThemeStyle.TITLE_SMALL),
        kit.words(read(branch.address)),
    ]
