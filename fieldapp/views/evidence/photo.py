"""A photo before it is kept: black over what must not be seen, drawn with the finger; a caption; retake or keep."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft
import flet.canvas as cv

from fieldapp import theme
from fieldapp.kept import Take
from fieldapp.language import _
from fieldapp.ports import BRUSH, Stroke
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.evidence.pick_button import PickButton
from fieldapp.views.hooks import go, keyed, use_fields, view_route
from fieldapp.views.screen import notices
from fieldapp.views.start import starting
from fieldapp.views.visit_hooks import Opened, in_route, photo_route, use_opened, when_open

EVERY_MS = 30  # while a finger moves
NO_STROKES: tuple[Stroke, ...] = ()


class Hand:
    """What the finger drew so far. Its own events alone change it: a rendering may be behind a finger that moves."""

    def __init__(self) -> None:
        self.strokes: list[Stroke] = []
        self.width = self.height = 0.0  # of the picture as it is shown
        self.show: Callable[[tuple[Stroke, ...]], None] = lambda _strokes: None

    def begin(self, event: ft.DragStartEvent[ft.GestureDetector]) -> None:
        """Put the finger down."""
        self.strokes.append((self._share(event.local_position),))
        self.show(tuple(self.strokes))

    def go_on(self, event: ft.DragUpdateEvent[ft.GestureDetector]) -> None:
        """Move it."""
        if self.strokes:
            self.strokes[-1] = (*self.strokes[-1], self._share(event.local_position))
            self.show(tuple(self.strokes))

    def take_back(self) -> None:
        """Undo the last stroke."""
        del self.strokes[-1:]
        self.show(tuple(self.strokes))

    def _share(self, at: ft.Offset) -> tuple[float, float]:
        return _within(at.x / max(1, self.width)), _within(at.y / max(1, self.height))


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))


@ft.component
def PhotoScreen() -> ft.Control:
    """The photo the address names."""
    params = ft.use_route_params()
    return when_open(PhotoOf, params.get("take", ""), params.get("back", ""))


@ft.component
def PhotoOf(opened: Opened, take_id: str, back: str) -> ft.Control:
    """The page of one photo; another one is another page."""
    use_fields(opened.app.captures, "waiting")
    take = opened.app.captures.of(opened.visit.assessment.id, take_id)
    if take is None:
        return starting()
    return keyed(f"photo-{take_id}", PhotoBody, opened, take, back)


@ft.component
def PhotoBody(opened: Opened, take: Take, back: str) -> ft.View:
    """The page itself: nothing scrolls, so that a finger draws wherever it goes."""
    app, visit, _keeping, _durable = use_opened(opened, "busy")
    hand = ft.use_memo(Hand, [])
    strokes, hand.show = ft.use_state(NO_STROKES)
    caption, set_caption = ft.use_state("")
    working, set_working = ft.use_state(False)
    data = ft.use_memo(lambda: app.captures.picture(take), [take.id])

    def leave() -> None:
        go(way_back(visit, take, back))

    async def keep(_event: object) -> None:
        set_working(True)
        done = await app.captures.keep(visit, take, strokes, caption)
        set_working(False)
        if done:
            leave()

    async def put_away(_event: object) -> None:
        if await app.captures.drop(take):
            leave()

    async def retake(raw: bytes, _content_type: str, _name: str) -> None:
        new = await app.captures.begin(visit, raw, take.question, take.evidence_kind)
        await app.captures.drop(take)
        go(photo_route(new, visit, f"/{back}") if new else way_back(visit, take, back))

    undo = kit.side_button(_("Undo"), lambda _e: hand.take_back(), "undo-stroke", disabled=not strokes)
    tools = [
        PickButton(_("Retake"), _("Retake"), "retake", ft.Icons.PHOTO_CAMERA, retake),
        undo,
        kit.main_button(_("Keep this photo"), keep, "keep-photo", disabled=working),
    ]
    hint = _("Black out faces, badges, screens and names with the finger. Only this version is kept.")
    close = kit.icon_button(ft.Icons.CLOSE, _("Do not keep this photo"), put_away, "put-away")
    field = ft.TextField(
        key="caption",
        label=_("Caption, without names"),
        value=caption,
        on_change=lambda e: set_caption(e.control.value),
    )
    below = kit.stack([field, ft.Row(tools, wrap=True, spacing=theme.S, run_spacing=theme.S), *notices(app)])
    head = ft.Row([close, ft.Container(kit.quiet(hint, max_lines=3), expand=True)], spacing=theme.S)
    column = ft.Column(
        [
            ft.Container(head, padding=theme.XS),
            ft.Container(
                Drawing(data, take, strokes, hand), expand=True, alignment=ft.Alignment.CENTER, padding=theme.XS
            ),
            ft.Container(below, padding=theme.M, bgcolor=theme.CARD),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.View(route=view_route(), padding=0, controls=[ft.SafeArea(expand=True, content=column)])


def way_back(visit: Visit, take: Take, back: str) -> str:
    """Return the page a photo was taken on; its question where that is one of many."""
    base = f"/visit/{visit.assignment.id}"
    section = visit.sheet.section_of.get(take.question or "")
    if back == "question" and section is not None and take.question:
        return f"{base}/section/{in_route(section.key)}/{in_route(take.question)}"
    return f"{base}/{back if back in ('review', 'call') else 'evidence'}"


@ft.component
def Drawing(data: bytes, take: Take, strokes: tuple[Stroke, ...], hand: Hand) -> ft.Control:
    """The picture, and the finger's black over it."""
    width, set_width = ft.use_state(0.0)
    height = width * take.height_px / max(1, take.width_px)

    def sized(event: ft.LayoutSizeChangeEvent[ft.LayoutControl]) -> None:
        hand.width, hand.height = event.width, event.height
        set_width(event.width)

    shapes: list[cv.Shape] = [_drawn(stroke, width, height) for stroke in strokes] if width else []
    return ft.Container(
        aspect_ratio=max(1, take.width_px) / max(1, take.height_px),
        on_size_change=sized,
        content=ft.GestureDetector(
            on_pan_start=hand.begin,
            on_pan_update=hand.go_on,
            drag_interval=EVERY_MS,
            content=ft.Stack(
                [
                    ft.Image(
                        src=data, fit=ft.BoxFit.FILL, expand=True, semantics_label=_("The photo, to be looked at")
                    ),
                    cv.Canvas(shapes, expand=True),
                ],
                fit=ft.StackFit.EXPAND,
            ),
        ),
    )


def _drawn(stroke: Stroke, width: float, height: float) -> cv.Shape:
    paint = ft.Paint(
        color=theme.BLACKED_OUT,
        stroke_width=BRUSH * width,
        stroke_cap=ft.StrokeCap.ROUND,
        stroke_join=ft.StrokeJoin.ROUND,
        style=ft.PaintingStyle.STROKE,
    )
    first = stroke[0]
    rest = (*stroke[1:], stroke[-1])
    elements = [
        cv.Path.MoveTo(first[0] * width, first[1] * height),
        *(cv.Path.LineTo(x * width, y * height) for x, y in rest),
    ]
    return cv.Path(elements, paint=paint)
