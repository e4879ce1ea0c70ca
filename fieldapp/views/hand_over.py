"""A visit handed on to another phone without a network, and what another's phone handed on, to be read."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from checklists.record.asked import asked_measurements
from checklists.record.assessment import NOT_APPLICABLE, AnswerValue, Assessment, MediaKind
from checklists.record.sheet import Item
from fieldapp import theme
from fieldapp.kept import Came
from fieldapp.language import _, fill, read
from fieldapp.state import App
from fieldapp.state.visit import Visit
from fieldapp.views import kit, words
from fieldapp.views.evidence.pick_button import PickButton, Source
from fieldapp.views.hooks import go
from fieldapp.views.leaving import ZIP, use_way
from fieldapp.views.screen import screen
from fieldapp.views.visit_hooks import Keeping, Opened, use_opened, when_open

FILE_NAME = "visit-handed-on.zip"


@ft.component
def HandOverScreen() -> ft.Control:
    """The way to hand the visit on."""
    return when_open(HandOver)


@ft.component
def HandOver(opened: Opened) -> ft.View:
    """What it means, and the one step."""
    app, visit, _keeping, _durable = use_opened(opened, "assessment")
    working, set_working = ft.use_state(False)
    way = use_way()

    async def hand_on(_event: object) -> None:
        set_working(True)
        if await way.send(app.hand_overs().written(visit), FILE_NAME, ZIP):
            await visit.hand_on()
        set_working(False)

    async def keep_on(_event: object) -> None:
        if await visit.keep_on():
            go(f"/visit/{visit.assignment.id}")

    body: list[ft.Control] = [
        kit.words(_("Somebody else can go on with this visit on their own phone, with no network between you.")),
        kit.words(_("The file holds what you have so far. They can read it, and begin their own record of the visit.")),
        kit.words(_("Your tries count as tries there. Your photos and answers stay yours: nothing is lost here.")),
        kit.quiet(_("The coordinator confirms it as soon as one of the two phones has a network.")),
    ]
    label = _("Hand on as a file")
    actions: list[ft.Control] = [kit.main_button(label, hand_on, "hand-on", disabled=working, icon=ft.Icons.SHARE)]
    if visit.is_given:
        body = [
            kit.banner(kit.Tone.GOOD, _("Handed on. From here the other phone goes on."), key="handed-on"),
            body[-1],
        ]
        again = kit.side_button(_("Hand on again"), hand_on, "hand-on", disabled=working)
        actions = [kit.side_button(_("Go on with it myself"), keep_on, "keep-on"), again]
    return screen(app, _("Hand on"), body, actions=actions if visit.is_draft or visit.is_given else ())


@ft.component
def TakeOverCard(app: App) -> ft.Control:
    """Going on with a visit that somebody's phone handed on."""

    async def take(data: bytes, _content_type: str, _name: str) -> None:
        assignment_id = await app.hand_overs().take(data)
        if assignment_id is not None:
            go(f"/visit/{assignment_id}")

    label = _("Open a visit that was handed on")
    return kit.card(
        [
            kit.heading(_("Taking over a visit?")),
            kit.words(_("Another assessor's phone gives you a file. You read what is there and go on with your own.")),
            PickButton(label, label, "take-over", ft.Icons.FILE_OPEN, take, source=Source.FILES),
        ]
    )


def hand_over_notes(app: App, visit: Visit) -> list[ft.Control]:
    """Return what the visit's page says of a hand-over: that it was given, or what came with it."""
    base = f"/visit/{visit.assignment.id}"
    if visit.is_given:
        message = _("You handed this visit on. It waits for the coordinator; here it is only shown.")
        button = kit.tonal_button(_("Hand-over"), lambda _e: go(f"{base}/hand-over"), "open-hand-over")
        return [kit.banner(kit.Tone.FACT, message, [button], key="given")]
    if visit.assessment.taken_over is None:
        return []
    came = app.hand_overs().came(visit.assignment.id)
    if came is None:
        return []
    told = fill("Handed on by {name}; their tries count with yours.", name=came.name)
    return [
        kit.tile(
            told, _("What they had, to be read"), lambda _e: go(f"{base}/came"), "open-came", icon=ft.Icons.MOVE_DOWN
        )
    ]


def hand_over_tile(visit: Visit) -> list[ft.Control]:
    """Return the way to hand a draft on."""
    if not visit.is_draft:
        return []
    return [
        kit.text_button(
            _("Hand on to another phone"), lambda _e: go(f"/visit/{visit.assignment.id}/hand-over"), "hand-over"
        )
    ]


@ft.component
def CameScreen() -> ft.Control:
    """What another's phone handed on."""
    return when_open(CameBody)


@ft.component
def CameBody(opened: Opened) -> ft.View:
    """Their tries, answers, notes and files: to be read, never changed."""
    app, visit, keeping, _durable = use_opened(opened, "assessment")
    came = app.hand_overs().came(visit.assignment.id)
    body = _record(keeping, came) if came else [kit.quiet(_("Nothing was handed on here."))]
    return screen(app, _("What was handed on"), body)


def _record(keeping: Keeping, came: Came) -> Sequence[ft.Control]:
    record, visit = came.record, keeping.visit
    begun = words.moment(record.start.corrected, visit.zone)
    rows: list[ft.Control] = [kit.facts([(_("Assessor"), came.name), (_("Begun"), begun)])]
    stamps = [
        (read(item.label), words.moment(mark.trusted_at, visit.zone, seconds=True))
        for item in asked_measurements(visit.sheet)
        if (mark := record.measurements.get(item.key)) is not None and mark.trusted_at is not None
    ]
    if stamps:
        rows += [kit.heading(_("Measurements")), kit.facts(stamps)]
    if record.attempts:
        tries = [
            (words.moment(each.trusted_at, visit.zone), _(words.OUTCOMES[each.outcome]))
            for each in record.attempts
            if each.taken_back_at is None
        ]
        rows += [kit.heading(_("Tries")), kit.facts(tries)]
    items = [item for key, item in visit.sheet.all_items.items() if key in record.answers or record.notes.get(key)]
    if items:
        rows += [
            kit.heading(_("Answers")),
            kit.facts([(read(item.question.text), _said(record, item)) for item in items]),
        ]
    pictures = [file for file in record.evidence if file.kind is MediaKind.PHOTO]
    shown = [(file, data) for file in pictures if (data := visit.media(file.sha256)) is not None]
    if shown:
        rows.append(kit.heading(_("Photos")))
        for file, data in shown:
            name = file.caption or _("Photo")
            picture = ft.Image(src=data, fit=ft.BoxFit.CONTAIN, height=theme.PICTURE, semantics_label=name)
            rows += [ft.Row([picture]), *([kit.words(file.caption)] if file.caption else [])]
    if record.jotted:
        rows += [kit.heading(_("Notes")), kit.words(record.jotted)]
    return rows


def _said(record: Assessment, item: Item) -> str:
    answer = record.answers.get(item.key)
    notes = record.notes.get(item.key, {}).values()
    return "\n".join([*([_answer(item, answer.value)] if answer else []), *notes])


def _answer(item: Item, value: AnswerValue) -> str:
    if value == NOT_APPLICABLE:
        return _("Not applicable")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    option = next((each for each in item.question.options if each.code == value), None)
    return read(option.label) if option else str(value)
