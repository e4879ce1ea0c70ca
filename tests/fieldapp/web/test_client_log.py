"""The client's log: no call of it is left, and nothing else goes with it."""

from __future__ import annotations

import re

import pytest

from fieldapp.web import site
from fieldapp.web.client_log import without_log
from fieldapp.web.page import PageChangedError

BEGIN = '$.Z=new A.cs()\ns=2\n$.Z.$1("Flet View is running in Web mode")\n'


@pytest.mark.parametrize(
    ("script", "left"),
    [
        pytest.param('t(a){$.Z.$1("Icon build: "+this.c.a)\nreturn 1}', "t(a){0\nreturn 1}", id="a statement"),
        pytest.param('else $.Z.$1("an (odd \\") word"+A.t([k.c,j]))}', "else 0}", id="brackets within words"),
        pytest.param("$.Z.$1(J.bA(o))\n$.Z.$1(f('('))\ng()", "0\n0\ng()", id="one after the other"),
        pytest.param("$.Zy.$1(a)", "$.Zy.$1(a)", id="another function"),
    ],
)
def test_calls_of_the_log_are_nothing(script: str, left: str) -> None:
    assert without_log(BEGIN + script) == BEGIN.replace('$.Z.$1("Flet View is running in Web mode")', "0") + left


def test_another_release_of_the_client_stops_the_build() -> None:
    with pytest.raises(PageChangedError):
        without_log("main()")


def test_the_pinned_client_words_no_message() -> None:
    script = without_log((site.client_folder() / site.SCRIPT).read_text("utf-8"))
    assert not re.search(r"Received message|applyPatch: |_send: |\.on_\"", script)
