"""THR, AUTH-1: how long the next try waits. Ids are those in people/throttle.py and people/sign_in.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_server.people import sign_in, throttle
from sync_server.people.throttle import ACCOUNT, ADDRESS, ENROLMENT, PAIR, place_of, wait_after

NOW = datetime(2021, 3, 1, tzinfo=UTC)
HERE, THERE = "198.51.100.7", "203.0.113.7"


def seconds(count):
    return timedelta(seconds=count)


@pytest.mark.parametrize(
    ("failures", "since_s", "limit", "wait_s"),
    [
        pytest.param(0, 0, PAIR, 0, id="THR-2 no failure waits for nothing"),
        pytest.param(2, 0, PAIR, 0, id="THR-2 the free ones wait for nothing"),
        pytest.param(3, 0, PAIR, 1, id="THR-2 the first beyond waits a second"),
        pytest.param(4, 0, PAIR, 2, id="THR-2 the next one twice as long"),
        pytest.param(6, 3, PAIR, 5, id="THR-2 doubled, less what has passed"),
        pytest.param(6, 7.999, PAIR, 0.001, id="THR-2 just under the wait"),
        pytest.param(6, 8, PAIR, 0, id="THR-2 waited for long enough"),
        pytest.param(11, 0, PAIR, 256, id="THR-2 doubled up to the longest"),
        pytest.param(12, 0, PAIR, 300, id="THR-3 the pair waits five minutes at most"),
        pytest.param(10**6, 0, PAIR, 300, id="THR-3 however many there were"),
        pytest.param(9, 0, ACCOUNT, 0, id="THR-3 the account alone has more that are free"),
        pytest.param(9999, 0, ACCOUNT, 4, id="THR-3 an account waits seconds at most"),
        pytest.param(19, 0, ADDRESS, 0, id="THR-3 an office may mistype"),
        pytest.param(9999, 0, ADDRESS, 60, id="THR-3 an address waits a minute at most"),
        pytest.param(19, 0, ENROLMENT, 0, id="THR-5 the free codes of an address"),
        pytest.param(9999, 0, ENROLMENT, 10, id="THR-5 a right code waits seconds at most"),
        pytest.param(3, -86_400, PAIR, 1, id="THR-6 a failure of tomorrow is one of now"),
        pytest.param(9999, -86_400, PAIR, 300, id="THR-6 and waits no longer than the longest"),
    ],
)
def test_the_wait_after_failures(failures, since_s, limit, wait_s):
    last_at = NOW - seconds(since_s) if failures else None
    assert wait_after(failures, last_at, NOW, limit) == seconds(wait_s)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        pytest.param("203.0.113.7", "203.0.113.7", id="an IPv4 address is a place"),
        pytest.param("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", id="an IPv6 subscriber is one place"),
        pytest.param("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64", id="whichever of its addresses it uses"),
        pytest.param("2001:db8:1:3::1", "2001:db8:1:3::/64", id="its neighbour is another"),
        pytest.param("unknown", "unknown", id="a socket without an address"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_counts_as_one_place(address, place):
    assert place_of(address) == place


@pytest.mark.parametrize(
    ("username", "address", "waits"),
    [
        pytest.param("may", HERE, True, id="THR-1 the account from that address"),
        pytest.param(" MAY ", HERE, True, id="THR-1 however the name is typed"),
        pytest.param("may", THERE, False, id="THR-1 the account from elsewhere has more that are free"),
        pytest.param("lee", HERE, False, id="THR-1 so has another account from there"),
    ],
)
def test_five_failures_are_counted_for_the_pair_first(database, username, address, waits):
    with database.transaction() as db:
        for _ in range(5):
            sign_in.reserve_try(db, "may", HERE, NOW)
        assert (sign_in.reserve_try(db, username, address, NOW) > timedelta(0)) == waits


def test_one_address_that_tries_many_accounts_waits(database):
    """THR-1: the third counter, of the address alone."""
    with database.transaction() as db:
        waits = [sign_in.reserve_try(db, f"name-{n}", HERE, NOW) for n in range(ADDRESS.free + 1)]
    assert [bool(wait) for wait in waits] == [False] * ADDRESS.free + [True]


def test_a_stranger_with_wrong_passwords_does_not_keep_the_owner_out(database):
    """THR-3"""
    with database.transaction() as db:
        for n in range(200):
            sign_in.reserve_try(db, "may", f"203.0.113.{n}", NOW + timedelta(milliseconds=n))
        assert sign_in.reserve_try(db, "may", HERE, NOW + seconds(5)) == timedelta(0)


def test_many_tries_at_once_are_slowed_like_many_in_a_row(database):
    """AUTH-1"""
    with database.transaction() as db:
        waits = [sign_in.reserve_try(db, "may", HERE, NOW) for _ in range(10)]
    assert sum(not wait for wait in waits) == PAIR.free


def test_failures_are_forgotten_after_the_window_and_after_a_success(database):
    """THR-4"""
    with database.transaction() as db:
        for _ in range(5):
            sign_in.reserve_try(db, "may", HERE, NOW)
        assert sign_in.reserve_try(db, "may", HERE, NOW) > timedelta(0)
        sign_in.succeed(db, "may", HERE)
        assert sign_in.reserve_try(db, "may", HERE, NOW) == timedelta(0)
        later = NOW + throttle.WINDOW + seconds(1)
        assert sign_in.reserve_try(db, "may", HERE, later) == timedelta(0)


def test_a_clock_put_back_shuts_nobody_out(database):
    """THR-6: the wait passes by the clock as it is now."""
    tomorrow = NOW + timedelta(days=1)
    with database.transaction() as db:
        for _ in range(PAIR.free + 2):
            sign_in.reserve_try(db, "may", HERE, tomorrow)
        assert timedelta(0) < sign_in.reserve_try(db, "may", HERE, NOW) <= PAIR.longest
        assert sign_in.reserve_try(db, "may", HERE, NOW + seconds(2)) == timedelta(0)
