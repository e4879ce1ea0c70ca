"""A server that dies in the middle, stops, and what it says of all this in its log."""

from __future__ import annotations

import os
import socket
import threading

import httpx

from tests.sync_server.blackbox.phone import Phone, canonical_digest, enrol
from tests.sync_server.command_line import until


class Pusher(threading.Thread):
    """Sends records until the server is gone, and remembers what was acknowledged."""

    def __init__(self, phone: Phone, enough: threading.Semaphore) -> None:
        super().__init__(daemon=True)
        self._phone = phone
        self._enough = enough
        self.acknowledged: dict[str, str] = {}

    def run(self) -> None:
        while True:
            record = self._phone.a_call()
            try:
                answer = self._phone.put(record)
            except httpx.TransportError:
                return
            assert answer.status_code == 200, answer.text
            self.acknowledged[record["id"]] = answer.json()["digest"]
            assert self.acknowledged[record["id"]] == canonical_digest(record)
            self._enough.release()


def test_what_was_acknowledged_outlives_a_killed_server(demo, phone, other_phone):
    data = os.urandom(400_000)
    address = phone.upload(data)
    phone.send(address, 0, data[:100_000])
    enough = threading.Semaphore(0)
    pushers = [Pusher(one, enough) for one in (phone, other_phone)]
    for pusher in pushers:
        pusher.start()
    for _ in range(10):
        assert enough.acquire(timeout=30)
    demo.kill()
    for pusher in pushers:
        pusher.join(30)
    demo.start()
    for pusher, device in zip(pushers, (phone, other_phone), strict=True):
        kept = {name: device.receipt(name).json().get("digest") for name in pusher.acknowledged}
        assert kept == pusher.acknowledged
    offset = phone.offset(address)
    assert offset == 100_000
    assert phone.send(address, offset, data[offset:]).status_code == 204


def test_a_server_that_is_asked_to_stop_does_and_goes_on_later(demo, phone):
    record = phone.a_call()
    assert phone.put(record).status_code == 200
    assert demo.stop() == 0
    demo.start()
    assert phone.put(record).status_code == 200
    with demo.client() as client:
        assert enrol(client, demo.code()).status_code == 201


def test_a_caller_that_leaves_is_no_fault_of_the_server(demo):
    with socket.create_connection(("127.0.0.1", demo.port), timeout=10) as line:
        line.sendall(b"POST /api/v1/enrol HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{")
    gone = 'method="POST",route="/api/v1/enrol",status="499"'
    with demo.client() as client:
        until(lambda: gone in client.get("/metrics").text)
        assert 'status="500"' not in client.get("/metrics").text


def test_the_log_keeps_every_secret_and_every_name(demo, phone):
    name = "Somebody Nobody Knows"
    device = Phone(demo, name)
    said_before = demo.said()
    record = device.a_call()
    record["app_version"] = "words of a record"
    device.put(record)
    device.put_raw(b"{{")
    demo.sign_in("coordinator").get(f"/assessments/{record['id']}")
    with demo.browser() as browser:
        browser.post("/sign-in", data={"username": "nobody-at-all", "password": "a wrong password"})
    log = demo.said()
    for secret in (device.token, phone.token, name, "words of a record", "nobody-at-all", "a wrong password"):
        assert secret not in log
    assert demo.told["coordinator"]["password"] not in log[len(said_before) :]
