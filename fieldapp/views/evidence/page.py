"""Everything kept for a visit: photos with their pictures, audio notes to hear, and the ways to add more."""

from __future__ import annotations

import flet as ft

from checklists.record.assessment import Evidence, MediaKind
from fieldapp import theme
from fieldapp.kept import Take
from fieldapp.language import _, fill
from fieldapp.sizes import size_text
from fieldapp.state import App
from fieldapp.state.custody import FEW_PHOTOS
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views.evidence.pick_button import PickButton, Source
from fieldapp.views.evidence.player import Player
from fieldapp.views.evidence.sound import SoundCard
from fieldapp.views.hooks import go, keyed, use_fields
from fieldapp.views.screen import screen
from fieldapp.views.tappable import Tappable
from fieldapp.views.visit_hooks import Keeping, Opened, photo_route, use_opened, when_open


@ft.component
def EvidenceScreen() -> ft.Control:
    """The list, newest first; photos are added at the thumb."""
    return when_open(EvidenceBody)


@ft.component
def EvidenceBody(opened: Opened) -> ft.View:
    """The page itself, once the visit is open."""
    app, visit, keeping, durable = use_opened(opened, "assessment", "busy")
    use_fields(app.captures, "waiting")
    use_fields(app, "space")
    ft.use_effect(app.measure, [])

    async def photo(data: bytes, _content_type: str, _name: str) -> None:
        await keeping.photo(data, None, None)

    add: list[ft.Control] = []
    pick: list[ft.Control] = []
    if visit.is_draft:
        gallery = _("From the gallery")
        warning = _("No people in the picture. Cover faces, badges, screens and papers with names.")
        add = [
            kit.banner(kit.Tone.CAUTION, warning),
            *room(app),
            SoundCard(app, visit),
        ]
        pick = [
            PickButton(gallery, gallery, "from-gallery", ft.Icons.PHOTO_LIBRARY, photo, Source.GALLERY),
            PickButton(
                *(_("Take photo"), _("Take photo"), "take-photo", ft.Icons.PHOTO_CAMERA, photo), make=kit.main_button
            ),
        ]
    if visit.busy or not durable:
        add.append(kit.quiet(_("Preparing and keeping the file")))
    add += [_waiting(visit, take) for take in app.captures.waiting if take.assessment_id == visit.assessment.id]
    rows = [keyed(item.id, EvidenceRow, item, keeping) for item in reversed(visit.assessment.evidence)]
    nothing = kit.empty(
        ft.Icons.PHOTO_LIBRARY,
        _("Nothing here yet"),
        _("Photos and audio notes stay on this phone until they are safe."),
    )
    return screen(app, _("Photos and audio notes"), [*add, *(rows or [nothing])], actions=pick)


def room(app: App) -> list[ft.Control]:
    """Return how many photos there is room for, and where that is little the way to where room is made (CUS-2)."""
    if app.photos_left is None:
        return []
    if app.photos_left > FEW_PHOTOS:
        return [kit.quiet(fill("Room for more than {count} photos on this phone.", count=FEW_PHOTOS))]
    told = fill("Room for about {count} more photos on this phone.", count=app.photos_left)
    button = kit.text_button(_("Settings"), lambda _e: go("/settings"), "make-room")
    return [kit.banner(kit.Tone.CAUTION, told, [button], key="room")]


@ft.component
def EvidenceRow(item: Evidence, keeping: Keeping) -> ft.Control:
    """One file: its picture or player, what it belongs to, and a way to remove it."""
    visit = keeping.visit
    asking, set_asking = ft.use_state(False)
    name = f"{_kind(item)} {words.clock(item.moment.corrected, visit.zone, seconds=True)}"

    async def remove(_event: object) -> None:
        set_asking(False)
        await keeping.remove(item.id)

    ft.use_dialog(
        kit.dialog(
            fill("Remove {name}?", name=name),
            actions=[
                kit.text_button(_("Keep it"), lambda _e: set_asking(False), "remove-no"),
                kit.main_button(_("Remove"), remove, "remove-yes"),
            ],
            on_dismiss=lambda _e: set_asking(False),
        )
        if asking
        else None
    )
    belongs = fill("For question {key}", key=item.question) if item.question else _("For the whole visit")
    caption = [kit.words(item.caption)] if item.caption else []
    text = kit.stack(
        [
            kit.words(name, ft.TextThemeStyle.TITLE_SMALL),
            kit.quiet(_(", ").join((belongs, size_text(item.size_bytes)))),
            *caption,
        ],
        spacing=0,
    )
    bin_name = fill("Remove {name}", name=name)
    bin_button = kit.icon_button(ft.Icons.DELETE_OUTLINE, bin_name, lambda _e: set_asking(True), f"remove-{item.id}")
    rows: list[ft.Control] = [
        ft.Row(
            [_picture(visit, item, name), ft.Container(text, expand=True), *([bin_button] if visit.is_draft else [])]
        )
    ]
    if item.kind.is_sound:
        rows.append(Player(keeping, item, name))
    if not item.prepared:
        rows.append(kit.banner(kit.Tone.CAUTION, words.why_not_prepared(item.why_not_prepared)))
    return kit.card(rows)


def _waiting(visit: Visit, take: Take) -> ft.Control:
    """Return the way to a photo that was taken and not looked at yet."""
    at = words.clock(take.begun_at, visit.zone, seconds=True)
    told = fill("Taken {time}, not kept yet", time=at)
    back = photo_route(take, visit, "/evidence")
    return kit.tile(_("Photo to look at"), told, lambda _e: go(back), f"wait-{take.id}", icon=ft.Icons.PHOTO_CAMERA)


def _kind(item: Evidence) -> str:
    if item.evidence_kind:
        return words.evidence_name(item.evidence_kind)
    return _(words.MEDIA[item.kind])


def _picture(visit: Visit, item: Evidence, name: str) -> ft.Control:
    """Return the picture, or a sign where there is none to show here."""
    data = visit.media(item.sha256) if item.kind is MediaKind.PHOTO and item.prepared else None
    if data is None:
        sign = ft.Icons.MIC if item.kind.is_sound else ft.Icons.DESCRIPTION
        return ft.Icon(sign, color=theme.QUIET)
    picture = ft.Image(
        src=data,
        width=theme.THUMB,
        height=theme.THUMB,
        fit=ft.BoxFit.COVER,
        border_radius=theme.RADIUS,
        cache_width=theme.THUMB * 2,
    )

    def open_it(_event: object) -> None:
        go(f"/visit/{visit.assignment.id}/picture/{item.id}")

    return Tappable(
        container=True,
        exclude_semantics=True,
        button=True,
        label=fill("Open {name}", name=name),
        on_click=open_it,
        content=ft.Container(picture, on_click=open_it, key=f"open-{item.id}"),
    )
