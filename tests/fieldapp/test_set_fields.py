"""Flet looks only into what is set, and finds and marks what it would have found and marked by itself."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec, module_from_spec
from typing import Any

import flet as ft
import msgpack
import pytest
from flet.components.component import Renderer
from flet.controls.context import _context_page
from flet.messaging.protocol import configure_encode_object_for_msgpack

from fieldapp import set_fields
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.question_card import QuestionCard, card_of
from fieldapp.views.today.page import NO_GROUP, _groups
from fieldapp.views.visit.attempts import AttemptsCard
from fieldapp.views.visit.briefing import BriefingCard
from fieldapp.views.visit.sections import section_tiles
from fieldapp.views.visit_hooks import Keeping
from tests.builders import NOON
from tests.fieldapp.app_kit import Phone, a_visit
from tests.fieldapp.drawn import a_session

PACKED = configure_encode_object_for_msgpack(ft.BaseControl)


def of_flet() -> Any:
    """Flet's own, as it is where nobody has touched it."""
    spec = find_spec("flet.controls.object_patch")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.DiffBuilder(None, None, ft.BaseControl)


def of_the_app() -> Any:
    builder = of_flet()
    for name, own in set_fields.OWN.items():
        setattr(builder, name, own.__get__(builder))
    return builder


@ft.component
def everything(phone: Phone) -> ft.Control:
    """A little of every screen: lists, cards, fields, dialogs, components within components."""
    visit: Visit = phone.visit
    keeping = Keeping(visit)
    return kit.stack(
        [
            *_groups(phone.app, NOON, None, NO_GROUP, lambda _due: None, 0),
            BriefingCard(visit.assignment, visit.sheet.form, True),
            AttemptsCard(keeping),
            *section_tiles(keeping),
            *(QuestionCard(card_of(visit, item), visit.answer, keeping) for item in visit.sheet.all_items.values()),
            kit.banner(kit.Tone.ALARM, "words", [kit.main_button("words", None, "key", icon=ft.Icons.CALL)]),
            ft.Container(bgcolor=ft.Colors.RED, border=ft.Border.all(2, "red"), gradient=ft.LinearGradient(["red"])),
        ]
    )


def marks(control: Any) -> tuple[object, ...]:
    parent = control.parent
    state = [getattr(control, name, None) for name in ("_frozen", "_initialized", "_dirty")]
    return type(control).__name__, str(control.key), type(parent).__name__, *map(str, state)


async def drawn() -> tuple[Any, Any]:
    phone = await a_visit()
    session = a_session()
    _context_page.set(session.page)
    return Renderer().render(everything, phone), session


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("is_told", [True, False], ids=["told to the client", "not told yet"])
async def test_the_same_controls_come_and_go(frozen: bool, is_told: bool) -> None:
    found = []
    for builder in (of_flet(), of_the_app()):
        whole, session = await drawn()
        come = list(builder._configure_dataclass(whole, session.page, frozen))
        if is_told:
            msgpack.packb(whole, default=PACKED)
        gone = list(builder._removed_controls(whole, True))
        found.append((Counter(map(marks, come)), Counter(map(marks, gone)), come[0] is gone[-1] is whole))
    by_flet, by_the_app = found
    assert by_flet == by_the_app
    assert sum(by_flet[0].values()) > 300


def test_nothing_that_is_set_by_default_is_a_control_or_holds_one() -> None:
    """What stands in a class's own defaults is not looked into."""
    kinds = [kind for kind in vars(ft).values() if isinstance(kind, type) and hasattr(kind, "_prop_defaults")]
    held = {
        kind.__name__: kind
        for kind in kinds
        for value in kind._prop_defaults.values()
        if set_fields.may_hold(type(value))
    }
    assert not held
