"""The voice menu as it is walked: keys to tap along, and the way drawn level by level."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft
from flet import canvas

from checklists.record.assessment import MenuStep
from checklists.record.trusted_time import elapsed
from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.call.clock import shown
from fieldapp.views.window import use_tall

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
WIDTH, HEIGHT, NODE, MOST = 320, 84, 15, 5
NOT_HEARD = 0


@ft.component
def Keypad(visit: Visit) -> ft.Control:
    """Options heard, the keys, and that the same menu came again."""
    heard, set_heard = ft.use_state(NOT_HEARD)
    repeats, set_repeats = ft.use_state(False)
    in_a_row = 3 if use_tall() else 4

    async def press(key: str, _event: object) -> None:
        if await visit.press(key, heard=heard, repeats=repeats):
            set_heard(NOT_HEARD)
            set_repeats(False)

    def step(change: int, _event: object) -> None:
        set_heard(max(NOT_HEARD, heard + change))

    label = _("Options heard")
    counted = [
        kit.icon_button(ft.Icons.REMOVE, fill("Less: {label}", label=label), partial(step, -1), "less-heard"),
        kit.words(str(heard) if heard else "–", ft.TextThemeStyle.TITLE_LARGE, semantics_label=f"{label}: {heard}"),
        kit.icon_button(ft.Icons.ADD, fill("More: {label}", label=label), partial(step, 1), "more-heard"),
    ]
    again = kit.choice(_("Same menu again"), _("Again"), repeats, lambda _e: set_repeats(not repeats), "loop")
    keys = [
        kit.key_button(key, partial(press, key), fill("Key {key}", key=key), f"key-{place}", in_a_row=in_a_row)
        for place, key in enumerate(KEYS)
    ]
    pad = ft.ResponsiveRow(keys, spacing=theme.S, run_spacing=6)
    return kit.stack([kit.label_row(kit.quiet(label), [*counted, again]), pad], theme.S)


def menu_map(steps: Sequence[MenuStep]) -> ft.Control:
    """Return the way through the menus as a diagram, with each key and how many options were heard."""
    if not steps:
        return kit.quiet(_("Tap each key as you press it: the way is drawn here."))
    gap = (WIDTH - 2 * NODE) / max(MOST, len(steps))
    shapes: list[canvas.Shape] = []
    line = ft.Paint(color=theme.PRIMARY, stroke_width=4, style=ft.PaintingStyle.STROKE)
    faint = ft.Paint(color=theme.EDGE, stroke_width=1, style=ft.PaintingStyle.STROKE)
    x, y = float(NODE), HEIGHT / 2
    for place, step in enumerate(steps):
        to_x, to_y = NODE + gap * (place + 1), _height(step)
        shapes += [canvas.Line(x, y, to_x, _spread(other, step), paint=faint) for other in range(step.heard)]
        shapes.append(canvas.Line(x, y, to_x, to_y, paint=line))
        x, y = to_x, to_y
    shapes.append(canvas.Circle(NODE, HEIGHT / 2, NODE / 2, paint=ft.Paint(color=theme.PRIMARY)))
    shapes += _nodes(steps, gap)
    drawn = canvas.Canvas(shapes=shapes, width=WIDTH, height=HEIGHT)
    told = fill("Keys pressed: {keys}", keys=_(", ").join(map(_told, steps)))
    return kit.stack([ft.Semantics(exclude_semantics=True, content=drawn), kit.quiet(told)], theme.XS)


def _nodes(steps: Sequence[MenuStep], gap: float) -> list[canvas.Shape]:
    ink = ft.TextStyle(color=theme.ON_PRIMARY, weight=ft.FontWeight.W_700, size=NODE)
    shapes: list[canvas.Shape] = []
    for place, step in enumerate(steps):
        x, y = NODE + gap * (place + 1), _height(step)
        fill_ink = theme.CAUTION if step.repeats else theme.PRIMARY
        shapes.append(canvas.Circle(x, y, NODE, paint=ft.Paint(color=fill_ink)))
        shapes.append(canvas.Text(x, y, step.key, style=ink, alignment=ft.Alignment.CENTER))
    return shapes


def _height(step: MenuStep) -> float:
    chosen = int(step.key) - 1 if step.key in "123456789" else max(0, step.heard - 1)
    return _spread(min(chosen, max(0, step.heard - 1)), step)


def _spread(place: int, step: MenuStep) -> float:
    """Return how high the option `place` of one menu is drawn."""
    room = HEIGHT - 2 * NODE
    return HEIGHT / 2 if step.heard < 2 else NODE + room * place / (step.heard - 1)


def _told(step: MenuStep) -> str:
    told = fill("{key} of {count}", key=step.key, count=step.heard) if step.heard else step.key
    return fill("{key} (again)", key=told) if step.repeats else told


def seconds_in_menu(visit: Visit) -> str:
    """Return how long the way to a person took, once somebody was asked for."""
    kept = visit.assessment.measurements
    first, queued = kept.get("t_first_answer"), kept.get("t_queue_in")
    if first is None or queued is None or first.moment is None or queued.moment is None:
        return ""
    seconds = int(elapsed(first.moment, queued.moment).total_seconds())
    return fill("{length} from the first word to the queue", length=shown(seconds))
