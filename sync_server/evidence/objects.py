"""Media in an S3-compatible store, through obstore. Parts of uploads are objects too, so any machine can go on.

Put-if-absent decides who was first: for a whole file that makes no difference (same name, same bytes), for a part it is
what keeps two requests at one offset apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import S3Store

from sync_server.evidence.store import BLOCK_BYTES, Buffer, MediaGoneError, OffsetTakenError


def open_store(url: str, key_id: str = "", secret: str = "") -> S3Store:
    """Open `s3://bucket/prefix?endpoint=...&region=...`. Without a key, the environment's own credentials count."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    settings: dict[str, Any] = {"region": query.get("region", "us-east-1")}
    if endpoint := query.get("endpoint"):
        settings |= {"endpoint": endpoint, "virtual_hosted_style_request": False}
    if key_id:
        settings |= {"access_key_id": key_id, "secret_access_key": secret}
    plain = query.get("endpoint", "").startswith("http://")
    return S3Store(parts.netloc, prefix=parts.path.strip("/") or None, client_options={"allow_http": plain}, **settings)


class ObjectParts:
    """Uploads under way: one object a piece, named by its offset."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    @property
    def spool_folder(self) -> None:
        """No disk of this machine: what waits does so in its folder for passing files."""
        return None

    def length(self, upload_id: str) -> int:
        """Return how many bytes are kept without a gap from the start."""
        return sum(size for _, size in self._pieces(upload_id))

    def append(self, upload_id: str, offset: int, data: Buffer, *, last: bool = False) -> None:  # noqa: ARG002
        """Keep `data` at `offset` unless somebody else has."""
        if self.length(upload_id) != offset:
            raise OffsetTakenError(upload_id)
        if not data:
            return
        try:
            obstore.put(self._store, f"{_prefix(upload_id)}{offset:020d}", data, mode="create", use_multipart=False)
        except (AlreadyExistsError, PreconditionError) as error:
            raise OffsetTakenError(upload_id) from error

    def read(self, upload_id: str) -> Iterator[bytes]:
        """Give what is kept, piece by piece."""
        for path, _ in self._pieces(upload_id):
            try:
                piece = bytes(obstore.get(self._store, path).bytes())
            except FileNotFoundError:
                return  # another process has put the file together meanwhile
            yield piece

    def remove(self, upload_id: str) -> None:
        """Forget every piece."""
        paths = [meta["path"] for page in obstore.list(self._store, _prefix(upload_id)) for meta in page]
        if paths:
            obstore.delete(self._store, paths)

    def _pieces(self, upload_id: str) -> list[tuple[str, int]]:
        listed = sorted(
            (meta["path"], meta["size"]) for page in obstore.list(self._store, _prefix(upload_id)) for meta in page
        )
        pieces: list[tuple[str, int]] = []
        expected = 0
        for path, size in listed:
            if int(path.rpartition("/")[2]) != expected:
                break
            pieces.append((path, size))
            expected += size
        return pieces


class ObjectMediaStore:
    """Whole files, as objects `media/<sha256>`."""

    def __init__(self, store: S3Store, parts: ObjectParts) -> None:
        self._store = store
        self._parts = parts

    def has(self, sha256: str) -> bool:
        """Return whether the file is kept."""
        try:
            obstore.head(self._store, _path(sha256))
        except FileNotFoundError:
            return False
        return True

    def size_bytes(self, sha256: str) -> int:
        """Return its length."""
        try:
            return int(obstore.head(self._store, _path(sha256))["size"])
        except FileNotFoundError as error:
            raise MediaGoneError(sha256) from error

    def read(self, sha256: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Give the bytes asked for."""
        size = self.size_bytes(sha256)
        stop = size if end is None else min(end, size)
        return self._ranges(sha256, start, stop)

    def put(self, sha256: str, data: bytes) -> None:
        """Keep `data`."""
        try:
            obstore.put(self._store, _path(sha256), data, mode="create", use_multipart=False)
        except (AlreadyExistsError, PreconditionError):
            return  # the same bytes, by their name

    def adopt(self, upload_id: str, sha256: str) -> None:
        """Put the pieces together under the file's name, then forget them."""
        if not self.has(sha256):
            data = b"".join(self._parts.read(upload_id))
            if hashlib.sha256(data).hexdigest() != sha256:
                raise MediaGoneError(sha256)
            self.put(sha256, data)
        self._parts.remove(upload_id)

    def remove(self, sha256: str) -> None:
        """Erase the file."""
        if self.has(sha256):
            obstore.delete(self._store, _path(sha256))

    def is_empty(self) -> bool:
        """Return whether nothing is listed."""
        return not any(obstore.list(self._store, "media/", chunk_size=1))

    def check(self) -> None:
        """List one name."""
        try:
            self.is_empty()
        except BaseError as error:
            raise OSError(f"the object store does not answer: {type(error).__name__}") from error

    def _ranges(self, sha256: str, start: int, stop: int) -> Iterator[bytes]:
        while start < stop:
            end = min(start + 4 * BLOCK_BYTES, stop)
            yield bytes(obstore.get_range(self._store, _path(sha256), start=start, end=end))
            start = end


def _path(sha256: str) -> str:
    return f"media/{sha256}"


def _prefix(upload_id: str) -> str:
    return f"uploads/{upload_id}/"
