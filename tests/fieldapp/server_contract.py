"""What the Server port promises. The in-process fake and the real transport over HTTP run the same tests."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from checklists import wire
from fieldapp.errors import Refused, SignInNeeded
from fieldapp.ports import Server
from fieldapp.server_replies import Acknowledgement, CounterOrder, HeldFile
from tests.builders import an_assessment, an_assignment, evidence
from tests.fieldapp.sync_double import TIME, SyncDouble

COUNTER = CounterOrder(company="market", name={"en": "Market"}, opens_at=TIME, closes_at=TIME + timedelta(days=9))
PHOTO = bytes(range(256)) * 5000  # more than two chunks
NAME = hashlib.sha256(PHOTO).hexdigest()
RECORD = an_assessment(evidence=(evidence("PA1", sha256=NAME),))


async def sent(server: Server, upload: str, data: bytes = PHOTO) -> list[tuple[int, int]]:
    seen: list[tuple[int, int]] = []
    assert await server.send_file(upload, data, lambda held, whole: seen.append((held, whole)))
    return seen


async def begin(server: Server) -> str:
    return await server.begin_file(
        NAME, size_bytes=len(PHOTO), kind="photo", content_type="image/jpeg", assessment_id=RECORD.id
    )


class ServerContract:
    """Subclasses give `double` and `server`, signed in."""

    async def test_enrolment_gives_a_token_and_says_whose_phone_this_is(self, server: Server) -> None:
        told = await server.enrol("K7QF", "device-1", "phone")
        assert (told.assessor_id, told.assessor_name, told.server_time) == ("assessor-1", "陳大文", TIME)
        again = await server.enrol("K7QF", "device-1", "phone")
        assert again.token != told.token

    @pytest.mark.parametrize(
        ("code", "device", "problem"),
        [
            pytest.param("ZZZZ", "device-1", "enrolment-code-unknown", id="unknown code"),
            pytest.param("AAAA", "device-2", "enrolment-code-used", id="used on another device"),
        ],
    )
    async def test_a_code_that_is_no_good_is_refused_in_words(
        self, server: Server, code: str, device: str, problem: str
    ) -> None:
        await server.enrol("AAAA", "device-1", "phone")
        with pytest.raises(Refused, match=problem) as told:
            await server.enrol(code, device, "phone")
        assert "coordinator" in str(told.value.message)

    async def test_changes_come_in_pages_each_once(self, server: Server, double: SyncDouble) -> None:
        double.told = [("assignment", f"a{n}", an_assignment(id=f"a{n}")) for n in range(5)]
        double.page = 2
        cursor, more, seen = "", True, []
        while more:
            page = await server.changes(cursor)
            seen += [change.id for change in page.changes]
            cursor, more = page.cursor, page.more
        assert seen == ["a0", "a1", "a2", "a3", "a4"]
        assert (await server.changes(cursor)).changes == ()
        assert wire.decode(bytes((await server.changes("")).changes[0].body), type(an_assignment())).id == "a0"

    async def test_a_record_is_acknowledged_by_its_digest_with_what_is_missing(self, server: Server) -> None:
        body = wire.encode(RECORD)
        for _ in range(2):
            told = await server.put(RECORD.id, body)
            assert (told.revision, told.digest, told.missing) == (1, wire.digest(body), (NAME,))

    async def test_another_content_under_the_same_revision_is_refused(self, server: Server) -> None:
        await server.put(RECORD.id, wire.encode(RECORD))
        with pytest.raises(Refused, match="revision-conflict"):
            await server.put(RECORD.id, wire.encode(an_assessment(answers={"PA1": True})))

    async def test_a_file_arrives_whole_and_is_told_on_the_receipt(self, server: Server, double: SyncDouble) -> None:
        body = wire.encode(RECORD)
        await server.put(RECORD.id, body)
        lacking = Acknowledgement(revision=1, digest=wire.digest(body), files=(HeldFile(sha256=NAME, held=False),))
        assert await server.acknowledgement(RECORD.id) == lacking
        seen = await sent(server, await begin(server))
        assert seen[-1] == (len(PHOTO), len(PHOTO))
        assert seen == sorted(seen)
        assert double.media[NAME] == PHOTO
        assert (await server.acknowledgement(RECORD.id)).files == (HeldFile(sha256=NAME, held=True),)

    async def test_an_upload_goes_on_where_it_stopped(self, server: Server, double: SyncDouble) -> None:
        upload = await begin(server)
        double.append(next(iter(double.uploads)), 0, PHOTO[:700_000])
        seen = await sent(server, upload)
        assert seen[0][0] >= 700_000
        assert double.media[NAME] == PHOTO

    async def test_an_answer_of_a_counter_arrives_once_and_where_it_stands_is_said(
        self, server: Server, double: SyncDouble
    ) -> None:
        double.counter = COUNTER
        for _ in range(2):
            await server.put_counter_answer("one", b'{"company": "market"}')
        assert double.customers == {"one": {"company": "market"}}
        assert (await server.changes("")).counter == COUNTER
        double.refused["two"] = "survey-not-open"
        with pytest.raises(Refused) as refused:
            await server.put_counter_answer("two", b"{}")
        assert refused.value.code == "survey-not-open"

    async def test_a_file_the_server_holds_is_not_sent_again(self, server: Server, double: SyncDouble) -> None:
        double.media[NAME] = PHOTO
        await sent(server, await begin(server))
        assert ("file", NAME) not in double.calls

    async def test_an_upload_the_server_forgot_begins_again(self, server: Server, double: SyncDouble) -> None:
        upload = await begin(server)
        double.uploads.clear()
        assert not await server.send_file(upload, PHOTO)

    async def test_wrong_bytes_are_thrown_away_and_begin_again(self, server: Server, double: SyncDouble) -> None:
        assert not await server.send_file(await begin(server), PHOTO[:-1] + b"?")
        assert double.media == {}

    async def test_a_receipt_of_what_the_server_never_had_is_empty(self, server: Server) -> None:
        assert await server.acknowledgement("no-such") == Acknowledgement(revision=0, digest="")

    async def test_a_withdrawn_token_asks_to_sign_in(self, server: Server, double: SyncDouble) -> None:
        double.tokens.clear()
        with pytest.raises(SignInNeeded):
            await server.changes("")
        with pytest.raises(SignInNeeded):
            await server.put(RECORD.id, wire.encode(RECORD))
        with pytest.raises(SignInNeeded):
            await begin(server)
