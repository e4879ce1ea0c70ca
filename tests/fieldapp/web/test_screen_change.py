"""Screens change at once, and one that is the same as before is not built again."""

from __future__ import annotations

import pytest

from fieldapp.web import site
from fieldapp.web.page import PageChangedError
from fieldapp.web.screen_change import at_once

BEGUN = '$1(a){var s,r=new A.b9(a.m(0,"route",B.f.l(a.a),t.N),t._b),'
CLIENT = (
    BEGUN
    + """q=new A.ev(a,null),p=t.z
if(this.a.cx==null)p=A.cw(q,B.Q,!0,!1,r,p)
else{s=a.m(0,"fullscreen_dialog",!1,t.y)
s.toString
p=A.cw(q,B.ce,!1,s,r,p)}return p},
"""
)
AT_ONCE = (
    BEGUN
    + """q=a.ownScreen||(a.ownScreen=new A.ev(a,null)),p=t.z
if(this.a.cx==null)p=A.cw(q,B.Q,!0,!1,r,p)
else{s=a.m(0,"fullscreen_dialog",!1,t.y)
s.toString
p=A.cw(q,B.Q,!1,s,r,p)}return p},
"""
)


def test_a_change_takes_no_time_and_keeps_what_is_the_same() -> None:
    assert at_once(CLIENT) == AT_ONCE


@pytest.mark.parametrize("script", ["main()", CLIENT * 2], ids=["no such place", "two of them"])
def test_another_release_of_the_client_stops_the_build(script: str) -> None:
    with pytest.raises(PageChangedError):
        at_once(script)


def test_the_pinned_client_changes_screens_at_once() -> None:
    script = (site.client_folder() / site.SCRIPT).read_text("utf-8")
    assert "ownScreen" not in script
    assert "ownScreen" in at_once(script)
