"""What the device keeps: TinyDB files written atomically, media by SHA-256. The one door to TinyDB.

The folder itself is the platform's: `files.FileFolder` on a disk, `browser.BrowserFolder` in the browser.
"""

from fieldapp.storage.keeper import Keeper
from fieldapp.storage.media import FileMedia
from fieldapp.storage.store import TinyStore
from fieldapp.storage.takes import FileTakes

__all__ = ["FileMedia", "FileTakes", "Keeper", "TinyStore"]
