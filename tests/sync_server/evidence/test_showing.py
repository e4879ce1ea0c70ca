"""SHOW: which bytes stand for a file on a page. Ids are those in sync_server/evidence/shown.py."""

from __future__ import annotations

import pytest

from sync_server.database.queries.derivatives import Derived
from sync_server.evidence.shown import FULL, PREVIEW, SOUND, Given, given_for, why_not_made

JPEG = Given("original", "image/jpeg", 9)
HEIF = Given("original", "image/heif", 9)
WEBM = Given("original", "audio/webm", 9)
SMALL = Derived("small", "image/jpeg", 1, "")
LARGE = Derived("large", "image/jpeg", 2, "")
FAILED = Derived(None, "", 0, "not-readable")


@pytest.mark.parametrize(
    ("held", "made", "purposes", "was_prepared", "sent"),
    [
        pytest.param(
            JPEG, {"preview": SMALL, "shown": LARGE}, PREVIEW, True, "small", id="SHOW-1 the small one in lists"
        ),
        pytest.param(JPEG, {"preview": SMALL, "shown": LARGE}, FULL, True, "large", id="SHOW-1 the large one alone"),
        pytest.param(JPEG, {"shown": LARGE}, PREVIEW, True, "large", id="SHOW-1 the large one where no small one is"),
        pytest.param(JPEG, {}, FULL, True, "original", id="SHOW-2 a prepared one until then"),
        pytest.param(HEIF, {}, FULL, True, None, id="SHOW-2 not a type that browsers do not know"),
        pytest.param(JPEG, {}, FULL, False, None, id="SHOW-3 never one that came as it was"),
        pytest.param(
            JPEG, {"shown": FAILED, "preview": FAILED}, FULL, False, None, id="SHOW-3 nor one that cannot be read"
        ),
        pytest.param(HEIF, {"shown": LARGE}, FULL, False, "large", id="SHOW-3 but its derivative"),
        pytest.param(WEBM, {}, SOUND, True, "original", id="SHOW-2 sound"),
        pytest.param(WEBM, {}, FULL, True, None, id="sound is no picture"),
    ],
)
def test_what_is_sent_for_a_file(held, made, purposes, was_prepared, sent):
    given = given_for(held, made, purposes, was_prepared=was_prepared)
    assert (given.sha256 if given else None) == sent


def test_a_page_says_why_a_file_cannot_be_shown():
    assert why_not_made({"shown": FAILED}) == "not-readable"
    assert why_not_made({"shown": LARGE}) == ""
    assert why_not_made({}) == ""
