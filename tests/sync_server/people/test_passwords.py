"""PASS: what a password must be, and how one is checked. Ids are those in people/passwords.py."""

from __future__ import annotations

from time import process_time

import pytest
from argon2 import PasswordHasher

from sync_server.people import passwords

WORDS = "correct horse battery"


@pytest.mark.parametrize(
    ("password", "username", "problem"),
    [
        pytest.param("x" * 11, "may", "at least 12", id="PASS-1 one character short"),
        pytest.param("x" * 12, "may", None, id="PASS-1 just long enough"),
        pytest.param("密" * 12, "may", None, id="PASS-1 characters are counted, not bytes"),
        pytest.param("x" * 256, "may", None, id="PASS-1 the longest"),
        pytest.param("x" * 257, "may", "at most 256", id="PASS-1 one too many"),
        pytest.param("123456789012", "may", None, id="PASS-1 nothing else is asked of it"),
        pytest.param("may.chan@example.hk", "may.chan@example.hk", "user name", id="PASS-1 the user name"),
        pytest.param("MAY.Chan@example.hk", "may.chan@example.hk", "user name", id="PASS-1 in other letters"),
        pytest.param("", "", "at least 12", id="PASS-1 nothing"),
    ],
)
def test_what_a_new_password_must_be(password, username, problem):
    found = passwords.problem_with(password, username)
    assert (found is None) == (problem is None)
    assert problem is None or problem in str(found)


@pytest.mark.parametrize(
    ("password", "kept_hash", "is_right"),
    [
        pytest.param(WORDS, passwords.hashed(WORDS), True, id="the one it was made of"),
        pytest.param(WORDS.title(), passwords.hashed(WORDS), False, id="in other letters"),
        pytest.param("", passwords.hashed(WORDS), False, id="nothing"),
        pytest.param(WORDS, None, False, id="PASS-2 no such account"),
        pytest.param(WORDS, "not a hash", False, id="a row that is damaged"),
        pytest.param(WORDS, "", False, id="an account without a password"),
    ],
)
def test_a_password_is_right_for_its_own_hash_alone(password, kept_hash, is_right):
    assert passwords.matches(password, kept_hash) is is_right


def test_an_unknown_user_name_costs_as_much_as_a_known_one():
    """PASS-2: by the processor's time, which other work on the machine does not change."""
    kept = passwords.hashed(WORDS)
    passwords.matches(WORDS, None)  # the hash of nobody is made once

    def cost_s(kept_hash):
        costs = []
        for _ in range(5):
            begun = process_time()
            passwords.matches("another password", kept_hash)
            costs.append(process_time() - begun)
        return min(costs)

    assert 0.5 < cost_s(None) / cost_s(kept) < 2


def test_a_hash_is_never_the_same_twice():
    assert passwords.hashed(WORDS) != passwords.hashed(WORDS)


@pytest.mark.parametrize(
    ("kept_hash", "is_outdated"),
    [
        pytest.param(passwords.hashed(WORDS), False, id="today's settings"),
        pytest.param(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(WORDS), True, id="weaker ones"),
    ],
)
def test_a_hash_of_weaker_settings_is_made_again(kept_hash, is_outdated):
    assert passwords.is_outdated(kept_hash) is is_outdated


def test_a_password_made_by_us_is_good_enough():
    made = passwords.generated()
    assert passwords.problem_with(made, "admin") is None
    assert passwords.matches(made, passwords.hashed(made))
