"""Sends records and files into an application of this process by the devices' own protocol, without a network.

For what comes from elsewhere than a phone's connection: the demo's past, and a phone's export brought in by hand. All
the checks a phone meets are met here.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast

import httpx
from litestar import Litestar

from checklists.record.assessment import MediaKind

API = "/api/v1"
TUS = {"Tus-Resumable": "1.0.0"}


class SentFile(NamedTuple):
    """A file that a record names."""

    content: bytes
    kind: MediaKind
    content_type: str

    @property
    def sha256(self) -> str:
        """The name it is kept under."""
        return hashlib.sha256(self.content).hexdigest()


class NotTakenError(RuntimeError):
    """The server did not take what was sent; the message has its reply."""


class Sender:
    """One enrolled device. Sending again changes nothing."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    async def send(self, record_id: str, body: bytes, files: Mapping[str, SentFile], at: datetime) -> bool:
        """Send a record and those of `files` (by SHA-256) that the server misses; return whether it then misses none.

        `at` is the device's clock.

        Raises:
            NotTakenError: anything at all was not taken.
        """
        path = f"{API}/assessments/{record_id}"
        clock = {"Device-Time": at.isoformat(), "Device-Monotonic": "0"}
        reply = _good(await self._client.put(path, content=body, headers=self._headers | clock))
        missing = [sha256 for sha256 in dict.fromkeys(reply.json()["missing"]) if sha256 in files]
        await asyncio.gather(*(self._upload(sha256, files[sha256], record_id) for sha256 in missing))
        receipt = _good(await self._client.get(f"{path}/receipt", headers=self._headers))
        return bool(receipt.json()["complete"])

    async def _upload(self, sha256: str, file: SentFile, record_id: str) -> None:
        described = {
            "sha256": sha256,
            "kind": file.kind.value,
            "content_type": file.content_type,
            "assessment": record_id,
        }
        metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in described.items())
        headers = self._headers | TUS | {"Upload-Length": str(len(file.content)), "Upload-Metadata": metadata}
        opened = _good(await self._client.post(f"{API}/media/", headers=headers))
        if opened.headers.get("Upload-Offset") == str(len(file.content)):
            return
        headers = self._headers | TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        _good(await self._client.patch(opened.headers["Location"], content=file.content, headers=headers))


def client_of(app: Litestar) -> httpx.AsyncClient:
    """Return a client whose requests go straight into `app`, whose lifespan must be running."""
    transport = httpx.ASGITransport(cast("Any", app))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60)


async def enrolled(client: httpx.AsyncClient, code: str, device_id: str, name: str) -> Sender:
    """Enrol a device with a one-time code."""
    body = {"code": code, "device": {"id": device_id, "name": name}}
    reply = _good(await client.post(f"{API}/enrol", json=body))
    return Sender(client, reply.json()["token"])


def _good(reply: httpx.Response) -> httpx.Response:
    if not reply.is_success:
        request = f"{reply.request.method} {reply.request.url.path}"
        raise NotTakenError(f"{request}: {reply.status_code} {reply.text[:2000]}")
    return reply
