"""How often one address may answer. Ids are those in sync_server/people/visitors.py."""

from __future__ import annotations

from datetime import timedelta

from sync_server.people.visitors import MOST, WINDOW, Visitors
from tests.builders import NOON


def test_vis_2_an_address_waits_once_it_has_sent_too_much_and_no_other_does() -> None:
    visitors = Visitors()
    assert [visitors.wait_s("192.0.2.1", NOON) for _ in range(MOST)] == [0] * MOST
    assert visitors.wait_s("192.0.2.1", NOON + timedelta(minutes=4)) == 360
    assert visitors.wait_s("192.0.2.2", NOON + timedelta(minutes=4)) == 0
    assert visitors.wait_s("192.0.2.1", NOON + WINDOW) == 0


def test_vis_1_nothing_of_an_address_is_held_and_the_salt_goes_with_the_window() -> None:
    visitors = Visitors()
    held = []
    for at in (NOON, NOON + WINDOW):
        visitors.wait_s("192.0.2.1", at)
        held.append(next(iter(visitors._counts)))
    assert held[0] != held[1]
    assert len(visitors._counts) == 1
    assert b"192.0.2.1" not in held[0]


def test_vis_2_the_addresses_of_one_subscriber_count_as_one() -> None:
    visitors = Visitors()
    for last in range(MOST):
        visitors.wait_s(f"2001:db8:0:1::{last:x}", NOON)
    assert visitors.wait_s("2001:db8:0:1::ffff", NOON) == 600
    assert visitors.wait_s("2001:db8:0:2::1", NOON) == 0
