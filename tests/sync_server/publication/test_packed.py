"""PAC: a copy whose entrants are packed says, byte for byte, what it says whole."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Any

import msgspec
import pytest

from sync_server.database.engine import Database
from sync_server.publication import closing, frozen
from sync_server.publication.packed import Entrants, deflated, inflated, set_out
from tests.random_seasons import random_season
from tests.sync_server.closed_season import a_round_that_ended, desk_of

WORDS = 'A line\nbreak, a “quotation”, a \\ and },{"id":"x"'


def seasons() -> list[Any]:
    plain = [(str(seed), random_season(seed)) for seed in range(6)]
    odd = {"entrants": [{"id": "a", "name": {"en": WORDS}, "entries": []}], WORDS: WORDS, "a": [1.5, -0.0, 1e300]}
    others = [("nobody", {"b": 1, "entrants": [], "a": 2}), ("no entrants", {"title": WORDS}), ("empty", {})]
    return [pytest.param(file, id=name) for name, file in (*plain, ("odd words", odd), *others)]


def packed(file: dict[str, Any]) -> dict[str, Any]:
    return {**file, "entrants": Entrants.of(file["entrants"])} if "entrants" in file else file


@pytest.mark.parametrize("file", seasons())
def test_pac_2_a_packed_copy_is_written_as_the_whole_one(file: dict[str, Any]) -> None:
    plain = msgspec.json.encode(file)
    assert b"".join(set_out(packed(file))) == msgspec.json.format(plain, indent=1) + b"\n"
    kept = inflated(deflated(packed(file)))
    assert (kept, list(kept)) == (file, list(file))
    assert b"".join(zlib.decompress(deflated(packed(file))).split(b"\n")) == plain


@pytest.mark.parametrize("file", seasons())
def test_its_digest_is_that_of_the_whole_file_with_sorted_keys(file: dict[str, Any]) -> None:
    whole = msgspec.json.encode(file, order="sorted")
    assert frozen.digest_of({**packed(file), "x_publication": {"id": "round-1-1"}}) == hashlib.sha256(whole).hexdigest()


@pytest.mark.parametrize("file", seasons())
def test_pac_2_a_copy_that_an_earlier_release_kept_reads_the_same(file: dict[str, Any]) -> None:
    kept = inflated(zlib.compress(msgspec.json.encode(file), 6))
    assert (kept, list(kept)) == (file, list(file))
    assert deflated(kept) == deflated(packed(file))


def test_a_copy_cut_short_is_not_read() -> None:
    body = deflated(packed(random_season(1)))
    with pytest.raises(zlib.error, match="before its end"):
        inflated(body[: len(body) // 2])


def test_pac_1_an_entrant_is_found_by_its_name_and_changing_it_changes_no_copy() -> None:
    entrants = Entrants.of({"id": name, "entries": []} for name in "abc")
    found = entrants.named("b")
    assert found is not None
    found["entries"].append(1)
    assert (entrants.named("b"), entrants.named("z")) == ({"id": "b", "entries": []}, None)
    assert [one["id"] for one in entrants[1:]] == ["b", "c"]
    assert entrants != [{"id": name, "entries": []} for name in "abd"]


def test_a_round_that_is_closed_keeps_what_its_digest_says(database: Database) -> None:
    with database.transaction() as db:
        a_round_that_ended(db)
        taken = closing.take(desk_of(db), 1)
    whole = json.loads(zlib.decompress(deflated(taken.file)))
    assert [len(one["entries"]) for one in whole["entrants"]] == [2]
    assert hashlib.sha256(msgspec.json.encode(whole, order="sorted")).hexdigest() == taken.digest


@pytest.mark.parametrize("file", seasons())
def test_without_notes_a_copy_is_the_same_but_for_what_is_noted_of_visits(file: dict[str, Any]) -> None:
    noted, plain = (json.loads(msgspec.json.encode(file)) for _ in range(2))
    for entrant in noted.get("entrants", ()):
        for entry in entrant["entries"]:
            for visit in (one for round_ in entry["rounds"] for one in round_.get("assessments", ())):
                visit |= {"x_seen": {"on": "2021-03-01", "sections": {"PA": ["1", "2"]}}, "x_settled": [WORDS]}
    if "entrants" in file:
        read = [json.loads(frozen.without_notes(msgspec.json.encode(entrant))) for entrant in noted["entrants"]]
        assert read == plain["entrants"]


@pytest.mark.parametrize(
    "entrant",
    [
        pytest.param(b'{"id":"ferry","entries":[]}', id="the id first"),
        pytest.param(b'{"entries":[{"id":"other","channel":"onsite"}],"id":"ferry"}', id="the id last"),
        pytest.param(b'{"id":"f\\u0065rry","entries":[]}', id="the id written otherwise"),
        pytest.param(b'{"id": "ferry"}', id="with spaces"),
    ],
)
def test_an_entrant_is_found_by_its_id_wherever_it_stands(entrant: bytes) -> None:
    entrants = Entrants([b'{"id":"other"}', entrant])
    assert entrants.named("ferry") == entrants[1]
    assert entrants.named("nobody") is None
