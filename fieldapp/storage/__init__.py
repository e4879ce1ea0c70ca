"""What the device keeps: TinyDB files written atomically, media by SHA-256, in a folder that survives the app."""

from fieldapp.storage.files import FileFolder
from fieldapp.storage.keeper import Keeper
from fieldapp.storage.media import FileMedia
from fieldapp.storage.store import TinyStore

__all__ = ["FileFolder", "FileMedia", "Keeper", "TinyStore"]
