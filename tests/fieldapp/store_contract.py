"""What every place to keep things promises. Each kind of folder runs the same tests: subclass, and say how to open one.

`reopen` is what the next start of the app finds after a cut at that moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec
import pytest

from checklists.language import N_, sentence
from checklists.record.assessment import SyncState
from fieldapp.errors import NotKept
from fieldapp.kept import CounterAnswer, Delivery, Device, Feed, Settings
from fieldapp.ports import Folder
from fieldapp.storage import FileMedia, Keeper, TinyStore
from tests.builders import NOON, a_form, an_assessment, an_assignment, an_attempt, at, evidence

SECOND = "0190b6f0-0000-7000-8000-000000000002"


@dataclass
class Kept:
    """One start of the app over a folder."""

    store: TinyStore
    media: FileMedia
    folder: Folder


Reopen = Callable[[], Awaitable[Kept]]


async def opened(folder: Folder) -> Kept:
    keeper = Keeper(folder)
    store = TinyStore(keeper)
    assert await store.open() == ()
    return Kept(store, FileMedia(keeper), folder)


class StoreContract:
    """Subclasses give the fixtures `kept` and `reopen`."""

    async def test_a_saved_assessment_survives_reopening(self, kept: Kept, reopen: Reopen) -> None:
        saved = an_assessment(
            answers={"PA1": True, "PA2": "冇人接聽"},
            attempts=(an_attempt(),),
            evidence=(evidence("PA1"),),
            finished_at=at(30),
        )
        await kept.store.save(saved)
        assert (await reopen()).store.load(saved.id) == saved

    async def test_a_later_save_replaces_the_whole_record(self, kept: Kept, reopen: Reopen) -> None:
        saved = an_assessment(answers={"PA1": True}, finished_at=at(30))
        await kept.store.save(saved)
        emptied = msgspec.structs.replace(saved, answers={}, finished_at=None)
        await kept.store.save(emptied)
        assert (await reopen()).store.load(saved.id) == emptied

    async def test_assessments_come_oldest_first(self, kept: Kept, reopen: Reopen) -> None:
        later = an_assessment(started_at=at(60))
        earlier = an_assessment(id=SECOND, started_at=NOON)
        await kept.store.save(later)
        await kept.store.save(earlier)
        assert (await reopen()).store.assessments() == (earlier, later)

    async def test_delivery_stands_beside_its_record(self, kept: Kept, reopen: Reopen) -> None:
        record = an_assessment()
        refused = Delivery(
            assessment_id=record.id,
            state=SyncState.REFUSED,
            reason=sentence(N_("No: {why}"), why="entrant withdrew"),
            code="entrant-withdrawn",
            missing=("a" * 64,),
        )
        await kept.store.save(record)
        await kept.store.save_delivery(refused)
        await kept.store.save(record)
        after = (await reopen()).store
        assert after.delivery(record.id) == refused
        assert after.load(record.id) == record

    async def test_unknown_ids_are_nothing_yet(self, kept: Kept) -> None:
        assert kept.store.load("no-such") is None
        assert kept.store.form("no-such@1") is None
        assert kept.store.delivery("no-such") == Delivery(assessment_id="no-such")
        await kept.store.remove("no-such")

    async def test_a_removed_assessment_stays_removed(self, kept: Kept, reopen: Reopen) -> None:
        await kept.store.save(an_assessment())
        await kept.store.remove(an_assessment().id)
        assert (await reopen()).store.assessments() == ()

    async def test_answers_of_a_counter_survive_until_they_are_removed(self, kept: Kept, reopen: Reopen) -> None:
        made = [
            CounterAnswer(id=name, company="market", answers={"nps": "9"}, answered_at=at(minute))
            for name, minute in (("later", 5), ("sooner", 1))
        ]
        for answer in made:
            await kept.store.save_counter_answer(answer)
        after = (await reopen()).store
        assert after.counter_answers() == (made[1], made[0])
        await after.remove_counter_answer("sooner")
        await after.remove_counter_answer("no-such")
        assert after.counter_answers() == (made[0],)
        await after.wipe()
        assert after.counter_answers() == ()

    async def test_documents_survive_reopening(self, kept: Kept, reopen: Reopen) -> None:
        feed = Feed(
            cursor="17", assignments={"assignment-1": an_assignment()}, attempts={"assignment-1": (an_attempt(),)}
        )
        await kept.store.save_feed(feed)
        await kept.store.save_form(a_form())
        await kept.store.save_settings(Settings(language="zh-Hant", text_size=140))
        after = (await reopen()).store
        assert after.feed() == feed
        assert after.form("phone_in@1") == a_form()
        assert after.settings() == Settings(language="zh-Hant", text_size=140)

    async def test_the_device_keeps_its_id(self, kept: Kept, reopen: Reopen) -> None:
        made = kept.store.device()
        enrolled = msgspec.structs.replace(made, token="secret", assessor_name="陳大文")
        await kept.store.save_device(enrolled)
        assert len(made.id) == 36
        assert (await reopen()).store.device() == enrolled

    async def test_wiping_leaves_settings_and_the_device_id(self, kept: Kept, reopen: Reopen) -> None:
        device = kept.store.device()
        await kept.store.save_device(msgspec.structs.replace(device, token="secret"))
        await kept.store.save(an_assessment())
        await kept.store.save_form(a_form())
        await kept.store.save_feed(Feed(cursor="3"))
        await kept.store.save_settings(Settings(theme="dark"))
        await kept.media.keep(b"photo")
        await kept.store.wipe()
        after = await reopen()
        assert after.store.device() == Device(id=device.id)
        assert after.store.assessments() == ()
        assert after.store.form("phone_in@1") is None
        assert after.store.feed() == Feed()
        assert after.store.settings() == Settings(theme="dark")
        assert after.media.hashes() == frozenset()

    async def test_media_is_found_by_its_hash(self, kept: Kept, reopen: Reopen) -> None:
        name = await kept.media.keep(b"a photo")
        assert await kept.media.keep(b"a photo") == name
        after = (await reopen()).media
        assert after.hashes() == {name}
        assert after.read(name) == b"a photo"
        assert after.size_bytes(name) == 7

    async def test_dropped_media_stays_away(self, kept: Kept, reopen: Reopen) -> None:
        first, second = await kept.media.keep(b"one"), await kept.media.keep(b"three")
        assert await kept.media.drop(frozenset({first, "0" * 64})) == 3
        after = (await reopen()).media
        assert after.hashes() == {second}
        with pytest.raises(NotKept, match="file-gone"):
            after.read(first)

    async def test_changes_made_at_once_all_survive(self, kept: Kept, reopen: Reopen) -> None:
        record = an_assessment()
        await asyncio.gather(
            kept.store.save(record),
            kept.store.save_delivery(Delivery(assessment_id=record.id, failures=1)),
            kept.media.keep(b"photo"),
            kept.store.save(an_assessment(id=SECOND)),
        )
        after = await reopen()
        assert {a.id for a in after.store.assessments()} == {record.id, SECOND}
        assert after.store.delivery(record.id).failures == 1
        assert len(after.media.hashes()) == 1

    async def test_space_counts_what_is_kept(self, kept: Kept) -> None:
        before = (await kept.folder.space()).used_bytes
        await kept.media.keep(b"x" * 5000)
        assert (await kept.folder.space()).used_bytes >= before + 5000

    async def test_an_id_from_outside_never_leaves_the_folder(self, kept: Kept, reopen: Reopen) -> None:
        strange = an_assessment(id="../../etc/passwd")
        await kept.store.save(strange)
        assert (await reopen()).store.load(strange.id) == strange
        names = [path.name for path in (kept.folder.root / "assessments").iterdir()]
        assert names == ["%2E%2E%2F%2E%2E%2Fetc%2Fpasswd.json"]


__all__ = ["Kept", "Reopen", "StoreContract", "opened"]
