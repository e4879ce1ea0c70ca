"""A photo is looked at before it is kept: durable at once, black where the finger went, told when used before."""

from __future__ import annotations

import pytest

from fieldapp.kept import Take
from fieldapp.ports import Stroke
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, fill

STROKE: Stroke = ((0.1, 0.2), (0.3, 0.4))


async def a_phone() -> Phone:
    phone = await fill(Phone(), an_assignment(), an_assignment(id="assignment-2"))
    await phone.app.start()
    assert await phone.app.open_visit("assignment-1")
    return phone


async def taken(phone: Phone, raw: bytes = b"photo") -> Take:
    take = await phone.app.captures.begin(phone.visit, raw, "PA1", "screenshot")
    assert take is not None
    return take


async def test_a_photo_not_looked_at_survives_a_kill_and_waits_at_its_question() -> None:
    """CAP-1"""
    phone = await a_phone()
    take = await taken(phone)
    assert phone.visit.assessment.evidence == ()
    phone = phone.restarted()
    await phone.app.start()
    assert phone.app.notice is not None
    assert phone.app.notice.code == "photo-waits"
    assert [(wait.id, wait.question) for wait in phone.app.captures.waiting] == [(take.id, "PA1")]
    assert phone.app.captures.picture(take) == b"prepared photo"


async def test_only_the_picture_with_the_black_is_kept() -> None:
    """CAP-2"""
    phone = await a_phone()
    take = await taken(phone)
    assert await phone.app.captures.keep(phone.visit, take, [STROKE], "  the sign ")
    evidence = phone.visit.assessment.evidence[0]
    assert (evidence.question, evidence.evidence_kind, evidence.caption) == ("PA1", "screenshot", "the sign")
    assert phone.visit.media(evidence.sha256) == b"black prepared photo"
    assert phone.app.captures.waiting == ()
    assert phone.app.ports.takes.unfinished() == ()
    assert phone.app.captures.picture(take) == b""
    assert len(phone.app.ports.media.hashes()) == 1


async def test_a_photo_that_is_not_wanted_leaves_nothing() -> None:
    phone = await a_phone()
    assert await phone.app.captures.drop(await taken(phone))
    assert phone.app.ports.takes.unfinished() == ()
    assert phone.visit.assessment.evidence == ()


async def test_a_photo_that_cannot_be_shown_is_kept_as_it_came() -> None:
    phone = await a_phone()
    assert await phone.app.captures.begin(phone.visit, b"broken", "PA1", "screenshot") is None
    assert [(file.question, file.prepared) for file in phone.visit.assessment.evidence] == [("PA1", False)]


@pytest.mark.parametrize(
    ("raw", "told"),
    [pytest.param(b"photo", "photo-used-before", id="the same"), pytest.param(b"another", None, id="another one")],
)
async def test_a_photo_used_before_is_told_with_where(raw: bytes, told: str | None) -> None:
    """CAP-3"""
    phone = await a_phone()
    assert await phone.app.captures.keep(phone.visit, await taken(phone), [], "")
    assert phone.app.notice is None
    assert await phone.app.open_visit("assignment-2")
    assert await phone.app.captures.keep(phone.visit, await taken(phone, raw), [], "")
    assert (phone.app.notice.code if phone.app.notice else None) == told
    if phone.app.notice:
        assert "Harbour Ferry Hotline" in phone.app.notice.message.in_language("en")


async def test_personal_data_in_a_caption_stands_in_the_way() -> None:
    phone = await a_phone()
    assert await phone.app.captures.keep(phone.visit, await taken(phone), [], "call 9123 4567")
    found = [finding for finding in phone.visit.findings if finding.code == "personal-data"]
    assert [finding.question for finding in found] == ["PA1"]
