"""What the doors of the devices answer, held to their description in every test that speaks as a phone (DSC-1)."""

from __future__ import annotations

import re

import httpx

from sync_server.routes.api.described import DOORS, codes_of

_ADDRESSES = {door: re.compile(re.sub(r"\{\w+\}", "[^/]+", door.partition(" ")[2]) + "/?") for door in DOORS}


def fails_as_described(answer: httpx.Response) -> None:
    """Fail where a door answers with a code that its description does not name."""
    method, path = answer.request.method, answer.request.url.path
    door = next(
        (door for door, address in _ADDRESSES.items() if door.startswith(f"{method} ") and address.fullmatch(path)), ""
    )
    if door and method != "HEAD" and answer.status_code >= 400:
        answer.read()
        code = answer.json()["code"]
        assert code in codes_of(door), f"{door} answers with {code}, which its description does not name"
