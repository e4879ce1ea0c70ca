"""HOK and NOP: webhooks, and where they are never sent. Ids are those in sync_server/post/hooks.py, webhooks.py and
caller.py."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sync_server.database import tables
from sync_server.database.queries import webhooks as queries
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.writer import Writer
from sync_server.people.permissions import Role
from sync_server.post.caller import Caller, CallRefusedError, is_public
from sync_server.post.hooks import PREFIX, WAITS, headers, new_secret, next_try, type_of
from sync_server.post.webhooks import LOG_KEPT, HookJob, HookProblemError, make_hook, rotate, send_again
from tests.builders import NOON
from tests.sync_server.desk import add_account, count, form_token, send, signed_in
from tests.sync_server.hook_receiver import Receiver
from tests.sync_server.season_kit import add_season

HOST = "hook.example.org"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::", "2001:0:7f00:1::1",
    ],
)  # fmt: skip
def test_a_private_address_is_not_called_however_it_is_written(address):
    """NOP-1"""
    assert not is_public(address)
    with pytest.raises(CallRefusedError, match="address-not-public"):
        Caller(resolve=lambda _host, _port: ["93.184.216.34", address]).target(f"https://{HOST}/")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_a_public_address_is_called_as_it_was_looked_up(address):
    """NOP-2"""
    target = Caller(resolve=lambda _host, _port: [address]).target(f"https://{HOST}:8443/in?a=b")
    assert target == (HOST, address, 8443, "/in?a=b")


@pytest.mark.parametrize(
    "address",
    ["http://a.example/", "ftp://a.example/", "https://", "https://u:p@a.example/", "https://a.example:99999/",
     "https://a.example:0/",
     "https://a b/",
     "https://a.example/\r\nX: 1", "file:///etc/passwd", "https://例子/"],
)  # fmt: skip
def test_what_is_no_https_address_is_not_called(address):
    """NOP-1"""
    with pytest.raises(CallRefusedError, match="address-not-valid"):
        Caller(resolve=lambda _host, _port: ["93.184.216.34"]).target(address)


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1", "[::1]", "0"])
def test_this_machine_is_not_called_by_any_of_its_names(host):
    """NOP-1"""
    with pytest.raises(CallRefusedError):
        Caller().target(f"https://{host}/")


def test_a_message_is_signed_as_its_receiver_checks():
    """HOK-2"""
    secret, older, body = new_secret(), new_secret(), b'{"type":"a"}'
    told = headers("msg_1", NOON, body, (secret, older))
    signed = [one.partition(",") for one in told["webhook-signature"].split(" ")]
    content = f"msg_1.{told['webhook-timestamp']}.".encode() + body
    for (version, _, signature), used in zip(signed, (secret, older), strict=True):
        key = b64decode(used.removeprefix(PREFIX))
        assert len(key) in range(24, 65)
        assert (version, signature) == ("v1", b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode())


def test_a_message_is_tried_for_a_day():
    """HOK-3"""
    assert timedelta(hours=23) <= sum(WAITS, timedelta()) <= timedelta(hours=25)
    assert list(WAITS) == sorted(WAITS)
    assert next_try(len(WAITS), NOON) == NOON + WAITS[-1]
    assert next_try(len(WAITS) + 1, NOON) is None


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver(HOST)
    yield made
    made.close()


class Telling:
    """The job beside a database of its own, at a moment that a test moves on."""

    def __init__(self, database: Any, caller: Caller) -> None:
        self.database, self.now = database, NOON
        self.writer = Writer(database)
        self.writer.start()
        self._job = HookJob(database, self.writer, lambda: self.now, caller)

    def happens(self, action: str, **details: object) -> None:
        with self.database.transaction() as db:
            append_audit(db, [AuditRow(self.now, "device", "d", action, "assessment", "visit-1", details)])

    def tell(self, **later: float) -> None:
        self.now += timedelta(**later)
        self._job("all")

    def lines(self) -> list[Any]:
        with self.database.reading() as db:
            return list(queries.newest_messages(db, 100))


@pytest.fixture
def telling(database, receiver) -> Iterator[Telling]:
    with database.transaction() as db:
        add_season(db)
        add_account(db, Role.ADMIN)
    made = Telling(database, receiver.caller)
    yield made
    made.writer.close(10)


def hook(telling: Telling, address: str, *events: str) -> tuple[str, str]:
    with telling.database.transaction() as db:
        user = db.execute(select(tables.users.c.id)).scalar_one()
        named = events or ("assessment.received", "assessment.edited")
        return make_hook(db, name="R", address=address, events=named, created_by=user, now=telling.now)


@pytest.mark.parametrize(
    ("action", "event"),
    [
        pytest.param("dispute-opened", "dispute.opened", id="HOK-4 a dispute is opened"),
        pytest.param("dispute-decided", "dispute.decided", id="HOK-4 a dispute is decided"),
        pytest.param("dispute-viewed", "", id="HOK-4 looking is told to nobody"),
    ],
)
def test_disputes_are_told(action, event):
    assert type_of(action, {}) == event


def test_what_happens_is_told_once_and_with_ids_alone(telling, receiver):
    """HOK-1, HOK-4"""
    telling.happens("assessment-received", revision=1)
    hook(telling, receiver.address)
    telling.happens("assessment-received", revision=1, digest="d")
    telling.happens("assessment-received", revision=2)
    telling.happens("assessment-accepted")
    telling.tell()
    telling.tell(seconds=10)
    told = [json.loads(body) for _, body in receiver.taken]
    assert [one["type"] for one in told] == ["assessment.received", "assessment.edited"]
    assert told[0]["data"] == {"kind": "assessment", "id": "visit-1", "revision": 1}
    assert [line.state for line in telling.lines()] == ["sent", "sent"]
    telling.tell(days=LOG_KEPT.days + 1)
    assert telling.lines() == []


@pytest.mark.parametrize("answer", [500, 404, 302])
def test_a_message_that_is_not_taken_is_tried_again_and_then_given_up(telling, receiver, answer):
    """HOK-3, NOP-2"""
    hook(telling, receiver.address)
    receiver.answers = answer
    telling.happens("assessment-received", revision=1)
    telling.tell()
    telling.tell(seconds=59)
    assert len(receiver.taken) == 1
    for wait in WAITS:
        telling.tell(seconds=wait.total_seconds())
    assert len(receiver.taken) == 1 + len(WAITS)
    assert len({sent["webhook-id"] for sent, _ in receiver.taken}) == 1
    (line,) = telling.lines()
    assert (line.state, line.status) == ("given-up", answer)
    receiver.answers = 204
    with telling.database.transaction() as db:
        send_again(db, line.id, telling.now)
    telling.tell()
    assert telling.lines()[0].state == "sent"
    assert receiver.taken[-1][0]["webhook-id"] == receiver.taken[0][0]["webhook-id"]  # HOK-5


def test_a_new_secret_signs_beside_the_old_one_for_a_day(telling, receiver):
    """HOK-2"""
    hook_id, old = hook(telling, receiver.address)
    with telling.database.transaction() as db:
        new = rotate(db, hook_id, telling.now)
    for hours in (0, 25):
        telling.now += timedelta(hours=hours)
        telling.happens("assessment-received", revision=1)
        telling.tell()
    (first, body), (second, later) = receiver.taken
    moments = [int(one["webhook-timestamp"]) for one in (first, second)]
    assert moments[1] - moments[0] == 25 * 3600
    both, one = first["webhook-signature"].split(" "), second["webhook-signature"].split(" ")
    assert both == headers(first["webhook-id"], NOON, body, (new, old))["webhook-signature"].split(" ")
    assert one == headers(second["webhook-id"], telling.now, later, (new,))["webhook-signature"].split(" ")


def test_a_webhook_that_ended_is_told_nothing_more(telling, receiver):
    hook_id, _ = hook(telling, receiver.address)
    receiver.answers = 500
    telling.happens("assessment-received", revision=1)
    telling.tell()
    with telling.database.transaction() as db:
        assert queries.end_hook(db, hook_id, telling.now)
    telling.tell(days=1)
    assert len(receiver.taken) == 1
    assert telling.lines()[0].state == "given-up"


def test_an_address_in_a_private_network_is_noted_and_not_called(telling):
    """NOP-1"""
    telling._job = HookJob(telling.database, telling.writer, lambda: telling.now, Caller())
    hook(telling, "https://localhost/")
    telling.happens("assessment-received", revision=1)
    telling.tell()
    assert telling.lines()[0].problem == "address-not-public"


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"name": ""}, id="nobody"),
        pytest.param({"events": ()}, id="nothing"),
        pytest.param({"address": "http://a.example/"}, id="not encrypted"),
        pytest.param({"address": "https://a.example/" + "a" * 500}, id="too long"),
        pytest.param({"address": "https://10.0.0.5/"}, id="NOP-1 a private network"),
        pytest.param({"address": "https://2130706433/"}, id="NOP-1 this machine as one number"),
        pytest.param({"address": "https://0177.1/"}, id="NOP-1 this machine in octal"),
        pytest.param({"address": "https://[::ffff:127.0.0.1]/"}, id="NOP-1 this machine inside IPv6"),
    ],
)
def test_a_webhook_that_means_nothing_is_not_made(telling, options):
    typed = {"name": "R", "address": "https://a.example/", "events": ("round.closed",), **options}
    with telling.database.transaction() as db, pytest.raises(HookProblemError):
        make_hook(db, created_by="nobody", now=NOON, **typed)


def test_a_host_that_the_settings_name_may_be_a_private_number(telling):
    """NOP-1"""
    with telling.database.transaction() as db:
        user = db.execute(select(tables.users.c.id)).scalar_one()
        asked = {"name": "R", "address": "https://10.0.0.5/", "events": ("round.closed",), "created_by": user}
        assert make_hook(db, now=NOON, private_hosts=("10.0.0.5",), **asked)


def test_an_administrator_makes_a_webhook_changes_its_secret_and_ends_it(desk):
    with signed_in(desk, Role.ADMIN) as client:
        typed = {"name": "Nightly R", "address": "https://hook.invalid/", "event": ["round.closed"]}
        wrong = send(client, "/webhooks", {**typed, "event": []}, page="/webhooks")
        assert (wrong.status_code, "Nightly R" in wrong.text, PREFIX in wrong.text) == (400, True, False)
        shown = send(client, "/webhooks", typed, page="/webhooks")
        assert PREFIX in shown.text
        assert PREFIX not in client.get("/webhooks").text
        with desk.services.database.reading() as db:
            (row,) = queries.hooks(db)
        csrf = {"csrf": form_token(client, "/webhooks")}
        changed = client.post(f"/webhooks/{row.id}/secret", data=csrf)
        assert PREFIX in changed.text
        assert row.secret not in changed.text
        assert client.post(f"/webhooks/{row.id}/end", data=csrf).status_code == 303
        assert client.post("/webhooks/messages/1/again", data=csrf).status_code == 303
    log = tables.audit_log.c
    assert count(desk, tables.audit_log, log.action.like("webhook-%")) == 4
    assert count(desk, tables.audit_log, log.details.contains(row.secret)) == 0
