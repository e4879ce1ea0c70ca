"""A phone of the demo: it enrols, sends visits and their files by the real protocol, and waits for the receipt.

It speaks to the application in this process, without a network; nothing else is different from a phone in the street.
"""

from __future__ import annotations

import asyncio
import base64
from datetime import datetime
from typing import Any, cast

import httpx
from litestar import Litestar

from checklists.wire import encode
from sync_server.demo.visits import File, Visit

API = "/api/v1"
TUS = {"Tus-Resumable": "1.0.0"}


class RefusedError(RuntimeError):
    """The server did not take what the demo sent; the message has its answer."""


class Phone:
    """One enrolled phone. Sending a visit again changes nothing."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    async def send(self, visit: Visit, at: datetime) -> None:
        """Send the record, the files the server misses, and make sure that its receipt is complete.

        Raises:
            RefusedError: anything at all was not taken.
        """
        record = visit.record
        path = f"{API}/assessments/{record.id}"
        clock = {"Device-Time": at.isoformat(), "Device-Monotonic": "0"}
        answer = await self._client.put(path, content=encode(record), headers=self._headers | clock)
        missing = _good(answer).json()["missing"]
        await asyncio.gather(*(self._upload(sha256, visit.files[sha256], record.id) for sha256 in missing))
        receipt = _good(await self._client.get(f"{path}/receipt", headers=self._headers)).json()
        if not receipt["complete"]:
            raise RefusedError(f"{path}: the server still misses files: {receipt['files']}")

    async def _upload(self, sha256: str, file: File, record_id: str) -> None:
        metadata = {
            "sha256": sha256,
            "kind": file.kind.value,
            "content_type": file.content_type,
            "assessment": record_id,
        }
        told = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())
        headers = self._headers | TUS | {"Upload-Length": str(len(file.content)), "Upload-Metadata": told}
        opened = _good(await self._client.post(f"{API}/media/", headers=headers))
        if opened.headers.get("Upload-Offset") == str(len(file.content)):
            return
        headers = self._headers | TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        _good(await self._client.patch(opened.headers["Location"], content=file.content, headers=headers))


def client_of(app: Litestar) -> httpx.AsyncClient:
    """Return a client whose requests go straight into `app`, whose lifespan must be running."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", app)), base_url="http://127.0.0.1", timeout=60)


async def enrolled(client: httpx.AsyncClient, code: str, device_id: str, name: str) -> Phone:
    """Enrol a phone with a one-time code."""
    body = {"code": code, "device": {"id": device_id, "name": name}}
    answer = _good(await client.post(f"{API}/enrol", json=body))
    return Phone(client, answer.json()["token"])


def _good(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        raise RefusedError(
            f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:2000]}"
        )
    return answer
