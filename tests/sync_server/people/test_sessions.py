"""AUTH: sessions and invitations, asked directly. Ids are those in people/sign_in.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_server.people import accounts, sessions
from sync_server.people.permissions import Role

NOW = datetime(2021, 3, 1, tzinfo=UTC)
LASTS = timedelta(hours=12)
MOMENT = timedelta(microseconds=1)


def an_account(db, username="may"):
    made = accounts.add_account(db, username=username, name="May", role=Role.VIEWER, password_hash="-", now=NOW)
    return made.id


@pytest.mark.parametrize(
    ("used_after", "found_after", "lives"),
    [
        pytest.param([], LASTS - MOMENT, True, id="AUTH-2 until its hours are over"),
        pytest.param([], LASTS, False, id="AUTH-2 not after"),
        pytest.param([timedelta(hours=11)], timedelta(hours=22), True, id="AUTH-2 each use begins them anew"),
        pytest.param([timedelta(hours=11)], timedelta(hours=23), False, id="AUTH-2 and they end again"),
        pytest.param(
            [timedelta(hours=n) for n in range(1, 168)],
            sessions.LONGEST - MOMENT,
            True,
            id="AUTH-2 one that is always used",
        ),
        pytest.param(
            [timedelta(hours=n) for n in range(1, 168)], sessions.LONGEST, False, id="AUTH-2 ends after the longest"
        ),
    ],
)
def test_how_long_a_session_lives(database, used_after, found_after, lives):
    with database.transaction() as db:
        secret = sessions.open_session(db, an_account(db), NOW, lasts=LASTS)
        for after in used_after:
            session = sessions.find_session(db, secret, NOW + after)
            assert session is not None
            sessions.note_use(db, session, NOW + after, lasts=LASTS)
        assert (sessions.find_session(db, secret, NOW + found_after) is not None) == lives


def test_a_new_password_ends_every_session_of_the_account_and_of_no_other(database):
    """AUTH-2"""
    with database.transaction() as db:
        user_id, other_id = an_account(db), an_account(db, "lee")
        first, second = (sessions.open_session(db, user_id, NOW, lasts=LASTS) for _ in range(2))
        other = sessions.open_session(db, other_id, NOW, lasts=LASTS)
        session = sessions.find_session(db, first, NOW)
        assert session is not None
        fresh = sessions.change_password(db, session.account, "another", NOW, lasts=LASTS)
        living = [secret for secret in (first, second, other, fresh) if sessions.find_session(db, secret, NOW)]
    assert living == [other, fresh]


@pytest.mark.parametrize(
    ("accepted_after", "works"),
    [
        pytest.param([timedelta(0)], [True], id="AUTH-3 at once"),
        pytest.param([accounts.INVITATION_LASTS - MOMENT], [True], id="AUTH-3 just before it expires"),
        pytest.param([accounts.INVITATION_LASTS], [False], id="AUTH-3 expired"),
        pytest.param([timedelta(0), MOMENT], [True, False], id="AUTH-3 once"),
    ],
)
def test_an_invitation_makes_one_account(database, accepted_after, works):
    with database.transaction() as db:
        code = accounts.invite(db, Role.REVIEWER, NOW)
        made = [
            accounts.accept_invitation(
                db, code, username=f"may-{n}", name="May", password_hash="-", language="en", now=NOW + after
            )
            for n, after in enumerate(accepted_after)
        ]
    assert [user is not None for user in made] == works
    assert all(user is None or user.role == Role.REVIEWER for user in made)


def test_the_first_administrators_link_ends_when_it_is_made_again_or_anybody_has_an_account(database):
    """AUTH-3"""
    with database.transaction() as db:
        first, second = (accounts.first_administrator_link(db, NOW, "https://field.example/") for _ in range(2))
        assert first is not None
        assert second is not None

        def accepted(link):
            code = link.rpartition("/")[2]
            return accounts.accept_invitation(
                db, code, username="may", name="May", password_hash="-", language="en", now=NOW
            )

        assert accepted(first) is None
        assert accepted(second) is not None
        assert accounts.first_administrator_link(db, NOW, "https://field.example") is None
