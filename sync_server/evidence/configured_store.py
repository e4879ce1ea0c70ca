"""Which media store the settings ask for."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from sync_server.config import Config
from sync_server.evidence.local import LocalMediaStore, LocalParts
from sync_server.evidence.store import MediaStore, Parts


def open_media(config: Config) -> tuple[MediaStore, Parts]:
    """Open the folder or the object store of `config`, with the place of uploads under way."""
    url = urlsplit(config.media_url)
    if url.scheme == "s3":
        # Loading the object store's library takes a while, which a server on a folder need not spend.
        from sync_server.evidence.objects import ObjectMediaStore, ObjectParts, open_store  # noqa: PLC0415

        store = open_store(config.media_url, config.media_key_id, config.media_secret)
        pieces = ObjectParts(store)
        return ObjectMediaStore(store, pieces), pieces
    folder = Path(url.path) if url.scheme == "file" else config.data_dir / "media"
    parts = LocalParts(folder / "uploads")
    return LocalMediaStore(folder, parts), parts
