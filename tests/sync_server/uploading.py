"""An upload as a client sees it."""

from __future__ import annotations

import base64
import hashlib
import os

import httpx

TUS = {"Tus-Resumable": "1.0.0"}


OCTETS = {"Content-Type": "application/offset+octet-stream"}


DATA = os.urandom(300_000)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def metadata(**values: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())


class Upload:
    """One upload as a client sees it."""

    def __init__(self, client: httpx.Client, data: bytes = DATA, **announced: str) -> None:
        self.client = client
        self.data = data
        headers = TUS | {
            "Upload-Length": str(len(data)),
            "Upload-Metadata": metadata(sha256=sha(data), kind="photo", content_type="image/jpeg", **announced),
        }
        self.created = client.post("/api/v1/media/", headers=headers)
        assert self.created.status_code == 201, self.created.text
        self.at = self.created.headers["Location"]

    def patch(self, offset: int, data: bytes, **headers: str) -> httpx.Response:
        return self.client.patch(self.at, content=data, headers=TUS | OCTETS | {"Upload-Offset": str(offset)} | headers)

    def head(self) -> httpx.Response:
        return self.client.head(self.at, headers=TUS)

    def offset(self) -> int:
        return int(self.head().headers["Upload-Offset"])
