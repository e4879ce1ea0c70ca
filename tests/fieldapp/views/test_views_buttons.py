"""What the client is told of a button."""

from __future__ import annotations

from typing import Any

import flet as ft
import msgpack
import pytest
from flet.messaging.protocol import configure_encode_object_for_msgpack

from fieldapp.views import kit

PACKED = configure_encode_object_for_msgpack(ft.BaseControl)


@pytest.mark.parametrize(
    "button",
    [kit.tonal_button("Now", None, "now"), kit.key_button("1", lambda _e: None, "Key 1", "key-1")],
    ids=["tonal", "key"],
)
def test_a_tonal_button_casts_no_shadow(button: Any) -> None:
    """It would be the darkest thing on the page where it is disabled."""
    button._before_update_safe()
    told = msgpack.unpackb(msgpack.packb(button, default=PACKED), strict_map_key=False)
    assert told["_internals"]["style"]["elevation"] == 0
