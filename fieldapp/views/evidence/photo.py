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
from fieldapp.views.window import use_low

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
    asking, set_asking = ft.use_state(False)
    is_low = use_low()
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
        set_asking(False)
        if await app.captures.drop(take):
            leave()

    async def retake(raw: bytes, _content_type: str, _name: str) -> None:
        new = await app.captures.begin(visit, raw, take.question, take.evidence_kind)
        await app.captures.drop(take)
        go(photo_route(new, visit, f"/{back}") if new else way_back(visit, take, back))

    ft.use_dialog(_not_kept(put_away, lambda _e: set_asking(False)) if asking else None)
    undo = kit.side_button(_("Undo"), lambda _e: hand.take_back(), "undo-stroke", disabled=not strokes)
    again = PickButton(_("Retake"), _("Retake"), "retake", ft.Icons.PHOTO_CAMERA, retake)
    tools = ft.Row([ft.Container(one, expand=True) for one in (again, undo)], spacing=theme.S)
    main = kit.main_button(_("Keep this photo"), keep, "keep-photo", disabled=working)
    hint = _("Black out faces, badges, screens and names with the finger. Only this version is kept.")
    close = kit.icon_button(ft.Icons.CLOSE, _("Do not keep this photo"), lambda _e: set_asking(True), "put-away")
    field = ft.TextField(
        key="caption",
        label=_("Caption, without names"),
        value=caption,
        on_change=lambda e: set_caption(e.control.value),
    )
    below = kit.stack([field, tools, main, *notices(app)])
    head = ft.Row([close, ft.Container(kit.quiet(hint), expand=True)], spacing=theme.S)
    picture = ft.Container(
        Drawing(data, take, strokes, hand), key="drawing", expand=2, alignment=ft.Alignment.CENTER, padding=theme.XS
    )
    content = _beside(picture, head, below) if is_low else _below(picture, head, below)
    return ft.View(route=view_route(), padding=0, controls=[ft.SafeArea(expand=True, content=content)])


def _below(picture: ft.Control, head: ft.Control, tools: ft.Control) -> ft.Control:
    held = ft.Container(tools, width=theme.READING_WIDTH, padding=theme.M)
    return ft.Column(
        [
            ft.Container(head, padding=theme.XS),
            picture,
            ft.Container(held, bgcolor=theme.CARD, alignment=ft.Alignment.TOP_CENTER),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _beside(picture: ft.Control, head: ft.Control, tools: ft.Control) -> ft.Control:
    """Return it for a phone on its side: the height is the picture's."""
    column = ft.Column([head, tools], scroll=ft.ScrollMode.AUTO, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    side = ft.Container(column, expand=1, padding=theme.M, bgcolor=theme.CARD)
    return ft.Row([picture, side], spacing=0, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


def _not_kept(put_away: kit.OnTap, stay: Callable[[object], None]) -> ft.AlertDialog:
    """Return the question before a photo is gone: the queue it shows may never stand there again."""
    return kit.dialog(
        _("Do not keep this photo?"),
        [
            kit.text_button(_("Do not keep it"), put_away, "put-away-yes"),
            kit.main_button(_("Look at it again"), stay, "put-away-no"),
        ],
        kit.words(_("It is gone then, and cannot be brought back.")),
        on_dismiss=stay,
    )


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
