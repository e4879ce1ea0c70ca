"""What the device keeps: TinyDB files written atomically, media by SHA-256. The one door to TinyDB."""

from fieldapp.storage.files import FileFolder
from fieldapp.storage.keeper import Keeper
from fieldapp.storage.media import FileMedia
from fieldapp.storage.store import TinyStore

__all__ = ["FileFolder", "FileMedia", "Keeper", "TinyStore"]
