"""The page of an older revision. REVN ids are those in sync_server/pages/revision.py."""

from __future__ import annotations

import re

import msgspec
import pytest

from checklists.record.assessment import Contact, RecordStatus
from sync_server.people.permissions import Role
from tests.builders import an_attempt, at
from tests.sync_server.desk import push, send, signed_in
from tests.sync_server.season_kit import ANSWERS, a_call, a_photo

FIGURE = re.compile(r'<div class="figure"><dt>([^<]+)</dt><dd>([^<]+)</dd>')
FACT = re.compile(r"<div><dt>([^<]+)</dt><dd[^>]*>([^<]+)</dd>")
CHIP = re.compile(r'<li><span class="chip[^"]*">([^<]+)</span></li>')


@pytest.fixture
def pages(desk):
    """What a coordinator reads of a call that was returned and sent again: of its first revision and of the current."""
    first = a_call(attempts=(an_attempt(-60), an_attempt(0, "connected")))
    was = push(desk, first)
    with signed_in(desk, Role.COORDINATOR) as client:
        say = {"verdict": "returned", "digest": was, "reason": "Look at the second menu again."}
        send(client, f"/assessments/{first.id}/review", say)
        again = msgspec.structs.replace(
            first,
            revision=2,
            answers={**first.answers, "PD4": first.answers["PA1"]},
            evidence=(*first.evidence, a_photo(b"third", "PB1")),
            attempts=(*first.attempts, an_attempt(30, "connected", note="Called once more.")),
            finished_at=at(45),
        )
        changed = a_call(answers=ANSWERS | {"PD4": False}).answers
        now = push(desk, msgspec.structs.replace(again, answers=changed))
        send(client, f"/assessments/{first.id}/review", {"verdict": "accepted", "digest": now})
        address = f"/assessments/{first.id}"
        return client.get(f"{address}?digest={was}").text, client.get(address).text


def read(page):
    chips = CHIP.findall(page.partition('<ul class="chips">')[2].partition("</ul>")[0])
    return dict(FIGURE.findall(page)) | dict(FACT.findall(page)) | {"chips": chips}


@pytest.mark.parametrize(
    ("name", "then", "now"),
    [
        pytest.param("Base score", "88.25", "68.75", id="REVN-1 the score at the head"),
        pytest.param("Files", "0 of 2", "0 of 3", id="REVN-1 the files it names"),
        pytest.param("Finished at", "1 Mar 2021 12:20", "1 Mar 2021 12:45", id="REVN-1 when it was finished"),
        pytest.param("chips", ["Finished", "Connected"], ["Accepted", "Connected"], id="REVN-1 its state"),
    ],
)
def test_the_head_is_of_the_revision_that_is_shown(pages, name, then, now):
    assert (read(pages[0])[name], read(pages[1])[name]) == (then, now)


@pytest.mark.parametrize(
    ("words", "then", "now"),
    [
        pytest.param("Called once more.", False, True, id="REVN-1 the tries"),
        pytest.param("Look at the second menu again.", True, True, id="REVN-1 a review of the first"),
        pytest.param('class="chip good">Accepted', False, True, id="REVN-1 a review of the second"),
        pytest.param("Critical items that failed", False, True, id="REVN-1 findings"),
        pytest.param("Everything here is of revision 1", True, False, id="REVN-1 says which it is"),
        pytest.param('name="verdict"', False, True, id="REVN-1 no verdict from there"),
        pytest.param('name="decision"', False, True, id="REVN-1 no ruling from there"),
    ],
)
def test_the_rest_of_the_page_is_too(pages, words, then, now):
    assert (words in pages[0], words in pages[1]) == (then, now)


def test_an_older_draft_has_the_state_of_a_draft_and_no_kept_score(desk):
    """REVN-1"""
    first = a_call(status=RecordStatus.DRAFT, contact=Contact.OPEN, finished_at=None, answers={})
    was = push(desk, first)
    push(desk, a_call(id=first.id, revision=2))
    with signed_in(desk, Role.VIEWER) as client:
        page = read(client.get(f"/assessments/{first.id}?digest={was}").text)
    assert page["chips"][0] == "Draft"
    assert page["Base score"] == "–"
